use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity};
use crate::limits::{MAX_DIAGNOSTICS_PER_CODE, MAX_QUOTED_CHARS};

/// Gathers findings, at most [`MAX_DIAGNOSTICS_PER_CODE`] of each kind: a manifest with a thousand equal
/// mistakes gives twenty and a count.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    count: BTreeMap<Code, usize>,
}

impl Diagnostics {
    /// Adds a finding about the package as a whole.
    pub(crate) fn add(&mut self, code: Code, message: impl Into<String>) {
        self.push(code, || Diagnostic::new(code, message));
    }

    /// Adds a finding at a place. The place is only worked out when the finding is kept.
    pub(crate) fn add_at(&mut self, code: Code, place: impl FnOnce() -> String, message: impl Into<String>) {
        self.push(code, || Diagnostic::new(code, message).at(place()));
    }

    /// Adds a finding about an item.
    pub(crate) fn add_item(&mut self, code: Code, item: &str, message: impl Into<String>) {
        self.add_at(code, || format!("item {item}"), message);
    }

    fn push(&mut self, code: Code, diagnostic: impl FnOnce() -> Diagnostic) {
        let count = self.count.entry(code).or_insert(0);
        *count += 1;
        if *count <= MAX_DIAGNOSTICS_PER_CODE {
            self.list.push(diagnostic());
        }
    }

    /// Whether there is an error.
    pub(crate) fn has_error(&self) -> bool {
        self.count.keys().any(|code| code.severity() == Severity::Error)
    }

    /// Adds all findings of another collection.
    pub(crate) fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
        for (code, count) in other.count {
            *self.count.entry(code).or_insert(0) += count;
        }
    }

    /// All findings, errors first, otherwise in the order in which they were found.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        let mut kept: BTreeMap<Code, usize> = BTreeMap::new();
        self.list.iter().for_each(|one| *kept.entry(one.code).or_insert(0) += 1);
        for (code, count) in &self.count {
            let beyond = count.saturating_sub(kept.get(code).copied().unwrap_or(0));
            if beyond > 0 {
                self.list.push(Diagnostic::new(*code, format!("{beyond} more findings of this kind.")));
            }
        }
        self.list.sort_by_key(|diagnostic| diagnostic.severity);
        self.list
    }
}

/// A text of the package for use in a message: in quotes, on one line, shortened.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_QUOTED_CHARS).collect();
    if text.chars().nth(MAX_QUOTED_CHARS).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}
