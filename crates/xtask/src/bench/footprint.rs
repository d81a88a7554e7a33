//! What it costs to have it running: start, memory, size, and what a learner's browser downloads before the course.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;

use super::figure::{Bar, Figure, median};
use super::http::{Address, Client};
use super::program::Program;
use super::tools::{Tools, sample_course};

/// How long the server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(3);

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let data = tools.folder("footprint")?;
    let player = {
        let program = Program::start(&tools.binary, &["play", &sample_course().to_string_lossy()], &data)?;
        player_bytes(program.text("launch_url")?)?
    };
    let mut starts = Vec::new();
    let mut memory = 0.0;
    for round in 0..tools.rounds.max(5) {
        let program = Program::start(&tools.binary, &["serve"], &data)?;
        starts.push(program.took.as_secs_f64() * 1e3);
        if round == 0 {
            std::thread::sleep(IDLE);
            memory = program.memory_mb()?;
        }
    }
    #[allow(clippy::cast_precision_loss)] // sizes of some megabytes
    let (binary, player) = (std::fs::metadata(&tools.binary)?.len() as f64 / 1e6, player as f64 / 1e3);
    Ok(vec![
        Figure::alone("start to ready", median(starts), "ms", Bar::AtMost(100.0)),
        Figure::alone("idle memory", memory, "MB", Bar::AtMost(50.0)),
        Figure::alone("stripped binary", binary, "MB", Bar::AtMost(60.0)),
        Figure::alone("player before the course starts, gzipped", player, "kB", Bar::None),
    ])
}

/// The player page and everything it names, and what those name in turn, as a browser with an empty cache gets it.
fn player_bytes(launch_url: &str) -> Result<usize> {
    let address = Address::parse(launch_url)?;
    let mut client = Client::connect(&address.authority)?;
    let redirect = client.get(&address.path, "")?.expect(303)?;
    let location = redirect.header("location").unwrap_or_default();
    let page = location.strip_prefix(&format!("http://{}", address.authority)).unwrap_or(location).to_owned();
    let (mut bytes, mut has_engine) = (0, false);
    let (mut seen, mut waiting) = (BTreeSet::from([page.clone()]), vec![page]);
    while let Some(path) = waiting.pop() {
        let packed = client.get(&path, "Accept-Encoding: gzip\r\n")?;
        if packed.status == 404 {
            continue; // a word in a script that only looks like a file
        }
        bytes += packed.expect(200)?.body.len();
        if path.ends_with(".wasm") {
            has_engine = true;
            continue;
        }
        let plain = client.get(&path, "")?.expect(200)?;
        let text = String::from_utf8_lossy(&plain.body).into_owned();
        waiting.extend(assets(&text, &path).into_iter().filter(|asset| seen.insert(asset.clone())));
    }
    anyhow::ensure!(has_engine, "the engine was not among the player's files: {seen:?}");
    Ok(bytes)
}

/// Addresses below `/player/` in a page, and relative files of a script or style sheet there.
fn assets(text: &str, of: &str) -> Vec<String> {
    let folder = of.rsplit_once('/').map_or("", |(folder, _)| folder);
    let quoted = text.split(['"', '\'', '`', '(', ')']);
    quoted
        .filter_map(|word| {
            let file = word.strip_prefix("./").filter(|_| folder.starts_with("/player/"));
            let beside = file.map(|file| format!("{folder}/{file}"));
            beside.or_else(|| word.starts_with("/player/").then(|| word.to_owned()))
        })
        .filter(|path| {
            path.rsplit('/')
                .next()
                .is_some_and(|name| name.contains('.') && !name.contains(char::is_whitespace))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::assets;

    #[test]
    fn finds_what_a_page_and_its_scripts_load() {
        let page = r#"<link href="/player/ab12/player.css"><script src="/player/ab12/main.js"></script><a href="/elsewhere.html">"#;
        assert_eq!(assets(page, "/play/token/"), ["/player/ab12/player.css", "/player/ab12/main.js"]);
        let script = r#"import { a } from "./api.js"; new URL('./engine.wasm', import.meta.url); say("./ is a folder")"#;
        assert_eq!(
            assets(script, "/player/ab12/main.js"),
            ["/player/ab12/api.js", "/player/ab12/engine.wasm"]
        );
        assert!(assets(script, "/play/token/").is_empty());
    }
}
