//! Files of old progress: CSV with a head, a JSON list, or a JSON object a line.

use lyceum_app::OldProgress;
use lyceum_cmi::time::parse_any_interval;
use serde_json::{Map, Value};

/// A line that cannot be understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// From 1.
    pub(crate) line: usize,
    /// What is wrong with it.
    pub(crate) why: String,
}

/// The columns, and the names of JSON fields.
const FIELDS: [&str; 8] =
    ["learner", "learner_name", "course", "completed", "score", "time", "first_access", "data"];

/// Reads a whole file; what is wrong is told line by line.
pub(crate) fn read(text: &str) -> (Vec<OldProgress>, Vec<BadLine>) {
    let text = text.trim_start_matches('\u{feff}');
    let rows = match text.trim_start().as_bytes().first() {
        Some(b'[') => listed(text),
        Some(b'{') => each_line(text),
        _ => csv(text),
    };
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (line, row) in rows {
        match row.and_then(|fields| progress(line, &fields)) {
            Ok(row) => good.push(row),
            Err(why) => bad.push(BadLine { line, why }),
        }
    }
    (good, bad)
}

type Row = (usize, Result<Map<String, Value>, String>);

fn object(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err("it is no object".to_owned()),
    }
}

/// In a list the n-th entry stands for the line.
fn listed(text: &str) -> Vec<Row> {
    match serde_json::from_str::<Vec<Value>>(text) {
        Ok(list) => list.into_iter().enumerate().map(|(n, value)| (n + 1, object(value))).collect(),
        Err(e) => vec![(e.line(), Err(format!("it is no JSON list: {e}")))],
    }
}

fn each_line(text: &str) -> Vec<Row> {
    let read =
        |line: &str| serde_json::from_str(line).map_err(|e| format!("it is no JSON: {e}")).and_then(object);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| (n + 1, read(line))).collect()
}

fn csv(text: &str) -> Vec<Row> {
    let mut records = records(text).into_iter();
    let Some((line, head)) = records.next() else { return vec![(1, Err("the file is empty".to_owned()))] };
    let head: Vec<String> = head.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    for needed in ["learner", "course"] {
        if !head.iter().any(|name| name == needed) {
            let known = FIELDS.join(", ");
            return vec![(
                line,
                Err(format!("the first line names no column {needed}; the columns are {known}")),
            )];
        }
    }
    let row = |cells: Vec<String>| {
        if cells.len() != head.len() {
            return Err(format!("it has {} cells, and the head has {}", cells.len(), head.len()));
        }
        Ok(head.iter().cloned().zip(cells.into_iter().map(Value::String)).collect())
    };
    records.map(|(line, cells)| (line, row(cells))).collect()
}

/// Records of RFC 4180 with the lines that they begin on; separated by commas, or by semicolons where the first line has no comma.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(',') || !first.contains(';') { ',' } else { ';' };
    let (mut records, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut is_quoted) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        line += usize::from(letter == '\n');
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            letter if is_quoted => cell.push(letter),
            letter if letter == separator => cells.push(std::mem::take(&mut cell)),
            '\r' => {}
            '\n' => {
                cells.push(std::mem::take(&mut cell));
                records.push((begun, std::mem::take(&mut cells)));
                begun = line;
            }
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        records.push((begun, cells));
    }
    records.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    records
}

fn progress(line: usize, fields: &Map<String, Value>) -> Result<OldProgress, String> {
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(other) => Some(other.to_string()),
    };
    let needed = |name: &str| text(name).ok_or_else(|| format!("it names no {name}"));
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(format!("there is no column {unknown}; the columns are {}", FIELDS.join(", ")));
    }
    Ok(OldProgress {
        line,
        learner: needed("learner")?,
        learner_name: text("learner_name"),
        course: needed("course")?,
        completed: completed(text("completed").as_deref())?,
        score: text("score"),
        time: text("time").map_or(Ok(0), |time| hundredths(&time))?,
        first_access: text("first_access").map(|at| moment(&at)).transpose()?,
        data: data(fields.get("data"))?,
    })
}

fn completed(word: Option<&str>) -> Result<bool, String> {
    match word.unwrap_or("no").to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "completed" | "passed" => Ok(true),
        "0" | "false" | "no" | "n" | "incomplete" => Ok(false),
        other => Err(format!("completed is yes or no, not \"{other}\"")),
    }
}

/// A number alone is seconds.
fn hundredths(text: &str) -> Result<u64, String> {
    const LONGEST_SECONDS: f64 = 1e9; // some thirty years
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.0..=LONGEST_SECONDS).contains(seconds));
    let is_number = text.parse::<f64>().is_ok();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the range above
    let found = seconds.map(|seconds| (seconds * 100.0).round() as u64);
    let found = if is_number { found } else { parse_any_interval(text) };
    found.ok_or_else(|| format!("the time \"{text}\" is neither seconds nor HH:MM:SS nor PT…S"))
}

fn moment(text: &str) -> Result<i64, String> {
    super::registration::moment(text).map_err(|_| {
        format!("\"{text}\" is no moment: write 2026-01-31T12:00:00Z, or milliseconds since 1970")
    })
}

/// An object of elements and values, as JSON or as text that is JSON; any other text was the course's suspend data.
fn data(value: Option<&Value>) -> Result<Vec<(String, String)>, String> {
    let object = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(object)) => object.clone(),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(Vec::new()),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(object)) => object,
            _ => return Ok(vec![("cmi.suspend_data".to_owned(), text.clone())]),
        },
        Some(_) => return Err("data is an object of elements and values, or a text".to_owned()),
    };
    if !object.keys().all(|element| element.starts_with("cmi.") || element.starts_with("adl.")) {
        let whole = Value::Object(object).to_string();
        return Ok(vec![("cmi.suspend_data".to_owned(), whole)]);
    }
    Ok(object
        .into_iter()
        .map(|(element, value)| match value {
            Value::String(text) => (element, text),
            other => (element, other.to_string()),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_json_say_the_same() {
        let csv = "learner,course,completed,score,time,first_access,data\r\n\
                   ada,42,yes,80,0:01:30,2020-01-02T03:04:05Z,\"{\"\"cmi.core.lesson_location\"\":\"\"3\"\"}\"\r\n\
                   \"Bob, B\",42,,,,,\"two\nlines\"\r\n";
        let list = r#"[{"learner":"ada","course":42,"completed":true,"score":80,"time":90,"first_access":1577934245000,
            "data":{"cmi.core.lesson_location":"3"}},{"learner":"Bob, B","course":"42","data":"two\nlines"}]"#;
        let (rows, bad) = read(csv);
        assert_eq!((bad, rows.len()), (vec![], 2));
        assert_eq!((rows[0].line, rows[1].line, rows[0].time), (2, 3, 9_000));
        assert_eq!(rows[1].data, [("cmi.suspend_data".to_owned(), "two\nlines".to_owned())]);
        let numbered = |mut rows: Vec<OldProgress>| {
            rows.iter_mut().for_each(|row| row.line = 0);
            rows
        };
        let (listed, bad) = read(list);
        assert_eq!((bad, numbered(listed)), (vec![], numbered(rows)));
        assert_eq!(read("learner;course\nada;42\n").0.len(), 1);
        assert_eq!(
            read("{\"learner\":\"a\",\"course\":\"42\"}\n\n{\"learner\":\"b\",\"course\":\"42\"}\n").0.len(),
            2
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        let (rows, bad) = read(
            "learner,course,completed,time\nada,42,yes,1\n,42,no,1\nbob,42,perhaps,1\ncy,42,no,soon\ndan,42\n",
        );
        assert_eq!(rows.len(), 1);
        let lines: Vec<_> = bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [3, 4, 5, 6], "{bad:?}");
        for wrong in
            ["", "name,title\nada,42\n", "[1]", "[{]", "{\"learner\":\"a\",\"course\":\"42\",\"grade\":1}"]
        {
            assert_eq!(read(wrong).1.len(), 1, "{wrong}");
        }
    }
}
