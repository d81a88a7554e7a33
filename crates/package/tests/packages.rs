//! The real packages beside the workspace are classified as their table says.

mod support;

use std::{collections::HashMap, fs, path::Path};

use lyceum_package::{Course, Report, Standard, read_manifest, read_package};
use support::{ZipTree, shared};

/// One row of the table, by the names of its columns.
type Row = HashMap<String, String>;

fn rows(table: &str) -> Vec<Row> {
    let mut lines = table.lines().map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().into_iter().flatten().collect();
    lines.map(|values| names.iter().cloned().zip(values).collect()).collect()
}

fn report(path: &Path) -> Option<Report> {
    let name = path.file_name()?.to_str()?;
    match name.ends_with(".xml") {
        true => Some(read_manifest(name, &fs::read(path).ok()?)),
        false => Some(read_package(&ZipTree::open(path)?)),
    }
}

/// The standards that the table's words stand for.
fn standards(words: &str) -> (Option<Standard>, Vec<Standard>) {
    let one = |word: &str| match word.trim() {
        "SCORM 1.1" => Standard::Scorm11,
        "SCORM 1.2" | "SCORM 1.2 (invalid)" => Standard::Scorm12,
        "SCORM 2004 2nd" | "SCORM 2004 2nd (CAM 1.3)" => Standard::Scorm2004Second,
        "SCORM 2004 3rd" => Standard::Scorm2004Third,
        "SCORM 2004 4th" => Standard::Scorm2004Fourth,
        "AICC" | "AICC (stub)" => Standard::Aicc,
        "xAPI" => Standard::Xapi,
        "cmi5" => Standard::Cmi5,
        other => panic!("{other}"),
    };
    if words.starts_with("none") {
        return (None, vec![]);
    }
    let mut all = words.split('+').map(one);
    (all.next(), all.collect())
}

#[test]
fn every_package_is_classified_as_the_table_says() {
    let Some(folder) = shared("packages") else { return };
    let table = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let rows = rows(&table);
    assert_eq!(rows.len(), 79);
    let wrong: Vec<String> = rows.iter().flat_map(|row| differences(&folder, row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(folder: &Path, row: &Row) -> Vec<String> {
    let file = &row["file"];
    let Some(report) = report(&folder.join(file)) else {
        // What is no archive never gets here; the archive says why.
        let is_expected = row["quirks"].contains("zip does not open");
        return if is_expected { vec![] } else { vec![format!("{file}: cannot be opened")] };
    };
    let summary = report.summary();
    let mut wrong = Vec::new();
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            wrong.push(format!("{file}: {what} is {found}, should be {expected}"));
        }
    };
    let (standard, also) = standards(&row["standard_edition"]);
    compare("standard", format!("{standard:?}"), format!("{:?}", summary.standard));
    compare("also", format!("{also:?}"), format!("{:?}", summary.also));
    let items = if row["items"].is_empty() { "0" } else { row["items"].as_str() };
    compare("items", items.to_owned(), summary.items.to_string());
    let scos = if row["scos_or_aus"].is_empty() { "0" } else { row["scos_or_aus"].as_str() };
    compare("scos", scos.to_owned(), report.course.as_ref().map_or(0, Course::sco_count).to_string());
    let quirks = &row["quirks"];
    // Without an organization the table names no launch file; the one resource is launched all the same.
    let launch =
        if quirks.contains("0 organizations") { "sso/launchpage.html" } else { row["launch_file"].as_str() };
    compare("launch", launch.to_owned(), summary.launch.clone().unwrap_or_else(|| "-".to_owned()));
    let is_damaged = quirks.starts_with("NEGATIVE") || row["standard_edition"].contains("stub");
    let lacks_launch = quirks.contains("launch file not in package") && !quirks.contains("backslash");
    let plays_in_part = file.contains("ItemWithNonExistentResourceId");
    compare("error", (is_damaged || lacks_launch).to_string(), report.errors().next().is_some().to_string());
    let is_launchable = plays_in_part || !(is_damaged || lacks_launch);
    compare("launchable", is_launchable.to_string(), summary.launchable.to_string());
    for diagnostic in &summary.diagnostics {
        let is_sentence = diagnostic.message.contains(' ') && diagnostic.message.ends_with('.');
        compare("a sentence", "true".to_owned(), is_sentence.to_string());
    }
    wrong
}
