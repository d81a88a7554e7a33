//! The files of a folder, by their path in the course.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::PackError;
use crate::name::is_junk;

/// Folders of version control. Other hidden files may belong to the course.
const VERSION_CONTROL: [&str; 3] = [".git", ".svn", ".hg"];

/// Something that was left out of the package.
#[derive(Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it lies.
    pub path: PathBuf,
    /// A sentence for people.
    pub reason: &'static str,
}

/// All files below `folder` with their paths in the course, sorted by these.
pub(super) fn files(
    folder: &Path,
    skipped: &mut Vec<Skipped>,
) -> Result<BTreeMap<String, PathBuf>, PackError> {
    let mut files = BTreeMap::new();
    let mut open = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = open.pop() {
        let failed = |error| PackError::Read { path: folder.clone(), error };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| PackError::Read { path: path.clone(), error })?;
            let mut skip = |reason| skipped.push(Skipped { path: path.clone(), reason });
            let Ok(name) = entry.file_name().into_string() else {
                skip("its name is not Unicode");
                continue;
            };
            let course_path = format!("{prefix}{name}");
            if VERSION_CONTROL.contains(&name.as_str()) || is_junk(&name) {
                continue;
            } else if kind.is_dir() {
                open.push((course_path + "/", path));
            } else if kind.is_file() {
                files.insert(course_path, path);
            } else if kind.is_symlink() {
                skip("it is a link; a course contains only files and folders");
            } else {
                skip("it is a device, pipe or socket");
            }
        }
    }
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
