//! Finds a compiler that can build for the browser, and builds with it.
//!
//! The small way compiles the standard library along, without the machinery that prints panics: a panic ends the engine
//! either way. It needs the library's sources (rustup's `rust-src`, or Debian's packages) and a switch that the compiler
//! calls unstable. Where the sources cannot be had, the ready-made library does the same in some more bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{cargo, command, find, root, run, target_dir};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm";
const PACKAGE: &str = "lyceum-player-wasm";
const MODULE: &str = "lyceum_player_wasm.wasm";

/// Debian's compiler and linker: packages `rustc-web`, `rust-web-src` and `lld-19`.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-19";

/// How the module is built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With the toolchain in use, the standard library from source.
    Small,
    /// With the toolchain in use and its ready-made standard library.
    ReadyMade,
    /// With Debian's compiler, the standard library from source.
    Debian,
}

/// A module as the compiler left it.
pub(super) struct Built {
    pub(super) module: PathBuf,
    /// What made it, for the record.
    pub(super) compiler: String,
    /// Whether wasm-opt may have it. Old ones, Debian's among them, spoil modules with reference types, and the ready-made
    /// library brings these in.
    pub(super) is_optimizable: bool,
}

pub(super) fn build() -> Result<Built> {
    let way = way()?;
    let mut build = cargo();
    build.args(["build", "--locked", "--profile", PROFILE, "--target", TARGET, "--package", PACKAGE]);
    let mut flags = remapped_paths()?;
    if way != Way::ReadyMade {
        build.args(["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
        build.env("RUSTC_BOOTSTRAP", "1");
        let small = [
            "-Ctarget-feature=-reference-types",
            "-Zunstable-options",
            "-Cpanic=immediate-abort",
            "-Zlocation-detail=none",
        ];
        flags.extend(small.map(str::to_owned));
    }
    if way == Way::Debian {
        build.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    }
    run(build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")))?;
    Ok(Built {
        module: target_dir().join(TARGET).join(PROFILE).join(MODULE),
        compiler: rustc(way, &["--version"])?.trim().to_owned(),
        is_optimizable: way != Way::ReadyMade,
    })
}

fn way() -> Result<Way> {
    let library = PathBuf::from(rustc(Way::Small, &["--print", "sysroot"])?.trim()).join("lib/rustlib");
    if library.join("src/rust/library/std").is_dir() || rustup(&["component", "add", "rust-src"]) {
        return Ok(Way::Small);
    }
    if library.join(TARGET).join("lib").is_dir() || rustup(&["target", "add", TARGET]) {
        println!(
            "the sources of the standard library are not installed; the module gets larger than it need be"
        );
        return Ok(Way::ReadyMade);
    }
    if Path::new(DEBIAN_RUSTC).exists() && find(DEBIAN_LINKER).is_some() {
        return Ok(Way::Debian);
    }
    bail!(
        "no compiler for {TARGET}: `rustup component add rust-src`, or `rustup target add {TARGET}`, or on Debian \
         `apt-get install rustc-web rust-web-src lld-19`"
    )
}

/// Asks rustup for something. False where there is no rustup, or it cannot fetch.
fn rustup(args: &[&str]) -> bool {
    find("rustup").is_some_and(|rustup| run(command(rustup).args(args)).is_ok())
}

/// Messages and debug information name source files; they must not name this machine's folders.
fn remapped_paths() -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let home = home.context("neither CARGO_HOME nor a home folder is known")?;
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    Ok(vec![remap(&root(), "lyceum"), remap(&home, "cargo")])
}

fn rustc(way: Way, args: &[&str]) -> Result<String> {
    let in_use = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let program = if way == Way::Debian { DEBIAN_RUSTC.into() } else { in_use };
    let output = Command::output(command(program).args(args)).context("cannot start rustc")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
