use std::path::PathBuf;

/// The folder of third-party test data beside the project, or `None` with a loud remark.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LYCEUM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: ../shared not found ({path})");
    None
}
