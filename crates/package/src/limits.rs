//! Bounds of what is read from a package. A package beyond one of them is refused with a diagnostic that
//! names the bound; nothing here is reached by courses that people make.

/// Bytes of one manifest file (an imsmanifest.xml with 50,000 items has about 15 MB).
pub const MAX_MANIFEST_BYTES: u64 = 32 * 1024 * 1024;

/// Activities of one course, over all organizations. The largest course that anyone uses for measuring has
/// 5,000; a table of contents of 50,000 is of no use to a learner.
pub const MAX_ITEMS: usize = 50_000;

/// Levels of items below an organization, or of blocks below a course.
pub const MAX_ITEM_DEPTH: usize = 64;

/// Levels of elements in an XML manifest (sequencing rules need about ten below their item).
pub const MAX_XML_DEPTH: usize = 256;

/// Nodes (elements, texts, comments) of an XML manifest.
pub const MAX_XML_NODES: u32 = 2_000_000;

/// Attributes of one XML element; the parser compares them pairwise.
pub const MAX_ATTRIBUTES_PER_ELEMENT: usize = 256;

/// Attributes in an XML manifest.
pub const MAX_ATTRIBUTES: usize = 2_000_000;

/// Distinct namespace prefixes in an XML manifest; the parser compares those in scope pairwise.
pub const MAX_NAMESPACE_PREFIXES: usize = 64;

/// Namespace declarations in an XML manifest.
pub const MAX_NAMESPACE_DECLARATIONS: usize = 200_000;

/// Entities that a DOCTYPE may declare.
pub const MAX_ENTITIES: usize = 256;

/// Bytes that all entity references of an XML manifest may expand to, by the most pessimistic reckoning.
pub const MAX_ENTITY_EXPANSION_BYTES: usize = 16 * 1024 * 1024;

/// Diagnostics with the same code; what is beyond is counted in one more.
pub const MAX_DIAGNOSTICS_PER_CODE: usize = 20;

/// Manifests inside of a manifest.
pub const MAX_SUBMANIFESTS: usize = 1_000;

/// XML files at the root that are opened in search of a SCORM 1.1 course structure, which may have any name.
pub const MAX_CSF_CANDIDATES: usize = 20;

/// Characters of a text (title, identifier) that are repeated in a message.
pub const MAX_QUOTED_CHARS: usize = 80;

/// Bytes of one address with its bases. Browsers and servers stop at about this length.
pub const MAX_HREF_BYTES: usize = 8 * 1024;

/// Bytes of all titles, addresses and other texts of a course's items. Only a manifest that includes parts of
/// itself again and again has more.
pub const MAX_ITEM_TEXT_BYTES: usize = 64 * 1024 * 1024;

/// XML nodes of sequencing definitions that are read for all items together, those of collections as often as
/// they are referred to.
pub const MAX_SEQUENCING_NODES: usize = 1_000_000;
