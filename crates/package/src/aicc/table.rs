//! Comma-separated tables with a heading.

/// A table. Columns are found by their heading without regard to case.
#[derive(Debug, Default)]
pub(super) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'t> {
    heading: &'t [String],
    values: &'t [String],
}

impl Table {
    /// Reads a table. Values may be in quotes, with quotes doubled inside and with line breaks; a heading separated by
    /// semicolons or tabs tells that the rows are, too.
    pub(super) fn parse(text: &str) -> Self {
        let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        let separator = [',', ';', '\t'].into_iter().find(|sign| heading.contains(*sign)).unwrap_or(',');
        let mut rows = records(text, separator).into_iter();
        let heading = rows.next().unwrap_or_default().iter().map(|name| name.to_lowercase()).collect();
        Self { heading, rows: rows.collect() }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { heading: &self.heading, values })
    }
}

impl<'t> Row<'t> {
    /// The value in the column with this heading (in lower case); `None` when it is empty.
    pub(super) fn get(self, column: &str) -> Option<&'t str> {
        self.at(self.heading.iter().position(|name| name == column)?)
    }

    /// The value in a column by number.
    pub(super) fn at(self, column: usize) -> Option<&'t str> {
        self.values.get(column).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The values of all columns with this heading, and of those without any.
    pub(super) fn all(self, column: &str) -> impl Iterator<Item = &'t str> {
        let is_meant =
            move |index: usize| self.heading.get(index).is_none_or(|name| name.is_empty() || name == column);
        (0..self.values.len()).filter(move |index| is_meant(*index)).filter_map(move |index| self.at(index))
    }
}

/// Splits a text into records of trimmed values. Empty lines are skipped.
fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut value = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                value.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if value.trim().is_empty() => {
                value.clear();
                quoted = true;
            }
            '\n' | '\r' if !quoted => {
                record.push(std::mem::take(&mut value));
                push_record(&mut records, &mut record);
            }
            c if c == separator && !quoted => record.push(std::mem::take(&mut value)),
            c => value.push(c),
        }
    }
    record.push(value);
    push_record(&mut records, &mut record);
    records
}

fn push_record(records: &mut Vec<Vec<String>>, record: &mut Vec<String>) {
    let trimmed: Vec<String> = record.drain(..).map(|value| value.trim().to_owned()).collect();
    if trimmed.iter().any(|value| !value.is_empty()) {
        records.push(trimmed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_in_all_their_forms() {
        for text in [
            "\"System_ID\",\"Title\"\r\n\"A1\",\"Say \"\"hi\"\", you\"\r\n\r\n",
            "system_id,TITLE\nA1,\"Say \"\"hi\"\", you\"",
            "\n system_id ; title \n A1 ; \"Say \"\"hi\"\", you\" \n;\n",
            "system_id\ttitle\nA1\tSay \"hi\", you\n",
        ] {
            let table = Table::parse(text);
            let rows: Vec<Row<'_>> = table.rows().collect();
            assert_eq!(rows.len(), 1, "{text}");
            assert_eq!(rows[0].get("system_id"), Some("A1"), "{text}");
            assert_eq!(rows[0].get("title"), Some("Say \"hi\", you"), "{text}");
            assert_eq!(rows[0].get("nothing"), None);
        }
    }

    #[test]
    fn quoted_values_may_have_line_breaks_and_end_nowhere() {
        let table = Table::parse("a,b\n1,\"two\nlines\"\n3,\"open");
        let values: Vec<Option<&str>> = table.rows().map(|row| row.get("b")).collect();
        assert_eq!(values, [Some("two\nlines"), Some("open")]);
        assert_eq!(Table::parse("").rows().count(), 0);
    }

    #[test]
    fn repeated_and_missing_headings_belong_together() {
        let table = Table::parse("block,member,member\nROOT,A1,,B1,A2\n");
        let row = table.rows().next().unwrap();
        assert_eq!(row.all("member").collect::<Vec<_>>(), ["A1", "B1", "A2"]);
        let table = Table::parse("block,member,prerequisites\nROOT,A1,A2\n");
        assert_eq!(table.rows().next().unwrap().all("member").collect::<Vec<_>>(), ["A1"]);
    }
}
