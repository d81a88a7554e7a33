//! What happened, as lines of a table.

use lyceum_app::{Acted, Differences, Effect, HistoryItem, HistoryPage, Stand};

use super::registration::{score, shortened, time};
use super::table;

/// Characters of a value in a line.
const MAX_VALUE: usize = 60;

pub(crate) fn history(page: &HistoryPage) -> String {
    if page.items.is_empty() && page.next.is_none() {
        return "Nothing of the kind happened.\n".to_owned();
    }
    let head = ["server time", "commit", "user", "activity", "what", "change", "outcome"].map(str::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(head).chain(page.items.iter().map(row)).collect();
    let told = |what: &str, cursor: &Option<String>| {
        cursor.as_ref().map(|cursor| format!("{what}: --after {cursor}\n")).unwrap_or_default()
    };
    let (more, newest) = (told("\nThere is more", &page.next), told("The newest", &page.newest));
    let found = if page.items.is_empty() { "Nothing of the kind so far.\n".to_owned() } else { table(&rows) };
    format!("{found}{more}{newest}")
}

fn row(of: &HistoryItem) -> [String; 7] {
    let what = if of.element.is_empty() { of.call.clone() } else { of.element.clone() };
    let change = match (&of.old, &of.new) {
        (None, None) => String::new(),
        (old, new) if old == new => format!("{} (as before)", value(new.as_ref())),
        (None, new) => value(new.as_ref()),
        (old, new) => format!("{} → {}", value(old.as_ref()), value(new.as_ref())),
    };
    let outcome = match of.effect {
        Effect::Accepted => String::new(),
        Effect::Refused => format!("refused ({})", of.error),
        Effect::Uncounted => "does not count".to_owned(),
        Effect::Overtaken => "overtaken".to_owned(),
    };
    let reason =
        of.reason.as_ref().map(|reason| format!(" “{}”", shortened(reason, MAX_VALUE))).unwrap_or_default();
    [
        of.server_time.clone(),
        format!("{}#{}", of.attempt, of.commit),
        of.user.clone(),
        of.activity.clone(),
        what,
        format!("{change}{reason}"),
        outcome,
    ]
}

fn value(of: Option<&String>) -> String {
    of.map_or_else(|| "none".to_owned(), |value| shortened(value, MAX_VALUE))
}

pub(crate) fn differences(of: &Differences) -> String {
    let stands = [&of.from, &of.to].map(stand);
    let rows: Vec<[String; 4]> = of
        .values
        .iter()
        .map(|change| {
            let values = format!("{} → {}", value(change.old.as_ref()), value(change.new.as_ref()));
            [String::new(), change.activity.clone(), change.element.clone(), values]
        })
        .collect();
    let values = if rows.is_empty() { "No value differs.\n".to_owned() } else { table(&rows) };
    format!("{}\n{values}", table(&stands))
}

fn stand(of: &Stand) -> [String; 5] {
    let by_hand = if of.overridden { " (set by hand)" } else { "" };
    [
        format!("Attempt {} after #{}", of.attempt, of.commit),
        format!("{}{by_hand}", of.status),
        format!("score {}", score(&of.score)),
        format!("time {}", time(of.total_seconds)),
        format!("state {}", of.state_hash),
    ]
}

pub(crate) fn acted(of: &Acted) -> String {
    let facts = [
        ["Done", of.act],
        ["Attempt", &of.attempt.to_string()],
        ["Commit", &format!("#{}", of.commit)],
        ["By", &of.by],
        ["Reason", &of.reason],
        ["Values changed", &of.values_changed.to_string()],
        ["To undo it", &of.undo],
    ];
    table(&facts.map(|[name, value]| [name.to_owned(), value.to_owned()]))
}
