//! Two little courses, and what they say.

use std::io;
use std::path::{Path, PathBuf};

use super::values::{Times, Values};

/// A course that the program carries: one SCO.
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    manifest: &'static str,
    pub(super) values: Values,
    pub(super) times: Times,
    pub(super) suspend_data: &'static str,
}

pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "SCORM 1.2",
        manifest: include_str!("scorm12.xml"),
        values: super::values::SCORM_12,
        times: super::values::TIMES_12,
        suspend_data: "cmi.suspend_data",
    },
    BuiltIn {
        name: "SCORM 2004",
        manifest: include_str!("scorm2004.xml"),
        values: super::values::SCORM_2004,
        times: super::values::TIMES_2004,
        suspend_data: "cmi.suspend_data",
    },
];

impl BuiltIn {
    /// Writes it as a folder.
    pub(super) fn write(&self, into: &Path) -> io::Result<PathBuf> {
        let folder = into.join(self.name.replace(' ', "-"));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("imsmanifest.xml"), self.manifest)?;
        std::fs::write(folder.join("index.html"), "<!doctype html><title>Self-test</title>")?;
        Ok(folder)
    }
}
