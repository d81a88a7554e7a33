//! `cargo xtask docs`: the API documents build without a warning, what is written by programs is written, and every relative
//! link in the Markdown leads somewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::process::{self, cargo, root};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Open the API documents in a browser.
    #[arg(long)]
    open: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    write_elements()?;
    api(args.open)?;
    links()
}

/// The page of all data model elements, from the definitions that the engine runs on. A test of this crate notices when the
/// committed one is out of date.
const ELEMENTS: &str = "docs/cmi.md";

fn write_elements() -> Result<()> {
    let file = root().join(ELEMENTS);
    std::fs::write(&file, lyceum_cmi::markdown::write_markdown())
        .with_context(|| format!("writing {}", file.display()))
}

/// `cargo doc` for our own crates; a broken reference is an error.
pub(crate) fn api(open: bool) -> Result<()> {
    let mut command = cargo();
    command.args(["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"]);
    if open {
        command.arg("--open");
    }
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Checks the files that Markdown documents point to.
pub(crate) fn links() -> Result<()> {
    let documents = markdown(&root())?;
    let dead: Vec<String> =
        documents.iter().map(|file| dead_links(file)).collect::<Result<Vec<_>>>()?.concat();
    if !dead.is_empty() {
        bail!("links that lead nowhere:\n{}", dead.join("\n"));
    }
    println!("{} Markdown documents, no dead link", documents.len());
    Ok(())
}

/// The Markdown files that git knows or would add.
fn markdown(root: &Path) -> Result<Vec<PathBuf>> {
    let listed = process::command("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.md"])
        .output()
        .context("git lists the documents; is it installed?")?;
    let names = String::from_utf8(listed.stdout).context("file names are UTF-8")?;
    Ok(names.lines().map(|name| root.join(name)).filter(|file| file.is_file()).collect())
}

fn dead_links(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let folder = file.parent().context("a file lies in a folder")?;
    Ok(targets(&text)
        .filter(|target| {
            !target.contains("://") && !target.starts_with(['#', '/']) && !target.starts_with("mailto:")
        })
        .filter(|target| !folder.join(target.split('#').next().unwrap_or(target)).exists())
        .map(|target| format!("  {}: {target}", file.display()))
        .collect())
}

/// What stands between `](` and `)`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.trim())
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, targets};
    use crate::process::root;

    #[test]
    fn the_page_of_all_elements_is_up_to_date() {
        let written = std::fs::read_to_string(root().join(ELEMENTS)).unwrap_or_default();
        assert!(
            written == lyceum_cmi::markdown::write_markdown(),
            "{ELEMENTS} differs from the definitions: run `cargo xtask docs`"
        );
    }

    #[test]
    fn finds_what_links_point_to() {
        let text =
            "See [the map](ARCHITECTURE.md#map), ![shot]( docs/a.png ) and [site](https://example.org).";
        assert_eq!(
            targets(text).collect::<Vec<_>>(),
            ["ARCHITECTURE.md#map", "docs/a.png", "https://example.org"]
        );
    }
}
