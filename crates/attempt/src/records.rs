//! What content reported, as records of plain values: for reports, exports and columns of a database.
//!
//! A record has the texts as they were sent, and beside them what they mean where that can be told: words of the standard,
//! hundredths of a second, milliseconds since 1970. The shape is the same for all editions; what an edition does not have is
//! missing.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::time::Timestamp;
use lyceum_cmi::{Comment, Edition, Family, Interaction, InteractionResult, Model, Objective};
use serde::Serialize;

use crate::Millis;
use crate::state::State;
use crate::summary::Score;

/// Everything of one activity that is more than a single value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Records {
    /// `cmi.interactions`, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interactions: Vec<InteractionRecord>,
    /// `cmi.objectives`, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<ObjectiveRecord>,
    /// `cmi.comments_from_learner` (2004), `cmi.comments` (SCORM 1.1, 1.2: one text), `cmi.evaluation.comments` (AICC).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CommentRecord>,
    /// `cmi.learner_preference` (2004), `cmi.student_preference` (1.1, 1.2, AICC).
    #[serde(skip_serializing_if = "PreferenceRecord::is_empty")]
    pub preference: PreferenceRecord,
    /// `adl.data` (2004 4th edition).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_data: Vec<SharedDataRecord>,
}

/// A question, and what the learner did with it (RTE 2004 4.2.9; RTE 1.2 3.4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InteractionRecord {
    /// Position, from 0.
    pub index: usize,
    /// `id`; missing where content reported none.
    pub id: Option<String>,
    /// `type`: the standard's word where it is one, else as sent.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `objectives.n.id`.
    pub objectives: Vec<String>,
    /// `learner_response` or `student_response`, as sent.
    pub response: Option<String>,
    /// `correct_responses.n.pattern`, as sent.
    pub correct_responses: Vec<String>,
    /// `result`: correct, incorrect, unanticipated, neutral or a number; else as sent.
    pub result: Option<String>,
    /// `weighting`, a decimal number.
    pub weighting: Option<String>,
    /// `latency`, in hundredths of a second.
    pub latency: Option<u64>,
    /// `timestamp` (2004) or `time` (1.1, 1.2, AICC), as sent.
    pub timestamp: Option<String>,
    /// The same as a point in time; a time of day is none.
    pub at: Option<Millis>,
    /// `description` (2004).
    pub description: Option<String>,
}

/// A learning objective and what is known of it (RTE 2004 4.2.17; RTE 1.2 3.4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObjectiveRecord {
    /// Position, from 0.
    pub index: usize,
    /// `id`.
    pub id: Option<String>,
    /// `status` (1.1, 1.2, AICC).
    pub status: Option<&'static str>,
    /// `completion_status` (2004).
    pub completion: Option<&'static str>,
    /// `success_status` (2004).
    pub success: Option<&'static str>,
    /// `score`.
    pub score: Score,
    /// `progress_measure` (2004), a decimal number from 0 to 1.
    pub progress: Option<String>,
    /// `description` (2004).
    pub description: Option<String>,
}

/// A remark of the learner (RTE 2004 4.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CommentRecord {
    /// The text.
    pub comment: Option<String>,
    /// The place that it is about.
    pub location: Option<String>,
    /// When it was made, as sent.
    pub timestamp: Option<String>,
    /// The same as a point in time.
    pub at: Option<Millis>,
}

/// How the learner wants content to be (RTE 2004 4.2.14); texts as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PreferenceRecord {
    /// `audio_level` or `audio`.
    pub audio: Option<String>,
    /// `language`.
    pub language: Option<String>,
    /// `delivery_speed` or `speed`.
    pub speed: Option<String>,
    /// `audio_captioning` or `text`.
    pub captioning: Option<String>,
}

/// A store that activities and courses share (RTE 2004 4th edition 4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SharedDataRecord {
    /// Identifier from the manifest.
    pub id: String,
    /// What it holds; missing where nothing was stored.
    pub value: Option<String>,
}

/// The records of every activity that was visited, by its identifier.
pub fn of_state(state: &State) -> impl Iterator<Item = (&str, Records)> {
    state.activities().iter().map(|(id, activity)| (id.as_str(), Records::of(activity.model())))
}

impl Records {
    /// The records in a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        Self {
            interactions: model.interactions().map(InteractionRecord::of).collect(),
            objectives: model.objectives().map(ObjectiveRecord::of).collect(),
            comments: comments(model),
            preference: PreferenceRecord::of(model),
            shared_data: model
                .shared_data()
                .map(|store| SharedDataRecord { id: store.id.to_string(), value: owned(store.value) })
                .collect(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl InteractionRecord {
    fn of(from: Interaction<'_>) -> Self {
        Self {
            index: from.index(),
            id: owned(from.id()),
            kind: from.kind().map(|kind| kind.as_str().to_string()).or_else(|| owned(from.kind_text())),
            objectives: from.objectives().map(ToString::to_string).collect(),
            response: owned(from.response()),
            correct_responses: from.correct_responses().map(ToString::to_string).collect(),
            result: from.result().map(result).or_else(|| owned(from.result_text())),
            weighting: from.weighting().map(|number| number.to_string()),
            latency: from.latency(),
            timestamp: owned(from.timestamp_text()),
            at: from.timestamp().map(|at| millis(&at)),
            description: owned(from.description()),
        }
    }
}

impl ObjectiveRecord {
    fn of(from: Objective<'_>) -> Self {
        Self {
            index: from.index(),
            id: owned(from.id()),
            status: from.status().map(|status| status.as_str()),
            completion: from.completion_status().map(|status| status.as_str()),
            success: from.success_status().map(|status| status.as_str()),
            score: Score::from(from.score()),
            progress: from.progress_measure().map(|number| number.to_string()),
            description: owned(from.description()),
        }
    }
}

impl CommentRecord {
    fn of(from: Comment<'_>) -> Self {
        Self {
            comment: owned(from.comment()),
            location: owned(from.location()),
            timestamp: owned(from.timestamp_text()),
            at: from.timestamp().map(|at| millis(&at)),
        }
    }
}

impl PreferenceRecord {
    fn of(model: &Model) -> Self {
        let names = match model.edition().family() {
            Family::Ieee => [
                "cmi.learner_preference.audio_level",
                "cmi.learner_preference.language",
                "cmi.learner_preference.delivery_speed",
                "cmi.learner_preference.audio_captioning",
            ],
            Family::Cmi => [
                "cmi.student_preference.audio",
                "cmi.student_preference.language",
                "cmi.student_preference.speed",
                "cmi.student_preference.text",
            ],
        };
        let [audio, language, speed, captioning] = names.map(|name| owned(model.value(name)));
        Self { audio, language, speed, captioning }
    }

    /// Whether the learner has said nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl From<lyceum_cmi::Score> for Score {
    fn from(score: lyceum_cmi::Score) -> Self {
        let text = |number: Option<lyceum_cmi::Decimal>| number.map(|number| number.to_string());
        Self { scaled: text(score.scaled), raw: text(score.raw), min: text(score.min), max: text(score.max) }
    }
}

/// SCORM 1.1 and 1.2 have one text for all remarks.
fn comments(model: &Model) -> Vec<CommentRecord> {
    let text = model.comments().filter(|text| !text.is_empty() && model.edition() != Edition::Aicc);
    let only = text.map(|text| CommentRecord { comment: Some(text.to_string()), ..CommentRecord::default() });
    model.comments_from_learner().map(CommentRecord::of).chain(only).collect()
}

fn result(result: InteractionResult) -> String {
    match result {
        InteractionResult::Correct => "correct".into(),
        InteractionResult::Incorrect => "incorrect".into(),
        InteractionResult::Unanticipated => "unanticipated".into(),
        InteractionResult::Neutral => "neutral".into(),
        InteractionResult::Number(number) => number.to_string(),
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(ToString::to_string)
}

fn millis(at: &Timestamp) -> Millis {
    at.unix_hundredths().saturating_mul(10)
}
