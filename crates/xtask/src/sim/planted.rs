//! Bugs on purpose: patches of the real code, each of which the simulation must find.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, root, target_dir};

/// Where the patches lie.
const PATCHES: &str = "crates/sim/planted";

/// All patches, by name.
pub(crate) fn patches() -> Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(root().join(PATCHES))?.flatten().map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|extension| extension == "patch"));
    all.sort();
    Ok(all)
}

/// Plants one after the other, and prints a line of the table in `docs/sim.md` for each.
pub(super) fn find_all(first_seed: u64, seeds: u64, only: Option<&str>) -> Result<()> {
    let copy = Copy::make()?;
    println!("| bug | seeds until found | by |\n|---|---|---|");
    let mut missed = Vec::new();
    for patch in patches()? {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if only.is_some_and(|only| !name.contains(only)) {
            continue;
        }
        copy.git(&["apply", &patch.to_string_lossy()]).with_context(|| format!("planting {name}"))?;
        let found = copy.run(first_seed, seeds);
        copy.git(&["apply", "--reverse", &patch.to_string_lossy()])?;
        match found? {
            Some((seed, invariant)) => println!("| {name} | {} | {invariant} |", seed - first_seed + 1),
            None => missed.push(name),
        }
    }
    ensure!(missed.is_empty(), "not found within {seeds} seeds: {}", missed.join(", "));
    Ok(())
}

/// A copy of the tracked sources; what is built of it is kept between the bugs.
struct Copy {
    root: PathBuf,
}

impl Copy {
    fn make() -> Result<Self> {
        let here = target_dir().join("planted");
        let copy = Self { root: here.join("sources") };
        if copy.root.exists() {
            fs::remove_dir_all(&copy.root)?;
        }
        fs::create_dir_all(&copy.root)?;
        for path in tracked()? {
            let to = copy.root.join(&path);
            fs::create_dir_all(to.parent().unwrap_or(&copy.root))?;
            fs::copy(root().join(&path), &to).with_context(|| format!("copying {}", path.display()))?;
        }
        Ok(copy)
    }

    /// The copy is in no repository, also where the target folder is in ours.
    fn git(&self, args: &[&str]) -> Result<()> {
        let status = Command::new("git")
            .current_dir(&self.root)
            .env("GIT_CEILING_DIRECTORIES", self.root.parent().unwrap_or(&self.root))
            .args(args)
            .status();
        ensure!(status.context("git is needed to plant bugs")?.success(), "`git {}` failed", args.join(" "));
        Ok(())
    }

    /// The first seed in which something does not hold, and the invariant's name.
    fn run(&self, first_seed: u64, seeds: u64) -> Result<Option<(u64, String)>> {
        let mut command = cargo();
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", target_dir().join("planted/target"));
        command.args(["run", "--quiet", "--locked", "--package", "lyceum-sim", "--", "--stop"]);
        command.args(["--first-seed", &first_seed.to_string(), "--seeds", &seeds.to_string()]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let mut violations = said.lines().filter_map(|line| line.strip_prefix("seed ")?.split_once(": "));
        match violations.next() {
            Some((seed, rest)) => {
                let others = violations.filter(|(other, _)| *other == seed).map(|(_, rest)| rest);
                let names = std::iter::once(rest).chain(others).filter_map(|rest| rest.split(':').next());
                let names: BTreeSet<String> = names.map(|name| format!("`{name}`")).collect();
                Ok(Some((seed.parse()?, names.into_iter().collect::<Vec<_>>().join(", "))))
            }
            None if output.status.success() => Ok(None),
            None => bail!("the simulation did not come to its end: {said}"),
        }
    }
}

/// Files that git knows, below the root.
fn tracked() -> Result<Vec<PathBuf>> {
    let output =
        crate::process::command("git").args(["ls-files", "-z"]).output().context("git lists the sources")?;
    let names = String::from_utf8(output.stdout)?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(|name| Path::new(name).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_still_applies() {
        let all = patches().unwrap();
        assert!(all.len() >= 10, "{all:?}");
        for patch in all {
            let text = fs::read_to_string(&patch).unwrap();
            let mut file = String::new();
            for (n, hunk) in text.split("\n@@ ").enumerate() {
                let before = before(hunk);
                let is_there = n == 0 || !before.is_empty() && file.contains(&before);
                assert!(is_there, "{}: these lines are not there any more:\n{before}", patch.display());
                if let Some(name) = hunk.lines().find_map(|line| line.strip_prefix("+++ b/")) {
                    file = fs::read_to_string(root().join(name)).unwrap();
                }
            }
        }
    }

    /// The lines that a hunk expects, without those of the next file's head.
    fn before(hunk: &str) -> String {
        let body =
            hunk.lines().skip(1).take_while(|line| !line.starts_with("diff ") && !line.starts_with("--- a/"));
        let expected =
            body.filter(|line| !line.starts_with('+')).map(|line| line.get(1..).unwrap_or_default());
        expected.collect::<Vec<_>>().join("\n")
    }
}
