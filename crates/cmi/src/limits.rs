//! Bounds that keep a hostile course from exhausting memory. All lie far above what the standards
//! require a system to accept, and above what courses in the field send.

/// Longest element name that is looked at, in bytes. A choice target may itself be 4,000 characters.
pub const MAX_ELEMENT_BYTES: usize = 20_000;

/// Longest single value, in bytes. The standards' largest is 64,000 characters.
pub const MAX_VALUE_BYTES: usize = 4 * 1024 * 1024;

/// Longest text that `cmi.comments` of SCORM 1.1 and 1.2 grows to, in bytes: each call costs the whole of it. The standard's type
/// holds 4,096 characters.
pub const MAX_COMMENTS_BYTES: usize = 64 * 1024;

/// Most records in one collection (interactions, objectives, comments). The standards require 250.
pub const MAX_RECORDS: usize = 20_000;

/// Most entries in a collection inside a record (correct responses, objectives of an interaction).
/// The standards require 10.
pub const MAX_NESTED: usize = 250;

/// Most vendor elements that are kept where a course may have them.
pub const MAX_EXTENSIONS: usize = 1_000;

/// Most memory that one model may take, in bytes, counting values and a fixed cost per record.
pub const MAX_MODEL_BYTES: usize = 16 * 1024 * 1024;

/// What one record counts against [`MAX_MODEL_BYTES`] beside its values.
pub(crate) const RECORD_COST: usize = 256;

/// What one value counts against [`MAX_MODEL_BYTES`] beside its text.
pub(crate) const VALUE_COST: usize = 32;

/// Longest text of `GetDiagnostic` and `GetErrorString`, in characters (RTE 2004 3.1.5: 255).
pub(crate) const MAX_DIAGNOSTIC_CHARS: usize = 254;
