//! What a commit says: elements and values, flat or nested, and around them who, where and which.

use lyceum_app::limits::{MAX_COMMIT_BODY, MAX_COMMIT_ENTRIES, MAX_NAME_BYTES};
use serde_json::{Map, Value};

use crate::body::{BodyError, listed};

/// Names of what is not a value, in a form.
pub(crate) const META: [&str; 8] = [
    "learner",
    "learner_name",
    "session_id",
    "sequence",
    "activity",
    "terminate",
    "new_attempt",
    "learnerId",
];

/// Bytes of all names and values together. Nesting repeats names: a small body could otherwise become a large one.
const MAX_FLAT_BYTES: usize = 2 * MAX_COMMIT_BODY;

/// A commit, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) learner: Option<String>,
    pub(crate) learner_name: Option<String>,
    /// What scorm-again adds by itself where it is told to; counts only where nobody else is named.
    pub(crate) learner_id: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) sequence: Option<u64>,
    pub(crate) activity: Option<String>,
    pub(crate) ends: bool,
    pub(crate) new_attempt: bool,
    pub(crate) values: Vec<(String, String)>,
    bytes: usize,
}

impl Payload {
    pub(crate) fn read(body: Map<String, Value>) -> Result<Self, BodyError> {
        let mut payload = Self::default();
        payload.all_of(body, true)?;
        Ok(payload)
    }

    fn all_of(&mut self, body: Map<String, Value>, is_outer: bool) -> Result<(), BodyError> {
        for (name, value) in body {
            match name.as_str() {
                "cmi" | "adl" => self.flatten(name, value)?,
                name_of if name_of.starts_with("cmi.") || name_of.starts_with("adl.") => {
                    self.flatten(name, value)?;
                }
                // scorm-again's commit object holds the data model beside what it comes to, which the engine finds itself.
                "runtimeData" | "values" | "data" if is_outer => match value {
                    Value::Object(inner) => self.all_of(inner, false)?,
                    Value::Array(pairs) => self.all_of(listed(pairs)?, false)?,
                    _ => {}
                },
                _ if is_outer => self.meta(&name, &value)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn meta(&mut self, name: &str, value: &Value) -> Result<(), BodyError> {
        let text = || text(value).map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string));
        let is_yes = || value.as_bool().unwrap_or(false) || crate::asked::is_yes(text().as_deref());
        match name {
            "learner" => self.learner = text(),
            "learner_name" => self.learner_name = text(),
            "learnerId" => self.learner_id = text(),
            "session_id" | "session" | "sessionId" => self.session = text(),
            // A commit with a number that cannot be read would lose its place, and its repetitions would count.
            "sequence" => self.sequence = sequence(text().as_deref())?,
            "activity" => self.activity = text(),
            "terminate" => self.ends = is_yes(),
            "new_attempt" => self.new_attempt = is_yes(),
            _ => {}
        }
        Ok(())
    }

    fn flatten(&mut self, name: String, value: Value) -> Result<(), BodyError> {
        if name.len() > MAX_NAME_BYTES {
            return Err(BodyError::TooMuch("64 KiB in one element"));
        }
        let text = match value {
            Value::Object(inner) => {
                return inner
                    .into_iter()
                    .try_for_each(|(leaf, value)| self.flatten(format!("{name}.{leaf}"), value));
            }
            Value::Array(inner) => {
                let mut numbered = inner.into_iter().enumerate();
                return numbered.try_for_each(|(n, value)| self.flatten(format!("{name}.{n}"), value));
            }
            Value::Null => return Ok(()),
            Value::String(text) => text,
            Value::Bool(is) => is.to_string(),
            Value::Number(number) => number.to_string(),
        };
        self.bytes += name.len() + text.len();
        if self.bytes > MAX_FLAT_BYTES {
            return Err(BodyError::TooMuch("32 MiB of elements and values"));
        }
        if self.values.len() >= MAX_COMMIT_ENTRIES {
            return Err(BodyError::TooMuch("50,000 values"));
        }
        self.values.push((name, text));
        Ok(())
    }
}

/// The caller's own number of a commit, if it gave one.
pub(crate) fn sequence(given: Option<&str>) -> Result<Option<u64>, BodyError> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    given.map(|text| text.parse().map_err(|_| BodyError::NotNumbered)).transpose()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(body: &Value) -> Result<Vec<(String, String)>, BodyError> {
        let Value::Object(body) = body.clone() else { panic!("an object") };
        Payload::read(body).map(|payload| payload.values)
    }

    #[test]
    fn nested_and_flat_are_the_same() {
        use serde_json::json;
        let flat = json!({"cmi.interactions.0.id": "q", "cmi.score.raw": 8, "learner": "ada"});
        let nested = json!({"cmi": {"interactions": {"0": {"id": "q"}}, "score": {"raw": 8}, "exit": null}});
        let array =
            json!({"cmi": {"interactions": [{"id": "q"}], "score": {"raw": "8"}}, "score": {"raw": 9}});
        let committed = json!({"successStatus": "unknown", "totalTimeSeconds": 3, "runtimeData": nested});
        let listed = json!({"runtimeData": ["cmi.interactions.0.id=q", "cmi.score.raw=8"]});
        for body in [&flat, &nested, &array, &committed, &listed] {
            let mut found = values(body).expect("understood");
            found.sort();
            let expected = [("cmi.interactions.0.id", "q"), ("cmi.score.raw", "8")];
            assert_eq!(found, expected.map(|(e, v)| (e.to_owned(), v.to_owned())), "{body}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_not_passed_over() {
        use serde_json::json;
        let read = |sequence: Value| {
            let Value::Object(body) = json!({"sequence": sequence}) else { panic!("an object") };
            Payload::read(body).map(|payload| payload.sequence)
        };
        for (given, expected) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(0), Some(0)),
            (json!(""), None),
            (Value::Null, None),
        ] {
            assert_eq!(read(given.clone()).expect("understood"), expected, "{given}");
        }
        for given in [json!("seven"), json!(-1), json!(1.5), json!("1e3")] {
            assert!(matches!(read(given.clone()), Err(BodyError::NotNumbered)), "{given}");
        }
    }

    #[test]
    fn nesting_cannot_make_much_of_little() {
        let leaves: Map<String, Value> = (0..2_000).map(|n| (n.to_string(), Value::from(1))).collect();
        let body = serde_json::json!({"cmi": {"x".repeat(60_000): leaves}});
        assert!(matches!(values(&body), Err(BodyError::TooMuch(_))));
        let body = serde_json::json!({"cmi": {"x".repeat(70_000): 1}});
        assert!(matches!(values(&body), Err(BodyError::TooMuch(_))));
        let many: Vec<Value> = (0..=MAX_COMMIT_ENTRIES).map(Value::from).collect();
        assert!(matches!(values(&serde_json::json!({"cmi": many})), Err(BodyError::TooMuch(_))));
    }
}
