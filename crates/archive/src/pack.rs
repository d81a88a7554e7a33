//! A folder as a course: packed into a zip, always the same one for the same content.

mod folder;
mod writer;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use folder::Skipped;
use writer::ZipWriter;

/// What [`pack_folder`] packed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Number of files.
    pub files: u64,
    /// Their sizes together, in bytes.
    pub bytes: u64,
    /// What was left out although it is no known leftover of a tool, and why.
    pub skipped: Vec<Skipped>,
}

/// Why a folder cannot be packed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// A file changed its length or content between the two times it was read.
    #[error("{} changed while it was packed; try again when nothing writes to the folder", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// No files at all.
    #[error("{} contains no files", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The zip cannot be written.
    #[error("the package cannot be written: {0}")]
    Write(#[source] io::Error),
}

/// Text is deflated up to this size in bytes, in memory; larger files are stored as they are.
const DEFLATE_LIMIT: u64 = 64 << 20;

/// Extensions of text, and of the few other formats that are not compressed in themselves and wanted whole.
const DEFLATED: [&str; 32] = [
    "au", "cmp", "crs", "css", "cst", "csv", "des", "dtd", "eot", "htm", "html", "ini", "js", "json", "less",
    "map", "md", "mjs", "ort", "otf", "pre", "rtf", "scss", "srt", "svg", "ttf", "txt", "vtt", "wasm",
    "xhtml", "xml", "xsd",
];

/// Writes the files below `folder` to `out` as a zip: sorted by path, without times, text deflated and everything else
/// stored, so that equal content gives equal bytes on every machine with this version. Leftovers of tools (`.git`,
/// `.svn`, `.hg`, `.DS_Store`, `__MACOSX`, `Thumbs.db`, `desktop.ini`) are left out; links and special files too, but
/// those are reported.
pub fn pack_folder(folder: &Path, out: impl Write) -> Result<Packed, PackError> {
    let mut packed = Packed::default();
    let files: BTreeMap<String, PathBuf> = folder::files(folder, &mut packed.skipped)?;
    if files.is_empty() {
        return Err(PackError::Empty { path: folder.into() });
    }
    let mut zip = ZipWriter::new(out);
    for (name, path) in &files {
        let deflate = name.rsplit_once('.').is_some_and(|(_, extension)| {
            DEFLATED.binary_search(&extension.to_ascii_lowercase().as_str()).is_ok()
        });
        packed.bytes += zip.add(name, path, deflate.then_some(DEFLATE_LIMIT))?;
        packed.files += 1;
    }
    zip.finish().map_err(PackError::Write)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_sorted_for_the_search() {
        assert!(DEFLATED.is_sorted());
    }
}
