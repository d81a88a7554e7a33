//! Where the shared test data lies.

use std::path::PathBuf;

/// A file of the shared data; `None`, said loudly, when there is none on this machine.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LYCEUM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join(path);
    if !file.exists() {
        println!("SKIPPED: ../shared not found ({path})");
        return None;
    }
    Some(file)
}
