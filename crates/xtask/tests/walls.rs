//! The walls of the workspace: which crate may use which, where SQL may stand, what a pure crate may touch, and why each
//! dependency is there. The table is that of the design; a new crate is written down here before it compiles.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use source::{Line, code_lines, read, rust_files, workspace_root};

/// Crates of types and rules without I/O of their own: an edge may name what they define.
const TYPES: [&str; 5] = ["cmi", "sequencing", "attempt", "package", "xapi"];

/// Edges of the system. None may use another.
const EDGES: [&str; 4] = ["rest", "lrs", "web", "player"];

/// `no_std`, no clock, no I/O.
const PURE: [&str; 4] = ["cmi", "sequencing", "attempt", "xapi"];

/// What tests alone may use besides the fixtures: ADL's cases give the sequencer manifests and the content's calls.
const TESTED_WITH: [(&str, &str); 2] = [("sequencing", "cmi"), ("sequencing", "package")];

/// What each crate of the workspace may use, by folder name.
fn allowed(name: &str) -> Option<Vec<&'static str>> {
    let below_store: Vec<&str> = TYPES.into_iter().chain(["archive"]).collect();
    Some(match name {
        "cmi" | "sequencing" | "xapi" | "archive" => vec![],
        "attempt" | "package" => vec!["cmi", "sequencing"],
        "store" => vec!["attempt", "xapi", "package"],
        "app" => below_store.into_iter().chain(["store"]).collect(),
        "rest" | "lrs" | "web" | "player" => below_store.into_iter().chain(["app"]).collect(),
        "player-wasm" => vec!["attempt"],
        "lyceum" => below_store.into_iter().chain(["store", "app"]).chain(EDGES).collect(),
        // Automation and fixtures serve every crate and are part of none.
        "testkit" | "sim" | "xtask" => {
            below_store.into_iter().chain(["store", "app", "testkit", "sim"]).chain(EDGES).collect()
        }
        _ => return None,
    })
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(workspace_root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata describes the workspace")
}

/// Folder names of a package's dependencies inside the workspace, with their kind.
fn inside(package: &Package) -> Vec<(String, DependencyKind)> {
    package
        .dependencies
        .iter()
        .filter_map(|dependency| Some((dependency.path.as_ref()?.file_name()?.to_owned(), dependency.kind)))
        .collect()
}

fn folder(package: &Package) -> String {
    package
        .manifest_path
        .parent()
        .and_then(|folder| folder.file_name())
        .expect("a crate lies in a folder")
        .to_owned()
}

#[test]
fn crates_use_only_what_the_design_allows() {
    let mut wrong = Vec::new();
    for package in &metadata().packages {
        let name = folder(package);
        let Some(allowed) = allowed(&name) else {
            wrong.push(format!("crate `{name}` is not in the table of this test: decide what it may use"));
            continue;
        };
        for (used, kind) in inside(package) {
            let fixture = kind == DependencyKind::Development
                && (used == "testkit" || TESTED_WITH.contains(&(name.as_str(), used.as_str())));
            if !fixture && !allowed.contains(&used.as_str()) {
                wrong.push(format!("`{name}` uses `{used}` ({kind}): the design does not allow that edge"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn packages_are_named_after_their_folder() {
    for package in &metadata().packages {
        let name = folder(package);
        let expected =
            if matches!(name.as_str(), "lyceum" | "xtask") { name.clone() } else { format!("lyceum-{name}") };
        assert_eq!(package.name.as_str(), expected, "crates/{name}");
    }
}

/// Words that begin a statement, each with one that follows in it.
const STATEMENTS: [(&str, &str); 8] = [
    ("SELECT ", " FROM "),
    ("INSERT ", "INTO "),
    ("UPDATE ", " SET "),
    ("DELETE ", "FROM "),
    ("CREATE ", "TABLE "),
    ("ALTER ", "TABLE "),
    ("DROP ", "TABLE "),
    ("PRAGMA ", "="),
];

#[test]
fn sql_stands_only_in_the_store() {
    let mut found = Vec::new();
    for file in rust_files(&workspace_root().join("crates")) {
        let in_store = file.components().any(|part| part.as_os_str() == "store");
        // This test names the words; the anchor of the benchmarks is SQLite itself.
        let excepted = file.ends_with("tests/walls.rs") || file.ends_with("src/bench/sqlite.rs");
        if in_store || excepted {
            continue;
        }
        for Line { number, text } in code_lines(&read(&file)) {
            let upper = text.to_uppercase();
            if text.contains('"') && STATEMENTS.iter().any(|(verb, rest)| is_statement(&upper, verb, rest)) {
                found.push(format!("{}:{number}: {}", file.display(), text.trim()));
            }
        }
    }
    assert!(found.is_empty(), "SQL outside the store:\n{}", found.join("\n"));
    for package in &metadata().packages {
        let drivers = package
            .dependencies
            .iter()
            .filter(|d| matches!(d.name.as_str(), "rusqlite" | "postgres" | "tokio-postgres"));
        let allowed = matches!(folder(package).as_str(), "store" | "xtask" | "testkit");
        assert!(
            allowed || drivers.count() == 0,
            "`{}` uses a database driver: that is the store's",
            package.name
        );
    }
}

fn is_statement(line: &str, verb: &str, rest: &str) -> bool {
    line.find(verb).is_some_and(|at| {
        line[at + verb.len() - 1..].contains(rest) || line[at + verb.len()..].starts_with(rest)
    })
}

#[test]
fn a_statement_is_recognised() {
    assert!(is_statement("\"SELECT ID FROM COURSE\"", "SELECT ", " FROM "));
    assert!(is_statement("\"INSERT INTO COURSE\"", "INSERT ", "INTO "));
    assert!(!is_statement("\"SELECT A FILE\"", "SELECT ", " FROM "));
}

/// What only edges may touch: time, files, network, processes, environment, threads, randomness.
const OUTSIDE: [&str; 13] = [
    "std::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "getrandom",
    "now_v7",
    "new_v4",
    "println!",
    "eprintln!",
    "extern crate std",
    "js_sys::Date",
];

#[test]
fn pure_crates_touch_nothing_outside() {
    for name in PURE {
        let folder = workspace_root().join("crates").join(name);
        if !folder.is_dir() {
            continue; // not begun yet
        }
        let lib = read(&folder.join("src/lib.rs"));
        assert!(lib.contains("#![no_std]"), "crates/{name} must be no_std");
        assert!(lib.contains("#![forbid(unsafe_code)]"), "crates/{name} must forbid unsafe code");
        for file in rust_files(&folder.join("src")) {
            for Line { number, text } in code_lines(&read(&file)) {
                let touched = OUTSIDE.iter().find(|word| text.contains(*word));
                assert!(touched.is_none(), "{}:{number}: a pure crate uses {touched:?}", file.display());
            }
        }
    }
}

#[test]
fn package_reading_has_no_clock_and_opens_nothing() {
    const BANNED: [&str; 7] =
        ["std::fs", "std::net", "std::process", "std::env", "std::time", "std::thread", "SystemTime"];
    for file in rust_files(&workspace_root().join("crates/package/src")) {
        for Line { number, text } in code_lines(&read(&file)) {
            let touched = BANNED.iter().find(|word| text.contains(*word));
            assert!(
                touched.is_none(),
                "{}:{number}: package reads a file tree that it is given, not {touched:?}",
                file.display()
            );
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for package in &metadata().packages {
        let manifest = read(package.manifest_path.as_std_path());
        // The binding generator's expansion allows unsafe code for itself, which `forbid` would not let it: there it is denied.
        let binds =
            package.name.as_str() == "lyceum-player-wasm" && manifest.contains("unsafe_code = \"deny\"");
        assert!(
            binds || manifest.contains("[lints]\nworkspace = true"),
            "{} does not take the workspace's lints",
            package.name
        );
    }
    assert!(read(&workspace_root().join("Cargo.toml")).contains("unsafe_code = \"forbid\""));
}

/// The lines of `[workspace.dependencies]`: name and the rest of the line.
fn workspace_dependencies() -> BTreeMap<String, String> {
    let manifest = read(&workspace_root().join("Cargo.toml"));
    let section =
        manifest.split("[workspace.dependencies]").nth(1).expect("the root manifest lists the dependencies");
    let section = section.split("\n[").next().unwrap_or(section);
    section
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once('=').expect("one dependency a line"))
        .map(|(name, rest)| (name.trim().to_owned(), rest.trim().to_owned()))
        .collect()
}

#[test]
fn every_dependency_says_why_and_is_used() {
    let listed = workspace_dependencies();
    for (name, rest) in listed.iter().filter(|(_, rest)| !rest.contains("path =")) {
        let reason = rest.split_once('#').map(|(_, reason)| reason.trim()).unwrap_or_default();
        assert!(!reason.is_empty(), "`{name}` in the root manifest does not say why it is used");
    }
    let used: BTreeSet<String> = metadata()
        .packages
        .iter()
        .flat_map(|package| package.dependencies.iter().map(|d| d.name.clone()))
        .collect();
    let unused: Vec<&String> = listed.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "listed in the root manifest and used by no crate: {unused:?}");
}

#[test]
fn crates_take_versions_from_the_workspace() {
    for package in &metadata().packages {
        let manifest = read(package.manifest_path.as_std_path());
        for section in ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"] {
            let lines = manifest
                .split(section)
                .nth(1)
                .map(|rest| rest.split("\n[").next().unwrap_or(rest))
                .unwrap_or_default();
            for line in
                lines.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
            {
                let shared = line.contains(".workspace = true") || line.contains("workspace = true");
                assert!(shared, "{}: `{line}` has a version of its own", package.name);
            }
        }
    }
}

#[test]
fn dependencies_come_from_the_registry_only() {
    let lock = read(&workspace_root().join("Cargo.lock"));
    let foreign: Vec<&str> =
        lock.lines().filter(|line| line.starts_with("source = ") && !line.contains("\"registry+")).collect();
    assert!(foreign.is_empty(), "dependencies from elsewhere than the registry: {foreign:?}");
}
