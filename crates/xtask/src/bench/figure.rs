//! One measured figure beside its anchor, and whether it reaches its bar.

use serde_json::{Value, json};

/// What a figure must reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    /// The ratio of figure to anchor must be at least this; more would be a stretch goal.
    AtLeast { ratio: f64, stretch: Option<f64> },
    /// The figure itself must be at most this.
    AtMost(f64),
    /// Told without a bar.
    None,
}

/// The other measurement of the same run.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    pub(crate) name: String,
    pub(crate) value: f64,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) anchor: Option<Anchor>,
    /// How many times better than the anchor: rates divide figure by anchor, times the other way round.
    pub(crate) ratio: Option<f64>,
    pub(crate) bar: Bar,
    /// What one should know when reading it.
    pub(crate) note: String,
}

/// Whether a bar is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Stretch,
    Met,
    Short,
    Told,
}

impl Figure {
    /// A rate: more is better.
    pub(crate) fn rate(
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        anchor: Anchor,
        bar: Bar,
    ) -> Self {
        let ratio = Some(value / anchor.value);
        Self { name: name.into(), value, unit, anchor: Some(anchor), ratio, bar, note: String::new() }
    }

    /// A time to get something done: less is better.
    pub(crate) fn time(
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        anchor: Anchor,
        bar: Bar,
    ) -> Self {
        let ratio = Some(anchor.value / value);
        Self { name: name.into(), value, unit, anchor: Some(anchor), ratio, bar, note: String::new() }
    }

    /// A figure that stands for itself.
    pub(crate) fn alone(name: impl Into<String>, value: f64, unit: &'static str, bar: Bar) -> Self {
        Self { name: name.into(), value, unit, anchor: None, ratio: None, bar, note: String::new() }
    }

    /// The same time with something to compare it with.
    pub(crate) fn beside(self, anchor: Anchor) -> Self {
        let note = self.note;
        Self::time(self.name, self.value, self.unit, anchor, self.bar).note(note)
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub(crate) fn verdict(&self) -> Verdict {
        match (self.bar, self.ratio) {
            (Bar::AtLeast { stretch: Some(stretch), .. }, Some(ratio)) if ratio >= stretch => {
                Verdict::Stretch
            }
            (Bar::AtLeast { ratio: bar, .. }, Some(ratio)) if ratio >= bar => Verdict::Met,
            (Bar::AtLeast { .. }, _) => Verdict::Short,
            (Bar::AtMost(bar), _) if self.value <= bar => Verdict::Met,
            (Bar::AtMost(_), _) => Verdict::Short,
            (Bar::None, _) => Verdict::Told,
        }
    }

    /// The cells of its line.
    fn cells(&self) -> [String; 6] {
        let verdict = match self.verdict() {
            Verdict::Stretch => "met, stretch",
            Verdict::Met => "met",
            Verdict::Short => "SHORT",
            Verdict::Told => "",
        };
        [
            if self.note.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.note) },
            format!("{} {}", number(self.value), self.unit),
            self.anchor
                .as_ref()
                .map_or_else(String::new, |a| format!("{} {} ({})", number(a.value), self.unit, a.name)),
            self.ratio.map_or_else(String::new, number),
            match self.bar {
                Bar::AtLeast { ratio, stretch: Some(stretch) } => {
                    format!("≥ {} (stretch {})", number(ratio), number(stretch))
                }
                Bar::AtLeast { ratio, stretch: None } => format!("≥ {}", number(ratio)),
                Bar::AtMost(bar) => format!("≤ {} {}", number(bar), self.unit),
                Bar::None => String::new(),
            },
            verdict.to_owned(),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "figure": self.name,
            "value": self.value,
            "unit": self.unit,
            "anchor": self.anchor.as_ref().map(|a| json!({"name": a.name, "value": a.value})),
            "ratio": self.ratio,
            "bar": match self.bar {
                Bar::AtLeast { ratio, stretch } => json!({"ratio_at_least": ratio, "stretch": stretch}),
                Bar::AtMost(bar) => json!({"value_at_most": bar}),
                Bar::None => Value::Null,
            },
            "met": match self.verdict() {
                Verdict::Told => Value::Null,
                verdict => Value::Bool(verdict != Verdict::Short),
            },
            "note": self.note,
        })
    }
}

const HEAD: [&str; 6] = ["figure", "measured", "anchor", "ratio", "bar", ""];

/// The table as Markdown, padded so that it also reads well in a terminal.
pub(crate) fn table(figures: &[Figure]) -> String {
    let rows: Vec<[String; 6]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(figures.iter().map(Figure::cells)).collect();
    let widths: Vec<usize> =
        (0..HEAD.len()).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
    let line = |cells: &[String; 6]| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = line(&rows[0]);
    text += &format!("| {} |\n", rule.join(" | "));
    rows[1..].iter().for_each(|row| text += &line(row));
    text
}

/// Everything for programs.
pub(crate) fn json(figures: &[Figure]) -> Value {
    Value::Array(figures.iter().map(Figure::json).collect())
}

/// Three significant digits, without a needless exponent.
fn number(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1000.0 {
        let whole = format!("{value:.0}");
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole.as_str()), |digits| ("-", digits));
        let groups: Vec<&str> = digits
            .as_bytes()
            .rchunks(3)
            .rev()
            .map(|group| std::str::from_utf8(group).unwrap_or(""))
            .collect();
        format!("{sign}{}", groups.join(","))
    } else if magnitude >= 100.0 {
        format!("{value:.0}")
    } else if magnitude >= 10.0 {
        format!("{value:.1}")
    } else if magnitude >= 1.0 || value == 0.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

/// The middle of several runs.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let table = [
            (0.0, "0.00"),
            (0.1234, "0.123"),
            (1.256, "1.26"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1_234_567.0, "1,234,567"),
        ];
        for (value, shown) in table {
            assert_eq!(number(value), shown);
        }
    }

    #[test]
    fn bars_are_judged_by_ratio_or_value() {
        let anchor = Anchor { name: "peer".into(), value: 100.0 };
        let bar = Bar::AtLeast { ratio: 0.5, stretch: Some(0.7) };
        let verdict = |value| Figure::rate("f", value, "/s", anchor.clone(), bar).verdict();
        assert_eq!(
            [verdict(49.0), verdict(50.0), verdict(70.0)],
            [Verdict::Short, Verdict::Met, Verdict::Stretch]
        );
        let four_times = Bar::AtLeast { ratio: 4.0, stretch: None };
        assert_eq!(Figure::time("f", 25.0, "s", anchor.clone(), four_times).verdict(), Verdict::Met);
        assert_eq!(Figure::time("f", 26.0, "s", anchor, four_times).verdict(), Verdict::Short);
        assert_eq!(Figure::alone("f", 61.0, "MB", Bar::AtMost(60.0)).verdict(), Verdict::Short);
    }

    #[test]
    fn the_table_lines_up() {
        let figures = [Figure::alone("idle memory", 20.0, "MB", Bar::AtMost(50.0)).note("resident")];
        let text = table(&figures);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{text}");
        assert!(lines[2].contains("idle memory (resident) | 20.0 MB  |"), "{text}");
    }

    #[test]
    fn the_middle_of_runs() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
