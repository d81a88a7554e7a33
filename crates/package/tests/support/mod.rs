//! Packages for tests: in zip files, in folders, and in the data beside the workspace.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod build;

use std::{
    cell::RefCell,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use lyceum_package::{Code, FileTree, MemoryTree, NameIndex, ReadError, Report, read_package};

/// Codes of a report's findings, each once.
pub(crate) fn codes(report: &Report) -> Vec<Code> {
    let mut codes: Vec<Code> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The report about a package with these files.
pub(crate) fn read(files: &[(&str, &str)]) -> Report {
    read_package(&MemoryTree::new(files.iter().copied()))
}

/// The data that is not part of the project, or `None` after saying so.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("LYCEUM_SHARED").map_or(beside, PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    #[allow(clippy::print_stderr, reason = "a test that is skipped has to say so")]
    {
        eprintln!("SKIPPED: ../shared not found");
    }
    None
}

/// A zip archive, read the simplest way.
pub(crate) struct ZipTree {
    archive: RefCell<zip::ZipArchive<File>>,
    names: Vec<String>,
    index: NameIndex,
}

impl ZipTree {
    /// `None` when it is no archive.
    pub(crate) fn open(path: &Path) -> Option<Self> {
        let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).ok()?;
        let mut names = Vec::new();
        for at in 0..archive.len() {
            let entry = archive.by_index(at).ok()?;
            if entry.is_file() {
                names.push(String::from_utf8_lossy(entry.name_raw()).into_owned());
            }
        }
        let index = NameIndex::new(names.iter().map(String::as_str));
        Some(Self { archive: RefCell::new(archive), names, index })
    }
}

impl FileTree for ZipTree {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.names.iter().map(String::as_str))
    }

    fn find(&self, path: &str) -> Option<&str> {
        self.index.find(path)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let mut archive = self.archive.borrow_mut();
        let damaged = |error: &dyn std::fmt::Display| ReadError::Damaged(error.to_string());
        let at = self.position(&mut archive, name).ok_or(ReadError::NotFound)?;
        let entry = archive.by_index(at).map_err(|error| damaged(&error))?;
        let mut bytes = Vec::new();
        entry.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes) }
    }

    fn size(&self, name: &str) -> Option<u64> {
        let mut archive = self.archive.borrow_mut();
        let at = self.position(&mut archive, name)?;
        archive.by_index(at).ok().map(|entry| entry.size())
    }
}

impl ZipTree {
    fn position(&self, archive: &mut zip::ZipArchive<File>, name: &str) -> Option<usize> {
        (0..archive.len()).find(|at| {
            archive.by_index_raw(*at).is_ok_and(|entry| String::from_utf8_lossy(entry.name_raw()) == name)
        })
    }
}

/// A folder on disk.
pub(crate) struct FolderTree {
    root: PathBuf,
    names: Vec<String>,
    index: NameIndex,
}

impl FolderTree {
    pub(crate) fn open(root: &Path) -> Self {
        let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
        let names: Vec<String> = files
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_str()?.replace('\\', "/")))
            .collect();
        let index = NameIndex::new(names.iter().map(String::as_str));
        Self { root: root.to_owned(), names, index }
    }
}

impl FileTree for FolderTree {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.names.iter().map(String::as_str))
    }

    fn find(&self, path: &str) -> Option<&str> {
        self.index.find(path)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.size(name) {
            None => Err(ReadError::NotFound),
            Some(size) if size > limit => Err(ReadError::TooLarge { limit }),
            Some(_) => fs::read(self.root.join(name)).map_err(|error| ReadError::Damaged(error.to_string())),
        }
    }

    fn size(&self, name: &str) -> Option<u64> {
        if !self.names.iter().any(|known| known == name) {
            return None;
        }
        fs::metadata(self.root.join(name)).ok().map(|data| data.len())
    }
}
