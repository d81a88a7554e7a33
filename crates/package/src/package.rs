//! A package seen from the folder in which its course lies.

use crate::{
    FileTree, Launch, ReadError,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    limits::{MAX_HREF_BYTES, MAX_MANIFEST_BYTES},
};

/// The files of a package, and where in it the course lies.
#[derive(Clone, Copy)]
pub(crate) struct Package<'t> {
    pub(crate) tree: &'t dyn FileTree,
    /// Folder with a slash at the end, or empty.
    pub(crate) root: &'t str,
    /// Only the manifest was given: nothing can be said about other files.
    pub(crate) bare: bool,
}

/// A file that an address leads to.
pub(crate) struct Found<'t> {
    pub(crate) name: &'t str,
    /// What had to be tolerated to find it.
    pub(crate) tolerated: Option<Tolerated>,
}

/// How an address differs from the name of the file that it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tolerated {
    /// In case.
    Case,
    /// By `?` or `#` that belong to the name.
    Unescaped,
}

impl<'t> Package<'t> {
    /// The file that an address leads to, relative to the course's root. Query and fragment are cut off, unless
    /// the file's own name contains their signs.
    pub(crate) fn find(&self, address: &str) -> Option<Found<'t>> {
        let path = href::path_part(address);
        if let Some(name) = self.find_path(path) {
            let tolerated = self.differs_in_case(path, name).then_some(Tolerated::Case);
            return Some(Found { name, tolerated });
        }
        let has_query_or_fragment = path.len() < address.len();
        let name = has_query_or_fragment.then(|| self.find_path(address))??;
        Some(Found { name, tolerated: Some(Tolerated::Unescaped) })
    }

    fn find_path(&self, path: &str) -> Option<&'t str> {
        let full = href::normal_path(&format!("{}{path}", self.root));
        if full.is_empty() { None } else { self.tree.find(&full) }
    }

    fn differs_in_case(&self, path: &str, name: &str) -> bool {
        let full = href::normal_path(&format!("{}{path}", self.root));
        let decoded = href::percent_decode(&full);
        let name = href::forward_slashes(name);
        name != full && name != decoded && name.to_lowercase() == decoded.to_lowercase()
    }

    /// The content of a manifest, or a diagnostic that says why not.
    pub(crate) fn manifest(&self, name: &str, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        match self.tree.read(name, MAX_MANIFEST_BYTES) {
            Ok(bytes) => Some(bytes),
            Err(ReadError::TooLarge { limit }) => {
                diagnostics.add_at(
                    Code::ManifestTooLarge,
                    || name.to_owned(),
                    format!(
                        "The manifest has more than {limit} bytes, the most that is accepted. It was refused."
                    ),
                );
                None
            }
            Err(error) => {
                diagnostics.add_at(
                    Code::ManifestUnreadable,
                    || name.to_owned(),
                    format!("The manifest cannot be read: {error}. Pack the course again."),
                );
                None
            }
        }
    }

    /// What an address means: a file of the package or a place on the web. Findings go to `owner`, the words for
    /// what has this address ("Item \"x\""). Whether it can be opened is checked for the course as a whole.
    pub(crate) fn launch(
        &self,
        address: &str,
        owner: &str,
        place: &dyn Fn() -> String,
        diagnostics: &mut Diagnostics,
    ) -> Launch {
        if let Some(scheme) = href::scheme(address) {
            let external = matches!(scheme.as_str(), "http" | "https");
            return Launch { href: address.to_owned(), file: None, external };
        }
        let found = if self.bare { None } else { self.find(address) };
        let Some(found) = found else {
            return Launch { href: address.to_owned(), file: None, external: false };
        };
        let mut launch =
            Launch { href: address.to_owned(), file: Some(found.name.to_owned()), external: false };
        match found.tolerated {
            None => {}
            Some(Tolerated::Case) => diagnostics.add_at(
                Code::FileCaseDiffers,
                place,
                format!(
                    "{owner} launches {}, but the file is called {}. It plays here, but not on servers that \
                     distinguish upper and lower case: make the names equal.",
                    quoted(address),
                    quoted(found.name)
                ),
            ),
            Some(Tolerated::Unescaped) => {
                launch.href = address.replace('?', "%3F").replace('#', "%23");
                diagnostics.add_at(
                    Code::PathUnescaped,
                    place,
                    format!(
                        "{owner} launches {}, where ? or # is part of the file's name. It plays here; elsewhere it \
                         needs to be written as %3F or %23, or better avoided.",
                        quoted(address)
                    ),
                );
            }
        }
        launch
    }
}

/// An address with its base, unless it is absurdly long: repeated through nested bases, it could fill the memory.
pub(crate) fn joined(base: &str, address: &str) -> Option<String> {
    (base.len() + address.len() <= MAX_HREF_BYTES).then(|| href::join(base, address))
}
