//! The packages that commands import.

use std::path::Path;

use lyceum_app::{ImportError, ImportSource};

use crate::failure::Failure;
use crate::show;

/// Where a course comes from that was named on the command line.
pub(super) fn source(course: &Path) -> Result<ImportSource, Failure> {
    if course.is_dir() {
        Ok(ImportSource::Folder(course.to_owned()))
    } else if course.is_file() {
        Ok(ImportSource::File(course.to_owned()))
    } else {
        Err(Failure::wrong_usage(format!("there is no {}", course.display())))
    }
}

/// Why it was not imported, with what was found in the package.
pub(super) fn refused(error: &ImportError) -> Failure {
    let found = error.summary().map(show::findings).unwrap_or_default();
    Failure::failed(format!("{error}\n{found}").trim_end().to_owned())
}
