//! The report about a package.

use lyceum_app::{CheckSummary, Finding, Severity};
use lyceum_package::Standard;

/// Width at which findings are broken into lines: what most terminals have, less the indent.
const WIDTH: usize = 96;

/// What it is, and what was found.
pub(crate) fn check(summary: &CheckSummary) -> String {
    let title = summary.title.as_deref().unwrap_or("(no title)");
    let standard = summary.standard.map_or("no standard that is known here", Standard::title);
    let also: Vec<&str> = summary.also.iter().copied().map(Standard::title).collect();
    let mut text = format!("{title}\n\n");
    let mut fact = |name: &str, value: &str| text.push_str(&format!("  {name:<10} {value}\n"));
    fact("Standard", standard);
    if !also.is_empty() {
        fact("Also", &also.join(", "));
    }
    if let Some(tool) = &summary.authoring_tool {
        fact("Made with", tool);
    }
    fact("Items", &summary.items.to_string());
    if let Some(launch) = &summary.launch {
        fact("Launches", launch);
    }
    fact("Verdict", if summary.launchable { "can be played" } else { "cannot be played" });
    if !summary.diagnostics.is_empty() {
        text.push('\n');
        text.push_str(&findings(summary));
    }
    text
}

/// The findings alone, worst first.
pub(crate) fn findings(summary: &CheckSummary) -> String {
    summary.diagnostics.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let place = finding.place.as_deref().map(|place| format!(" at {place}")).unwrap_or_default();
    let mut text = format!("  {word:<8} {}{place}\n", finding.code);
    for line in wrapped(&finding.message, WIDTH) {
        text.push_str(&format!("           {line}\n"));
    }
    text
}

/// Breaks at spaces; a word that is longer than a line stays whole.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is a line from the start");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use lyceum_app::{CheckSummary, Finding, Severity};
    use lyceum_package::Standard;

    use super::{check, wrapped};

    #[test]
    fn a_report_reads_well() {
        let summary = CheckSummary {
            standard: Some(Standard::Scorm12),
            also: vec![Standard::Cmi5],
            title: Some("A pot of tea".into()),
            authoring_tool: None,
            items: 1,
            launchable: true,
            launch: Some("index.html".into()),
            diagnostics: vec![Finding {
                severity: Severity::Warning,
                code: "manifest-in-folder".into(),
                message: "The manifest lies in a folder.".into(),
                place: Some("imsmanifest.xml:2:1".into()),
            }],
        };
        let expected = "A pot of tea

  Standard   SCORM 1.2
  Also       cmi5
  Items      1
  Launches   index.html
  Verdict    can be played

  warning  manifest-in-folder at imsmanifest.xml:2:1
           The manifest lies in a folder.
";
        assert_eq!(check(&summary), expected);
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrapped("one two three fourteen", 9), ["one two", "three", "fourteen"]);
        assert_eq!(wrapped("", 9), [""]);
    }
}
