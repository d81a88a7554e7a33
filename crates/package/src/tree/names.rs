use std::collections::{HashMap, HashSet};

use crate::href;

/// Finds files by the paths that courses write: exact, percent-decoded, or only different in case or in the
/// direction of slashes. Every lookup takes the same time however many files there are.
#[derive(Debug, Clone, Default)]
pub struct NameIndex {
    names: Vec<String>,
    exact: HashMap<String, usize>,
    folded: HashMap<String, usize>,
}

impl NameIndex {
    /// An index of these names. Of names that differ only in case the first one answers for all spellings but
    /// the exact ones.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        let mut seen = HashSet::new();
        for name in names {
            if seen.insert(name) {
                index.add(name);
            }
        }
        index
    }

    fn add(&mut self, name: &str) {
        let place = self.names.len();
        let path = href::forward_slashes(name);
        self.folded.entry(path.to_lowercase()).or_insert(place);
        self.exact.insert(path.into_owned(), place);
        self.names.push(name.to_owned());
    }

    /// The name of the file that is meant by a path; see [`FileTree::find`](super::FileTree::find).
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&str> {
        let path = href::forward_slashes(path);
        let decoded = href::percent_decode(&path);
        let place = self
            .exact
            .get(path.as_ref())
            .or_else(|| self.exact.get(decoded.as_ref()))
            .or_else(|| self.folded.get(&path.to_lowercase()))
            .or_else(|| self.folded.get(&decoded.to_lowercase()))?;
        Some(&self.names[*place])
    }
}
