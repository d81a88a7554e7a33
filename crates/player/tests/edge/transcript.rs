//! Reads the files of exchanges.

/// A request and the answer that must come.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// Line in the file, from 1.
    pub(crate) line: usize,
    /// Changes to the world, without the `!`.
    pub(crate) changes: Vec<String>,
    /// Method and target, headers, an empty line, the body.
    pub(crate) request: String,
    /// Status, headers in alphabetical order, an empty line, the body.
    pub(crate) answer: String,
}

impl Exchange {
    pub(crate) fn request_line(&self) -> &str {
        self.request.lines().next().unwrap_or_default()
    }
}

pub(crate) fn read(text: &str) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    let mut line = 1;
    for block in text.split("\n==\n") {
        let begins = line;
        line += block.lines().count() + 2;
        let lines = block.lines().filter(|line| !line.starts_with('#'));
        let (changes, rest): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('!'));
        let text = rest.join("\n");
        let Some((request, answer)) = text.split_once("\n--\n") else {
            assert!(text.trim().is_empty(), "line {begins}: an exchange has a line `--`:\n{text}");
            continue;
        };
        exchanges.push(Exchange {
            line: begins,
            changes: changes.iter().map(|change| change[1..].trim().to_owned()).collect(),
            request: request.trim_start_matches('\n').to_owned(),
            answer: answer.trim().to_owned(),
        });
    }
    exchanges
}

/// Headers of every answer that belongs to one learner.
const LEARNER: [&str; 5] = [
    "cache-control: no-store",
    "cross-origin-resource-policy: same-origin",
    "origin-agent-cluster: ?1",
    "referrer-policy: no-referrer",
    "x-content-type-options: nosniff",
];

/// The answer with abbreviations written out: `@json`, `@text` and `@page` stand for the content type and [`LEARNER`].
pub(crate) fn expanded(answer: &str) -> String {
    let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let mut headers: Vec<&str> = Vec::new();
    for line in lines {
        let media_type = match line {
            "@json" => "content-type: application/json",
            "@text" => "content-type: text/plain; charset=utf-8",
            "@page" => "content-type: text/html; charset=utf-8",
            header => {
                headers.push(header);
                continue;
            }
        };
        headers.push(media_type);
        headers.extend(LEARNER);
    }
    headers.sort_unstable();
    format!("{status}\n{}\n\n{body}", headers.join("\n")).trim().to_owned()
}

/// Whether a text is as expected, where `…` stands for anything.
pub(crate) fn matches(got: &str, expected: &str) -> bool {
    let mut pieces = expected.split('…');
    let Some(mut rest) = got.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        last = Some(piece);
    }
    rest.is_empty() || last.is_some_and(|piece| piece.is_empty() || got.ends_with(piece))
}

#[test]
fn wildcards_match_what_they_should() {
    let table = [
        ("abc", "abc", true),
        ("abc", "ab", false),
        ("abc", "a…", true),
        ("abc", "a…c", true),
        ("abc", "…c", true),
        ("abcb", "…b", true),
        ("abc", "a…b", false),
        ("abc", "…x…", false),
    ];
    for (got, expected, matched) in table {
        assert_eq!(matches(got, expected), matched, "{got} {expected}");
    }
}
