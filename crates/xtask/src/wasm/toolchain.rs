//! Finds a compiler that can build for the browser: the one in use with rustup's target, else Debian's.

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

/// Builds the module and answers where it lies.
pub(super) fn build() -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--locked", "--profile", PROFILE, "--target", TARGET, "--package", PACKAGE]);
    build.env("CARGO_ENCODED_RUSTFLAGS", remapped_paths()?.join("\u{1f}"));
    if !has_target()? && !add_target() {
        use_debian(&mut build)?;
    }
    run(&mut build)?;
    Ok(target_dir().join(TARGET).join(PROFILE).join(MODULE))
}

/// `rustc 1.95.0 (...)`.
pub(super) fn compiler() -> Result<String> {
    Ok(rustc(&["--version"])?.trim().to_owned())
}

/// Messages of panics name source files; they must not name this machine's folders.
fn remapped_paths() -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let home = home.context("neither CARGO_HOME nor a home folder is known")?;
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    Ok(vec![remap(&root(), "lyceum"), remap(&home, "cargo")])
}

fn has_target() -> Result<bool> {
    let sysroot = PathBuf::from(rustc(&["--print", "sysroot"])?.trim());
    Ok(sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// Asks rustup for the target. False where there is no rustup, or it cannot fetch.
fn add_target() -> bool {
    find("rustup").is_some_and(|rustup| run(command(rustup).args(["target", "add", TARGET])).is_ok())
}

/// Debian ships the standard library as source only, so it is built along.
fn use_debian(build: &mut Command) -> Result<()> {
    if !Path::new(DEBIAN_RUSTC).exists() || find(DEBIAN_LINKER).is_none() {
        bail!(
            "no compiler for {TARGET}: `rustup target add {TARGET}`, or on Debian \
             `apt-get install rustc-web rust-web-src lld-19`"
        );
    }
    build.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    build.args(["-Z", "build-std=std,panic_abort"]);
    Ok(())
}

fn rustc(args: &[&str]) -> Result<String> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = command(program).args(args).output().context("cannot start rustc")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
