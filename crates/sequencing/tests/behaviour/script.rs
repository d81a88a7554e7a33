//! Plays a case: requests, reports and questions, one a line.

use crate::rule::decimal;
use lyceum_sequencing::{
    Changes, Millis, ObjectiveValues, Outcome, Reported, Request, RuntimeData, RuntimeObjective, Sequencer,
    State, TraceLine, Tree,
    definitions::{Decimal, TimeSpan},
};
use std::{fmt::Write as _, sync::Arc};

/// 2027-01-15T08:00:00Z, when every case begins.
const BEGIN: Millis = 1_800_000_000_000;

/// A case being played.
pub struct Play {
    sequencer: Sequencer,
    /// What a server would have stored: every change so far.
    stored: State,
    now: Millis,
    trace: Vec<TraceLine>,
}

impl Play {
    pub fn new(tree: Tree, seed: u64) -> Self {
        let mut sequencer = Sequencer::new(Arc::new(tree), seed);
        sequencer.set_tracing(true);
        Self { sequencer, stored: State::new(seed), now: BEGIN, trace: Vec::new() }
    }

    /// Plays a line. What came out instead of what the line says, if they differ.
    pub fn line(&mut self, line: &str) -> Result<(), String> {
        let (command, expected) = line.split_once(" => ").map_or((line, None), |(c, e)| (c, Some(e)));
        let found = self.perform(command);
        self.check_stored()?;
        match (found, expected) {
            (None, None) => Ok(()),
            (Some(found), Some(expected)) if found == expected => Ok(()),
            (found, _) => Err(format!("{line}\n    but was: {}", found.unwrap_or_default())),
        }
    }

    fn perform(&mut self, command: &str) -> Option<String> {
        let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
        match word {
            "wait" => self.now += span(rest),
            "report" => self.report(rest),
            "save" => self.restore(),
            "status" => return Some(self.status(rest)),
            "objective" => return Some(self.objective(rest)),
            "global" => return Some(self.global(rest)),
            "contents" => return Some(self.contents()),
            "selectable" => return Some(self.selectable()),
            "valid" => return Some(self.valid(rest)),
            "why" => return Some(self.why(rest)),
            _ => return Some(self.navigate(command)),
        }
        None
    }

    fn navigate(&mut self, command: &str) -> String {
        let request: Request = command.parse().unwrap_or_else(|_| panic!("unknown line {command}"));
        let foreseen = self.sequencer.look_ahead(None, self.now).allows(self.sequencer.tree(), &request);
        let outcome = self.sequencer.navigate(&request, self.now);
        let text = self.outcome(&outcome);
        self.trace = outcome.trace;
        let leads_somewhere = outcome.delivered.is_some() || outcome.ended.is_some();
        if leads_somewhere && !foreseen { format!("{text}, which look-ahead had not foreseen") } else { text }
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        if let Some(exception) = outcome.exception {
            return exception.code().to_owned();
        }
        if let Some(end) = outcome.ended {
            return format!("ended {end:?}").to_lowercase();
        }
        let Some(ix) = outcome.delivered else { return "nothing".to_owned() };
        let id = self.sequencer.tree().activity(ix).id();
        if outcome.resumed { format!("{id} resumed") } else { id.to_owned() }
    }

    /// `report completed failed 0.5 progress=0.3 time=PT10M suspend ID:passed:0.7`
    fn report(&mut self, text: &str) {
        let mut data = RuntimeData::default();
        for word in text.split(' ') {
            report_word(&mut data, word);
        }
        let current = self.sequencer.current().expect("something is delivered");
        self.sequencer.apply_runtime(current, &data, self.now);
    }

    /// Another program goes on with what was stored.
    fn restore(&mut self) {
        let text = serde_json::to_string(&self.sequencer.state()).expect("JSON");
        let state: State = serde_json::from_str(&text).expect("a state");
        let tree = self.sequencer.tree().clone();
        self.sequencer = Sequencer::restore(tree, &state).expect("a known version");
        self.sequencer.set_tracing(true);
    }

    /// All changes together make the state.
    fn check_stored(&mut self) -> Result<(), String> {
        let changes = serde_json::to_string(&self.sequencer.take_changes()).expect("JSON");
        let changes: Changes = serde_json::from_str(&changes).expect("changes");
        self.stored.apply(&changes);
        let state = self.sequencer.state();
        if self.stored == state {
            Ok(())
        } else {
            Err(format!("stored {:?} instead of {state:?}", self.stored))
        }
    }

    fn status(&self, id: &str) -> String {
        let ix = self.sequencer.tree().find(id).expect("an activity");
        let status = self.sequencer.status(ix);
        let mut text = format!("attempts={}", status.attempts);
        for (word, set) in [("active", status.active), ("suspended", status.suspended)] {
            if set {
                text.push(' ');
                text.push_str(word);
            }
        }
        text + &values(&status.values)
    }

    fn objective(&self, text: &str) -> String {
        let (activity, id) = text.split_once(' ').expect("an activity and an objective");
        let ix = self.sequencer.tree().find(activity).expect("an activity");
        let seeds = self.sequencer.objective_seeds(ix);
        let seed = seeds.iter().find(|seed| seed.id == id).expect("an objective");
        known(&seed.values)
    }

    fn global(&self, wanted: &str) -> String {
        let found = self.sequencer.globals().find(|(id, _)| *id == wanted);
        known(found.expect("a global objective").1)
    }

    fn entries(&mut self, wanted: fn(&lyceum_sequencing::TocEntry) -> bool) -> String {
        let found = self.sequencer.look_ahead(None, self.now);
        let tree = self.sequencer.tree();
        let entries = found.entries.iter().filter(|entry| wanted(entry));
        let ids: Vec<&str> = entries.map(|entry| tree.activity(entry.activity).id()).collect();
        ids.join(" ")
    }

    /// The table of contents as the learner sees it.
    fn contents(&mut self) -> String {
        self.entries(|entry| entry.visible)
    }

    fn selectable(&mut self) -> String {
        self.entries(|entry| entry.selectable)
    }

    fn valid(&mut self, request: &str) -> String {
        let request: Request = request.parse().expect("a request");
        let found = self.sequencer.look_ahead(None, self.now);
        found.allows(self.sequencer.tree(), &request).to_string()
    }

    /// What a process said in the last request.
    fn why(&self, process: &str) -> String {
        let lines = self.trace.iter().filter(|line| line.process == process);
        let lines: Vec<String> =
            lines.map(|line| format!("{} {}", line.activity.as_deref().unwrap_or("-"), line.text)).collect();
        lines.join("; ")
    }
}

fn report_word(data: &mut RuntimeData, word: &str) {
    let said = |value| Reported::said(Some(value));
    match word.split_once('=').unwrap_or((word, "")) {
        ("completed", _) => data.completion = said(true),
        ("incomplete", _) => data.completion = said(false),
        ("passed", _) => data.success = said(true),
        ("failed", _) => data.success = said(false),
        ("suspend", _) => data.suspend = true,
        ("nothing", _) => {}
        ("progress", value) => data.progress_measure = Some(decimal(value)),
        ("time", value) => data.session_time = Some(span(value)),
        (word, "") if word.contains(':') => data.objectives.push(objective(word)),
        (score, _) => data.scaled = Some(decimal(score)),
    }
}

/// `ID:passed:0.7:raw7:min0:max10:completed:progress0.5`
fn objective(text: &str) -> RuntimeObjective {
    let mut parts = text.split(':');
    let mut objective =
        RuntimeObjective { id: parts.next().expect("an id").to_owned(), ..RuntimeObjective::default() };
    for part in parts {
        let number = |name: &str| part.strip_prefix(name).map(decimal);
        match part {
            "passed" | "failed" => objective.success = Reported::said(Some(part == "passed")),
            "completed" | "incomplete" => objective.completion = Reported::said(Some(part == "completed")),
            _ if part.starts_with("raw") => objective.raw = number("raw"),
            _ if part.starts_with("min") => objective.min = number("min"),
            _ if part.starts_with("max") => objective.max = number("max"),
            _ if part.starts_with("progress") => objective.progress_measure = number("progress"),
            _ => objective.scaled = Some(decimal(part)),
        }
    }
    objective
}

/// What is known about an objective.
fn known(objective: &ObjectiveValues) -> String {
    let text = values(objective);
    if text.is_empty() { "unknown".to_owned() } else { text.trim_start().to_owned() }
}

/// Only what is known, each with a blank before it.
fn values(values: &ObjectiveValues) -> String {
    let word = |value: Option<bool>, yes: &str, no: &str| match value {
        Some(true) => format!(" {yes}"),
        Some(false) => format!(" {no}"),
        None => String::new(),
    };
    let mut text = word(values.completed, "completed", "incomplete");
    text += &word(values.satisfied, "satisfied", "notSatisfied");
    let numbers: [(&str, Option<Decimal>); 5] = [
        ("measure", values.measure),
        ("progress", values.progress_measure),
        ("raw", values.raw),
        ("min", values.min),
        ("max", values.max),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            write!(text, " {name}={value}").expect("text");
        }
    }
    text
}

fn span(text: &str) -> Millis {
    const MS_PER_HUNDREDTH: i64 = 10;
    let hundredths = TimeSpan::parse(text).expect("a duration").hundredths;
    i64::try_from(hundredths).expect("a short duration") * MS_PER_HUNDREDTH
}
