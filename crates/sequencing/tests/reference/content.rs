//! A stand-in for the run-time data model, as far as sequencing depends on it.

use lyceum_sequencing::{
    Ix, ObjectiveSeed, Reported, RuntimeData, RuntimeObjective, Tree, definitions::Decimal,
};
use std::collections::BTreeMap;

/// The data model instance of one attempt of a SCO.
#[derive(Clone, Default)]
pub struct Model {
    values: BTreeMap<String, String>,
    /// Elements that the content itself has set.
    set_by_content: BTreeMap<String, ()>,
    objectives: Vec<String>,
    thresholds: Thresholds,
}

#[derive(Clone, Copy, Default)]
struct Thresholds {
    scaled_passing_score: Option<Decimal>,
    completion_threshold: Option<Decimal>,
}

impl Model {
    pub fn new(tree: &Tree, activity: Ix, completion_threshold: Option<Decimal>) -> Self {
        let primary = &tree.activity(activity).definition().objectives.primary;
        let scaled_passing_score = primary.satisfied_by_measure.then_some(primary.min_normalized_measure);
        let thresholds = Thresholds { scaled_passing_score, completion_threshold };
        Self { thresholds, ..Self::default() }
    }

    /// Initialize: objectives come from the tracking model.
    pub fn initialize(&mut self, seeds: &[ObjectiveSeed]) {
        for seed in seeds {
            let index = self.index(&seed.id);
            let mut put = |field: &str, value: Option<String>| {
                if let Some(value) = value {
                    let element = format!("cmi.objectives.{index}.{field}");
                    self.set_by_content.remove(&element);
                    self.values.insert(element, value);
                }
            };
            let values = &seed.values;
            let word = |value: Option<bool>, yes: &str, no: &str| {
                value.map(|value| if value { yes } else { no }.to_owned())
            };
            let number = |value: Option<Decimal>| value.map(|value| value.to_string());
            put("success_status", word(values.satisfied, "passed", "failed"));
            put(
                "completion_status",
                word(values.completed, "completed", "incomplete").or(Some("unknown".into())),
            );
            put("score.scaled", number(values.measure));
            put("score.raw", number(values.raw));
            put("score.min", number(values.min));
            put("score.max", number(values.max));
            put("progress_measure", number(values.progress_measure));
        }
        self.values.remove("cmi.exit");
        self.values.remove("adl.nav.request");
    }

    fn index(&mut self, id: &str) -> usize {
        self.objectives.iter().position(|known| known == id).unwrap_or_else(|| {
            self.objectives.push(id.to_owned());
            self.objectives.len() - 1
        })
    }

    pub fn objective_ids(&self) -> Vec<String> {
        let mut ids = self.objectives.clone();
        ids.sort();
        ids
    }

    /// `cmi.objectives.{ID}.x` with the index in the place of the braces; `None` when there is no such objective.
    pub fn resolve(&self, element: &str) -> Option<String> {
        let Some(rest) = element.strip_prefix("cmi.objectives.{") else { return Some(element.to_owned()) };
        let (id, field) = rest.split_once('}')?;
        let index = self.objectives.iter().position(|known| known == id)?;
        Some(format!("cmi.objectives.{index}{field}"))
    }

    pub fn set(&mut self, element: &str, value: &str) {
        if let Some(index) = element.strip_prefix("cmi.objectives.").and_then(|rest| rest.strip_suffix(".id"))
        {
            if index.parse() == Ok(self.objectives.len()) {
                self.objectives.push(value.to_owned());
            }
            return;
        }
        self.values.insert(element.to_owned(), value.to_owned());
        self.set_by_content.insert(element.to_owned(), ());
    }

    pub fn get(&self, element: &str) -> String {
        match element {
            "cmi.completion_status" => self.by_threshold(
                element,
                self.thresholds.completion_threshold,
                "cmi.progress_measure",
                ["completed", "incomplete"],
            ),
            "cmi.success_status" => self.by_threshold(
                element,
                self.thresholds.scaled_passing_score,
                "cmi.score.scaled",
                ["passed", "failed"],
            ),
            _ => {
                let status = element.ends_with("_status");
                self.values.get(element).cloned().unwrap_or(if status {
                    "unknown".into()
                } else {
                    String::new()
                })
            }
        }
    }

    fn by_threshold(
        &self,
        element: &str,
        threshold: Option<Decimal>,
        measure: &str,
        words: [&str; 2],
    ) -> String {
        let plain = || self.values.get(element).cloned().unwrap_or_else(|| "unknown".into());
        match (threshold, self.number(measure)) {
            (None, _) => plain(),
            (Some(_), None) => "unknown".into(),
            (Some(threshold), Some(measure)) => words[usize::from(measure < threshold)].into(),
        }
    }

    fn number(&self, element: &str) -> Option<Decimal> {
        self.values.get(element).and_then(|text| Decimal::parse(text).ok())
    }

    fn stored(&self, element: &str) -> Reported {
        let value = match self.values.get(element).map_or("unknown", String::as_str) {
            "completed" | "passed" => Some(true),
            "incomplete" | "failed" | "not attempted" => Some(false),
            _ => None,
        };
        Reported { value, by_content: self.set_by_content.contains_key(element) }
    }

    /// What Terminate hands to sequencing. Statuses that follow from thresholds take the place of what the content set.
    pub fn terminate(&mut self) -> RuntimeData {
        if self.thresholds.completion_threshold.is_some() && self.number("cmi.progress_measure").is_some() {
            self.conclude("cmi.completion_status");
        }
        if self.thresholds.scaled_passing_score.is_some() {
            self.conclude("cmi.success_status");
        }
        RuntimeData {
            completion: self.stored("cmi.completion_status"),
            success: self.stored("cmi.success_status"),
            scaled: self.number("cmi.score.scaled"),
            progress_measure: self.number("cmi.progress_measure"),
            objectives: self.objectives.iter().enumerate().map(|(i, id)| self.objective(i, id)).collect(),
            suspend: ["suspend", "logout"].contains(&self.get("cmi.exit").as_str()),
            session_time: None,
        }
    }

    fn conclude(&mut self, element: &str) {
        self.values.insert(element.to_owned(), self.get(element));
        self.set_by_content.remove(element);
    }

    fn objective(&self, index: usize, id: &str) -> RuntimeObjective {
        let element = |field: &str| format!("cmi.objectives.{index}.{field}");
        RuntimeObjective {
            id: id.to_owned(),
            success: self.stored(&element("success_status")),
            completion: self.stored(&element("completion_status")),
            scaled: self.number(&element("score.scaled")),
            raw: self.number(&element("score.raw")),
            min: self.number(&element("score.min")),
            max: self.number(&element("score.max")),
            progress_measure: self.number(&element("progress_measure")),
        }
    }
}
