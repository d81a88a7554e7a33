//! Replays a recorded walk, a step at a time, and says where the engine departs from the record.

use crate::{content::Model, manifest};
use lyceum_sequencing::{
    Ix, ObjectiveValues, Outcome, Readings, Request, Sequencer, TocEntry, TraceLine, definitions::Decimal,
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

/// One difference between the engine and a record.
#[derive(Debug, Clone)]
pub struct Difference {
    pub walk: String,
    pub step: usize,
    pub what: &'static str,
    pub detail: String,
    /// Nothing but values that rollup computes, or that follow from them by way of global objectives.
    pub of_rollup: bool,
}

impl Difference {
    /// Whether a kind of `deviations.txt` can be to blame: those about rollup only for values that rollup computes.
    pub fn fits(&self, kind: &str) -> bool {
        !kind.starts_with("rollup-") || (self.what == "state" && self.of_rollup)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { walk, step, what, detail, of_rollup } = self;
        let rollup = if *of_rollup { "rollup" } else { "" };
        write!(f, "{walk} {step} {what} {rollup} {}", detail.chars().take(600).collect::<String>())
    }
}

#[derive(Clone)]
pub struct Walk {
    pub id: String,
    pub sequencer: Sequencer,
    thresholds: Vec<Option<Decimal>>,
    /// Data model instances by activity and number.
    models: BTreeMap<(Ix, u64), Model>,
    /// The content in the frame.
    content: Option<Content>,
    tracking: Map<String, Value>,
    globals: Map<String, Value>,
    valid: Map<String, Value>,
    /// Differences that were met and followed.
    pub explained: Vec<&'static str>,
    /// The places in the state that differed last.
    differing: Vec<String>,
    /// Of the last request, for looking at a single walk.
    pub trace: Vec<TraceLine>,
}

#[derive(Clone)]
struct Content {
    activity: Ix,
    number: u64,
    /// Of the visit; kept when it ends in order.
    model: Model,
    initialized: bool,
    terminated: bool,
}

/// Time stands still in the walks.
const NOW: i64 = 1_800_000_000_000;

impl Walk {
    pub fn new(record: &Value, readings: Readings) -> Self {
        let manifest = manifest::read(record["manifest"].as_str().unwrap());
        let sequencer = Sequencer::new(Arc::new(manifest.tree), 1).with_readings(readings);
        let tracking =
            sequencer.tree().all().map(|ix| (id(&sequencer, ix), json!({ "attempts": 0 }))).collect();
        Self {
            id: record["id"].as_str().unwrap().to_owned(),
            sequencer,
            thresholds: manifest.thresholds,
            models: BTreeMap::new(),
            content: None,
            tracking,
            globals: Map::new(),
            valid: Map::new(),
            explained: Vec::new(),
            differing: Vec::new(),
            trace: Vec::new(),
        }
    }

    pub fn set_readings(&mut self, readings: Readings) {
        self.sequencer = self.sequencer.clone().with_readings(readings);
    }

    /// Does one step. The first difference of most weight, if any.
    pub fn step(&mut self, number: usize, step: &Value) -> Option<Difference> {
        let found = self.perform(step)?;
        let of_rollup = found.0 == "state" && self.differing.iter().all(|place| self.is_rolled_up(place));
        Some(Difference { walk: self.id.clone(), step: number, what: found.0, detail: found.1, of_rollup })
    }

    /// Whether a value is one of a cluster, of a global objective, or read from a global objective.
    fn is_rolled_up(&self, place: &str) -> bool {
        let name = place.split(['.', ':']).next().unwrap_or_default();
        let tree = self.sequencer.tree();
        let Some(ix) = tree.find(name) else { return name == "globals" };
        let objectives = &tree.activity(ix).definition().objectives;
        !tree.activity(ix).is_leaf()
            || objectives.iter().any(|objective| objective.maps.iter().any(|map| !map.read.is_empty()))
    }

    fn perform(&mut self, step: &Value) -> Option<(&'static str, String)> {
        let command: Vec<&str> =
            step["do"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        match command[..] {
            ["init"] => self.initialize(step),
            ["get", element] => self.get(element, step),
            ["set", element, value] => self.set(element, value),
            ["term"] => self.terminate(step),
            _ => self.navigate(&command, &step["seq"]),
        }
    }

    fn model(&mut self) -> Option<&mut Model> {
        Some(&mut self.content.as_mut()?.model)
    }

    fn initialize(&mut self, step: &Value) -> Option<(&'static str, String)> {
        let content = self.content.as_mut()?;
        content.initialized = true;
        let activity = content.activity;
        let seeds = self.sequencer.objective_seeds(activity);
        let model = self.model()?;
        model.initialize(&seeds);
        let expected = step.get("objectives")?;
        let ids = json!(model.objective_ids());
        (ids != *expected).then(|| ("objectives", format!("{ids} instead of {expected}")))
    }

    fn get(&mut self, element: &str, step: &Value) -> Option<(&'static str, String)> {
        if element.starts_with("adl.nav.") || element == "cmi.entry" {
            return None;
        }
        let model = self.model()?;
        let value = model.resolve(element).map(|element| model.get(&element)).unwrap_or_default();
        let expected = step["ret"].as_str().unwrap();
        (!same_text(&value, expected))
            .then(|| ("get", format!("{element}: \"{value}\" instead of \"{expected}\"")))
    }

    fn set(&mut self, element: &str, value: &str) -> Option<(&'static str, String)> {
        let model = self.model()?;
        let element = model.resolve(element)?;
        model.set(&element, value);
        None
    }

    fn terminate(&mut self, step: &Value) -> Option<(&'static str, String)> {
        let navigation: Option<Vec<&str>> = step
            .get("nav")
            .map(|nav| nav.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect());
        // The Sample RTE drops what content reports in a visit that is abandoned.
        if !navigation.as_ref().is_some_and(|navigation| navigation[0].starts_with("abandon")) {
            self.report(navigation.as_deref() == Some(&["suspendAll"]));
        }
        let navigation = navigation?;
        self.navigate(&navigation, &step["seq"])
    }

    fn report(&mut self, suspend: bool) {
        let Some(content) =
            self.content.as_mut().filter(|content| content.initialized && !content.terminated)
        else {
            return;
        };
        content.terminated = true;
        let activity = content.activity;
        let model = self.model().unwrap();
        if suspend {
            model.set("cmi.exit", "suspend");
        }
        let report = model.terminate();
        let kept = model.clone();
        let content = self.content.as_ref().unwrap();
        self.models.insert((activity, content.number), kept);
        self.sequencer.apply_runtime(activity, &report, NOW);
    }

    fn navigate(&mut self, command: &[&str], expected: &Value) -> Option<(&'static str, String)> {
        for key in ["choice", "jump"] {
            if let Some(list) = expected.get("valid").and_then(|valid| valid.get(key)) {
                self.valid.insert(key.into(), list.clone());
            }
        }
        if expected["refused"] == json!(true) {
            return self.compare_state(expected);
        }
        let mut request = command.join(" ");
        if request == "start" && self.sequencer.current().is_none() && self.sequencer.suspended().is_some() {
            request = "resumeAll".into();
        }
        let request: Request = request.parse().unwrap();
        self.sequencer.set_tracing(std::env::var_os("WALK").is_some());
        let outcome = self.sequencer.navigate(&request, NOW);
        self.trace.clone_from(&outcome.trace);
        self.note_refusal(&outcome, expected);
        if let Some(activity) = outcome.delivered {
            self.launch(activity, expected["attempt"].as_u64().unwrap_or(0));
        } else if outcome.ended.is_some() {
            self.content = None;
        }
        self.compare_outcome(&outcome, expected)
            .or_else(|| self.compare_state(expected))
            .or_else(|| self.compare_valid(expected))
    }

    /// What may be requested: choices as the reference's own SB.2.9 and DB.1.1 accept them, jumps, Previous.
    fn compare_valid(&mut self, expected: &Value) -> Option<(&'static str, String)> {
        let valid = expected.get("valid")?;
        let names = |value: &Value| -> BTreeSet<String> {
            value.as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let mut choice = names(self.valid.get("choice").unwrap_or(&Value::Null));
        let diff = &valid["choice_diff"];
        names(&diff["toc_only"]).iter().for_each(|name| {
            choice.remove(name);
        });
        choice.extend(names(&diff["seq_only"]));
        let look_ahead = self.sequencer.look_ahead(None, NOW);
        let chosen = |wanted: fn(&TocEntry) -> bool| -> BTreeSet<String> {
            let entries = look_ahead.entries.iter().filter(|entry| wanted(entry));
            entries.map(|entry| id(&self.sequencer, entry.activity)).collect()
        };
        let ours = chosen(|entry| entry.selectable);
        if ours != choice {
            let more: Vec<_> = ours.difference(&choice).collect();
            let less: Vec<_> = choice.difference(&ours).collect();
            return Some(("choice", format!("more {more:?} less {less:?}")));
        }
        let (ours, jump) =
            (chosen(|entry| entry.jump), names(self.valid.get("jump").unwrap_or(&Value::Null)));
        // The Sample RTE looks at the target alone, DB.1.1 also at the clusters around it.
        if !ours.is_subset(&jump) {
            let more: Vec<_> = ours.difference(&jump).collect();
            return Some(("jump", format!("more {more:?}")));
        }
        let previous = valid["flags"].as_str().unwrap().contains('p');
        (look_ahead.previous != previous).then(|| ("previous", format!("{}", look_ahead.previous)))
    }

    /// A choice that NB.2.1 refuses leaves everything as it is. The Sample RTE ends the current activity before it finds out;
    /// to follow it further, the same is done here.
    fn note_refusal(&mut self, outcome: &Outcome, expected: &Value) {
        let refused = outcome.exception.is_some_and(|exception| exception.code().starts_with("NB.2.1-"));
        let active = self.sequencer.current().is_some_and(|ix| self.sequencer.status(ix).active);
        if refused && active && expected["special"] == "SEQBLOCKED" {
            self.explained.push("NB.2.1 7: a choice that is not allowed ends nothing");
            self.sequencer.navigate(&Request::Exit, NOW);
        }
    }

    fn launch(&mut self, activity: Ix, number: u64) {
        let tree = self.sequencer.tree();
        let fresh = || Model::new(tree, activity, self.thresholds[activity.index()]);
        let model = self.models.get(&(activity, number)).cloned().unwrap_or_else(fresh);
        self.content = Some(Content { activity, number, model, initialized: false, terminated: false });
    }

    fn compare_outcome(&self, outcome: &Outcome, expected: &Value) -> Option<(&'static str, String)> {
        let ours = json!({
            "delivered": outcome.delivered.map(|ix| id(&self.sequencer, ix)),
            "ended": outcome.ended.is_some(),
            "current": self.sequencer.current().map(|ix| id(&self.sequencer, ix)),
            "suspended_at": self.sequencer.suspended().map(|ix| id(&self.sequencer, ix)),
        });
        for key in ["delivered", "ended", "current", "suspended_at"] {
            let theirs = match &expected[key] {
                Value::Null if key == "ended" => &json!(false),
                other => other,
            };
            if ours[key] != *theirs {
                let special = &expected["special"];
                let exception = outcome.exception.map(|exception| exception.code());
                return Some((
                    match key {
                        "delivered" => "delivered",
                        "ended" => "ended",
                        "current" => "current",
                        _ => "suspended_at",
                    },
                    format!(
                        "{key}: {} instead of {theirs} ({special}, {exception:?}, notes {})",
                        ours[key], expected["notes"]
                    ),
                ));
            }
        }
        None
    }

    fn compare_state(&mut self, expected: &Value) -> Option<(&'static str, String)> {
        merge(&mut self.tracking, &expected["tracking"]);
        merge(&mut self.globals, &expected["globals"]);
        // Globals that do not outlive the attempt are forgotten at its end there, here only when the next one begins.
        if self.sequencer.current().is_none()
            && self.sequencer.suspended().is_none()
            && !self.sequencer.tree().globals_outlive_attempt()
        {
            return None;
        }
        let mut found = Vec::new();
        for ix in self.sequencer.tree().all() {
            let name = id(&self.sequencer, ix);
            let mut ours = self.activity_state(ix);
            let mut theirs = self.tracking[&name].clone();
            // The Sample RTE hides an activity's progress measure once its parent begins another attempt, and then does not
            // know either what follows from it.
            let control = self.sequencer.tree().activity(ix).definition().control;
            if theirs.get("completion").is_none()
                && !control.use_current_attempt_progress_info
                && self.belongs_to_former_attempt(ix)
            {
                ours.as_object_mut().unwrap().remove("completion");
            }
            if theirs.get("progress_measure").is_none() && self.belongs_to_former_attempt(ix) {
                ours.as_object_mut().unwrap().remove("progress_measure");
                if self.sequencer.tree().activity(ix).definition().completion.completed_by_measure {
                    ours.as_object_mut().unwrap().remove("completion");
                    theirs.as_object_mut().unwrap().remove("completion");
                }
            }
            // Where the progress measure decides, the completion of the objective entry is neither here nor there.
            if self.sequencer.tree().activity(ix).definition().completion.completed_by_measure {
                let primary = &self.sequencer.tree().activity(ix).definition().objectives.primary.id;
                for state in [&mut ours, &mut theirs] {
                    let entry = primary.as_ref().and_then(|id| state.get_mut("objectives")?.get_mut(id));
                    entry.and_then(Value::as_object_mut).map(|entry| entry.remove("completion"));
                }
            }
            found.extend(differences(&name, &ours, &theirs));
        }
        found.extend(differences("globals", &self.global_state(), &Value::Object(self.globals.clone())));
        let text = format!("{} {}", expected["notes"], found.join("; "));
        let differs = !found.is_empty();
        self.differing = found;
        differs.then_some(("state", text))
    }

    fn belongs_to_former_attempt(&self, ix: Ix) -> bool {
        let tree = self.sequencer.tree();
        let mut path = std::iter::successors(Some(ix), |ix| tree.activity(*ix).parent());
        path.any(|ix| self.sequencer.status(ix).of_former_attempt)
    }

    fn activity_state(&self, ix: Ix) -> Value {
        let status = self.sequencer.status(ix);
        let tracked = self.sequencer.tree().activity(ix).definition().delivery.tracked;
        let values = &status.values;
        let mut state = Map::new();
        state.insert("attempts".into(), json!(if tracked { status.attempts } else { 0 }));
        for (key, set) in [("active", status.active), ("suspended", status.suspended)] {
            if set {
                state.insert(key.into(), json!(true));
            }
        }
        put_values(&mut state, values, ["passed", "failed"], false);
        let objectives: Map<String, Value> = self
            .sequencer
            .objective_seeds(ix)
            .into_iter()
            .map(|seed| {
                let mut state = Map::new();
                put_values(&mut state, &seed.values, ["passed", "failed"], true);
                (seed.id, Value::Object(state))
            })
            .collect();
        if !objectives.is_empty() {
            state.insert("objectives".into(), Value::Object(objectives));
        }
        Value::Object(state)
    }

    fn global_state(&self) -> Value {
        let globals = self.sequencer.globals().filter_map(|(name, values)| {
            let mut state = Map::new();
            put_values(&mut state, values, ["satisfied", "notSatisfied"], true);
            (!state.is_empty()).then(|| (name.to_owned(), Value::Object(state)))
        });
        Value::Object(globals.collect())
    }
}

fn put_values(state: &mut Map<String, Value>, values: &ObjectiveValues, words: [&str; 2], scores: bool) {
    let mut number = |key: &str, value: Option<Decimal>| {
        if let Some(value) = value {
            state.insert(key.into(), json!(value.to_string()));
        }
    };
    number("measure", values.measure);
    number("progress_measure", values.progress_measure);
    if scores {
        number("raw", values.raw);
        number("min", values.min);
        number("max", values.max);
    }
    if let Some(completed) = values.completed {
        state.insert("completion".into(), json!(if completed { "completed" } else { "incomplete" }));
    }
    if let Some(satisfied) = values.satisfied {
        state.insert("success".into(), json!(words[usize::from(!satisfied)]));
    }
}

fn id(sequencer: &Sequencer, ix: Ix) -> String {
    sequencer.tree().activity(ix).id().to_owned()
}

/// Applies a delta of a record.
fn merge(known: &mut Map<String, Value>, delta: &Value) {
    for (key, value) in delta.as_object().into_iter().flatten() {
        known.insert(key.clone(), value.clone());
    }
    known.retain(|_, value| !value.is_null());
}

/// The places where two values differ, numbers compared within a millionth whether written as numbers or as text. An object
/// without members is as good as none.
fn differences(path: &str, ours: &Value, theirs: &Value) -> Vec<String> {
    let empty = Map::new();
    let members = |value: &Value| match value {
        Value::Object(map) => Some(map.clone()),
        Value::Null => Some(empty.clone()),
        _ => None,
    };
    if let (Some(ours), Some(theirs)) = (members(ours), members(theirs)) {
        let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        let side = |map: &Map<String, Value>, key: &String| map.get(key).cloned().unwrap_or(Value::Null);
        return keys
            .into_iter()
            .flat_map(|key| differences(&format!("{path}.{key}"), &side(&ours, key), &side(&theirs, key)))
            .collect();
    }
    let equal = match (ours, theirs) {
        (Value::Number(_) | Value::String(_), Value::Number(_) | Value::String(_)) => {
            same_text(&plain(ours), &plain(theirs))
        }
        _ => ours == theirs,
    };
    if equal { Vec::new() } else { vec![format!("{path}: {ours} instead of {theirs}")] }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn same_text(ours: &str, theirs: &str) -> bool {
    match (ours.parse::<f64>(), theirs.parse::<f64>()) {
        (Ok(ours), Ok(theirs)) => (ours - theirs).abs() < 1e-6,
        _ => ours == theirs,
    }
}
