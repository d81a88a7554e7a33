use std::collections::BTreeMap;

use super::{FileTree, NameIndex, ReadError};

/// A package whose files lie in memory: a bare manifest, or a test.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, Vec<u8>>,
    index: NameIndex,
}

impl MemoryTree {
    /// A package with these files.
    pub fn new<N: Into<String>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, C)>) -> Self {
        let files: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(name, content)| (name.into(), content.into())).collect();
        let index = NameIndex::new(files.keys().map(String::as_str));
        Self { files, index }
    }
}

impl FileTree for MemoryTree {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.files.keys().map(String::as_str))
    }

    fn find(&self, path: &str) -> Option<&str> {
        self.index.find(path)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let content = self.files.get(name).ok_or(ReadError::NotFound)?;
        if content.len() as u64 > limit {
            return Err(ReadError::TooLarge { limit });
        }
        Ok(content.clone())
    }

    fn size(&self, name: &str) -> Option<u64> {
        self.files.get(name).map(|content| content.len() as u64)
    }
}
