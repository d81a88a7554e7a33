//! Tells whether the committed WebAssembly was built from the present sources.
//!
//! `cargo xtask wasm` writes [`fingerprint`] beside the asset, a test of the player compares it with the sources. Both use
//! this one function.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// Folders of the crates that the WebAssembly consists of.
const CRATES: [&str; 4] = ["crates/cmi", "crates/sequencing", "crates/attempt", "crates/player-wasm"];

/// The package whose dependencies in the lock file count.
const PACKAGE: &str = "lyceum-player-wasm";

/// Begins the line of the record that holds the fingerprint.
const KEY: &str = "sources ";

/// SHA-256 over everything that decides what the WebAssembly does: the sources and manifests of its crates, the profile it
/// is built with, and the versions of what it depends on. Line ends do not count.
///
/// # Errors
/// When a file cannot be read.
pub fn fingerprint(workspace: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    for file in files(workspace)? {
        let name = file.strip_prefix(workspace).unwrap_or(&file);
        let name: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        part(&mut hash, &name.join("/"), &std::fs::read_to_string(&file)?);
    }
    part(&mut hash, "profile", &profile(&std::fs::read_to_string(workspace.join("Cargo.toml"))?));
    part(&mut hash, "versions", &versions(&std::fs::read_to_string(workspace.join("Cargo.lock"))?));
    Ok(hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// The fingerprint that a record beside the asset names.
#[must_use]
pub fn recorded(record: &str) -> Option<&str> {
    record.lines().find_map(|line| line.strip_prefix(KEY)).map(str::trim)
}

/// The line of a record that names a fingerprint.
#[must_use]
pub fn record_line(fingerprint: &str) -> String {
    format!("{KEY}{fingerprint}")
}

fn part(hash: &mut Sha256, name: &str, text: &str) {
    let text = text.replace("\r\n", "\n");
    hash.update(format!("{name}\n{}\n", text.len()));
    hash.update(text);
}

fn files(workspace: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in CRATES {
        files.push(workspace.join(folder).join("Cargo.toml"));
        for entry in WalkDir::new(workspace.join(folder).join("src")).sort_by_file_name() {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                files.push(entry.into_path());
            }
        }
    }
    Ok(files)
}

/// The lines of the profile that the WebAssembly is built with.
fn profile(manifest: &str) -> String {
    let from = manifest.lines().skip_while(|line| line.trim() != "[profile.wasm]");
    let lines = from.take_while(|line| line.trim() == "[profile.wasm]" || !line.starts_with('['));
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Name and version of every package that the WebAssembly depends on, one a line.
fn versions(lock: &str) -> String {
    let packages = packages(lock);
    let mut reached = BTreeSet::new();
    let mut next = vec![PACKAGE];
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(packages.get(name).into_iter().flat_map(|package| &package.dependencies));
        }
    }
    let foreign = reached.iter().filter_map(|name| Some((name, packages.get(name)?.version?)));
    foreign.map(|(name, version)| format!("{name} {version}")).collect::<Vec<_>>().join("\n")
}

/// What a lock file says of a package. Our own crates have no version of interest.
#[derive(Default)]
struct Locked<'a> {
    version: Option<&'a str>,
    dependencies: Vec<&'a str>,
}

/// Reads a lock file, as far as it is needed here. Of a package in two versions the last one counts.
fn packages(lock: &str) -> BTreeMap<&str, Locked<'_>> {
    let mut packages = BTreeMap::new();
    for block in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
        };
        let Some(name) = value("name") else { continue };
        let is_foreign = value("source").is_some();
        let dependencies = block.lines().filter_map(|line| {
            let inside = line.strip_prefix(" \"")?.strip_suffix("\",")?;
            inside.split(' ').next()
        });
        let locked =
            Locked { version: value("version").filter(|_| is_foreign), dependencies: dependencies.collect() };
        packages.insert(name, locked);
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "lyceum-player-wasm"
version = "0.1.0"
dependencies = [
 "serde 1.0.1",
 "lyceum-attempt",
]

[[package]]
name = "lyceum-attempt"
version = "0.1.0"
dependencies = [
 "libm",
]

[[package]]
name = "libm"
version = "0.2.9"
source = "registry"

[[package]]
name = "serde"
version = "1.0.1"
source = "registry"

[[package]]
name = "tokio"
version = "1.0.0"
source = "registry"
"#;

    #[test]
    fn only_what_the_asset_depends_on_counts() {
        assert_eq!(versions(LOCK), "libm 0.2.9\nserde 1.0.1");
    }

    #[test]
    fn the_profile_ends_where_the_next_section_begins() {
        let manifest = "[profile.release]\nlto = true\n# why\n[profile.wasm]\nopt-level = \"s\"\n\n# note\nlto = \"fat\"\n[x]\na = 1\n";
        assert_eq!(profile(manifest), "[profile.wasm]\nopt-level = \"s\"\nlto = \"fat\"");
    }

    #[test]
    fn a_record_gives_back_its_fingerprint() {
        let record = format!("# about\n{}\nrustc 1\n", record_line("ab12"));
        assert_eq!(recorded(&record), Some("ab12"));
        assert_eq!(recorded("# nothing"), None);
    }
}
