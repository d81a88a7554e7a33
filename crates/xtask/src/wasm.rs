//! `cargo xtask wasm`: builds the engine for the browser and writes it, with its bindings, beside the player's front-end
//! files. The result is committed, so that nobody needs a WebAssembly toolchain to build or run the program.

mod sources;
mod toolchain;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use sources::{fingerprint, record_line, recorded};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{command, find, root, run as run_command};

/// Where the asset lies, below the workspace root.
const ASSETS: &str = "crates/player/assets";
/// File name of the asset without its ending; the front-end modules import it.
const NAME: &str = "lyceum_player";
/// Says what the asset was built from.
const RECORD: &str = "SOURCES";

/// Stands in the record in the place of wasm-opt.
const NOT_OPTIMIZED: &str = "not optimized";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build nothing: only say whether the committed asset belongs to the present sources.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let sources = fingerprint(&root()).context("reading the sources of the engine")?;
    if args.check {
        return check(&sources);
    }
    let toolchain::Built { module, compiler, is_optimizable } = toolchain::build()?;
    let assets = root().join(ASSETS);
    std::fs::create_dir_all(&assets)?;
    bind(&module, &assets)?;
    let wasm = assets.join(format!("{NAME}_bg.wasm"));
    let optimizer = if is_optimizable { optimize(&wasm)? } else { NOT_OPTIMIZED.to_owned() };
    let bytes = std::fs::metadata(&wasm)?.len();
    let record = format!(
        "# Written by `cargo xtask wasm`; a test of crates/player compares the first line with the sources.\n{}\n{compiler}\n{optimizer}\n{bytes} bytes\n",
        record_line(&sources)
    );
    std::fs::write(assets.join(RECORD), record)?;
    println!("{}: {bytes} bytes", wasm.strip_prefix(root()).unwrap_or(&wasm).display());
    Ok(())
}

fn check(sources: &str) -> Result<()> {
    let record = std::fs::read_to_string(root().join(ASSETS).join(RECORD)).unwrap_or_default();
    if recorded(&record) != Some(sources) {
        bail!("{ASSETS} was built from other sources; `cargo xtask wasm` builds it anew");
    }
    println!("{ASSETS} belongs to the present sources");
    Ok(())
}

/// Writes the bindings and the module with its bindings' sections removed.
fn bind(module: &Path, assets: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(assets)
        .context("generating the bindings; is `wasm-bindgen` the same version as `wasm-bindgen-cli-support`?")
}

/// A few percent less to download, where Binaryen is installed. Answers what did it, for the record.
fn optimize(wasm: &Path) -> Result<String> {
    let Some(program) = find("wasm-opt") else {
        println!("wasm-opt is not installed; the module stays as it is (some percent larger)");
        return Ok(NOT_OPTIMIZED.to_owned());
    };
    let smaller: PathBuf = wasm.with_extension("opt");
    run_command(command(&program).args(["-Os", "--all-features", "-o"]).arg(&smaller).arg(wasm))?;
    std::fs::rename(&smaller, wasm)?;
    let version = command(&program).arg("--version").output()?.stdout;
    Ok(String::from_utf8_lossy(&version).trim().to_owned())
}
