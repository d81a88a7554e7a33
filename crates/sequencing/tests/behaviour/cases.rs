//! The cases of `cases/*.txt`.
//!
//! `## title` begins a case; `edition`, `seed` and `globals end with the attempt` may follow, then the tree, then after
//! `--` the lines to play. A title names the paragraph of the book.

use crate::{outline, script::Play};
use lyceum_sequencing::Edition;

const FILES: [(&str, &str); 6] = [
    ("limits", include_str!("cases/limits.txt")),
    ("selection", include_str!("cases/selection.txt")),
    ("editions", include_str!("cases/editions.txt")),
    ("globals", include_str!("cases/globals.txt")),
    ("processes", include_str!("cases/processes.txt")),
    ("trace", include_str!("cases/trace.txt")),
];

#[test]
fn cases_come_out_as_the_book_says() {
    let (mut played, mut failures) = (0, Vec::new());
    for (file, text) in FILES {
        for case in text.split("\n## ").skip(1) {
            played += 1;
            if let Err(failure) = play(case) {
                failures.push(format!("{file}: {}\n  {failure}", case.lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {played} cases:\n{}", failures.len(), failures.join("\n"));
}

fn play(case: &str) -> Result<(), String> {
    let (head, lines) = case.split_once("\n--\n").expect("a case has a tree, -- and lines");
    let (mut edition, mut seed, mut globals_outlive) = (Edition::Fourth, 1, true);
    let mut outline = Vec::new();
    for line in head.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        match line {
            "edition 2" => edition = Edition::Second,
            "edition 3" => edition = Edition::Third,
            "globals end with the attempt" => globals_outlive = false,
            _ if line.starts_with("seed ") => seed = line["seed ".len()..].parse().expect("a seed"),
            _ => outline.push(line),
        }
    }
    let mut play = Play::new(outline::tree(edition, globals_outlive, &outline), seed);
    let wanted = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    lines.lines().filter(wanted).try_for_each(|line| play.line(line))
}
