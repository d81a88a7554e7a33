//! The answer to a navigation: what came of it, and everything that sequencing knows afterwards.

use std::collections::BTreeMap;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::Entry;
use lyceum_sequencing::definitions::Decimal;
use lyceum_sequencing::{Ix, LookAhead, ObjectiveValues, Sequencer, TraceLine};
use serde::Serialize;
use serde_json::{Number, Value};

/// Complete each time. What is not so, unknown or nothing is left out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Sequence {
    /// The activity delivered.
    delivered: Option<String>,
    /// Number of the attempt on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    /// Why nothing is delivered, in the words of ADL's Sample RTE.
    #[serde(skip_serializing_if = "Option::is_none")]
    special: Option<&'static str>,
    /// The same as the exception code of the pseudo-code.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<String>,
    /// The session is over.
    ended: bool,
    current: Option<String>,
    suspended_at: Option<String>,
    /// What may be requested now; absent when the session is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<Valid>,
    tracking: BTreeMap<String, Activity>,
    globals: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// The decisions on the way, with `--trace`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<TraceLine>,
}

#[derive(Clone, Debug, Serialize)]
struct Valid {
    /// `c` Continue, `p` Previous, `s` Suspend All.
    flags: String,
    choice: Vec<String>,
    jump: Vec<String>,
    /// `ID DEPTH FLAGS`: Leaf, Enabled, Selectable, Current. Null where nothing can be chosen.
    toc: Option<Vec<String>>,
}

#[derive(Clone, Debug, Serialize)]
struct Activity {
    attempts: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    active: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    suspended: bool,
    #[serde(flatten)]
    values: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    objectives: BTreeMap<String, BTreeMap<&'static str, Value>>,
}

impl Sequence {
    /// After a navigation, of which `entry` is the record.
    pub(crate) fn of(engine: &mut Engine, entry: Option<&Entry>, now: Millis, traces: bool) -> Self {
        let mut sequence = Self::default();
        if let Some(entry) = entry {
            sequence.came(entry, traces);
        }
        let valid = engine.what_is_possible(now).cloned();
        let Some(sequencer) = engine.tracking() else {
            sequence.current = engine.delivered().map(str::to_owned);
            return sequence;
        };
        let tree = sequencer.tree();
        let id = |ix: Ix| tree.activity(ix).id().to_owned();
        sequence.attempt = sequence
            .delivered
            .as_deref()
            .and_then(|id| tree.find(id))
            .map(|ix| sequencer.status(ix).attempts);
        sequence.current = sequencer.current().map(id);
        sequence.suspended_at = sequencer.suspended().map(id);
        sequence.valid = valid.filter(|_| !sequence.ended).map(|ahead| Valid::of(sequencer, &ahead));
        sequence.tracking = tree.all().map(|ix| (id(ix), Activity::of(sequencer, ix))).collect();
        let known = sequencer.globals().filter(|(_, values)| **values != ObjectiveValues::default());
        sequence.globals = known.map(|(id, values)| (id.to_owned(), global(values))).collect();
        sequence
    }

    fn came(&mut self, entry: &Entry, traces: bool) {
        self.delivered = Some(entry.result.clone()).filter(|id| !id.is_empty());
        let Some(recorded) = &entry.sequencing else { return };
        self.ended = recorded.ended.is_some();
        self.exception.clone_from(&recorded.exception);
        self.special = match recorded.exception.as_deref() {
            Some(code) if code.starts_with("NB") => Some("INVALIDNAVREQ"),
            Some(code) if code.starts_with("DB") => Some("NOTHING"),
            Some(_) => Some("SEQBLOCKED"),
            None => match entry.value.as_str() {
                "abandonAll" => Some("SEQABANDONALL"),
                _ if self.ended => Some("ENDSESSION"),
                "abandon" if self.delivered.is_none() => Some("SEQABANDON"),
                _ if self.delivered.is_none() => Some("SEQBLOCKED"),
                _ => None,
            },
        };
        if traces {
            self.trace.clone_from(&recorded.trace);
        }
    }
}

impl Valid {
    fn of(sequencer: &Sequencer, ahead: &LookAhead) -> Self {
        let tree = sequencer.tree();
        let id = |ix: Ix| tree.activity(ix).id().to_owned();
        let flags = [(ahead.continue_request, 'c'), (ahead.previous, 'p'), (ahead.exit_all, 's')].into_iter();
        let sorted = |mut ids: Vec<String>| {
            ids.sort();
            ids
        };
        let toc = ahead.entries.iter().filter(|entry| entry.visible).map(|entry| {
            let flag = |set: bool, letter: char| if set { letter } else { '-' };
            let flags = [
                flag(entry.leaf, 'L'),
                flag(entry.enabled, 'E'),
                flag(entry.selectable, 'S'),
                flag(entry.current, 'C'),
            ];
            format!("{} {} {}", id(entry.activity), entry.depth, flags.iter().collect::<String>())
        });
        let choice = ahead.entries.iter().filter(|entry| entry.selectable && entry.enabled);
        let jump = ahead.entries.iter().filter(|entry| entry.jump);
        Self {
            flags: flags.filter(|(set, _)| *set).map(|(_, letter)| letter).collect(),
            choice: sorted(choice.map(|entry| id(entry.activity)).collect()),
            jump: sorted(jump.map(|entry| id(entry.activity)).collect()),
            toc: ahead.has_choices().then(|| toc.collect()),
        }
    }
}

impl Activity {
    fn of(sequencer: &Sequencer, ix: Ix) -> Self {
        let status = sequencer.status(ix);
        let mut values = of_values(&status.values);
        // Scores stand with the objectives.
        for name in ["raw", "min", "max"] {
            values.remove(name);
        }
        let seeds = sequencer.objective_seeds(ix).into_iter();
        Self {
            attempts: status.attempts,
            active: status.active,
            suspended: status.suspended,
            values,
            objectives: seeds.map(|seed| (seed.id, of_values(&seed.values))).collect(),
        }
    }
}

fn of_values(values: &ObjectiveValues) -> BTreeMap<&'static str, Value> {
    let word = |known: Option<bool>, yes: &str, no: &str| {
        known.map(|known| Value::from(if known { yes } else { no }))
    };
    let number = |known: Option<Decimal>| {
        let number = known?.to_string().parse().ok().and_then(Number::from_f64)?;
        Some(Value::Number(number))
    };
    let all = [
        ("completion", word(values.completed, "completed", "incomplete")),
        ("progress_measure", number(values.progress_measure)),
        ("success", word(values.satisfied, "passed", "failed")),
        ("measure", number(values.measure)),
        ("raw", number(values.raw)),
        ("min", number(values.min)),
        ("max", number(values.max)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn global(values: &ObjectiveValues) -> BTreeMap<&'static str, String> {
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let of = |(name, value): (&'static str, Value)| match name {
        "success" => {
            (name, if values.satisfied == Some(true) { "satisfied" } else { "notSatisfied" }.to_owned())
        }
        _ => (name, text(value)),
    };
    of_values(values).into_iter().map(of).collect()
}
