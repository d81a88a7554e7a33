use alloc::{string::String, vec::Vec};
use core::iter;

use serde::{Deserialize, Serialize};

use super::{Decimal, is_default};

/// The objectives of an activity (SN 3.10; `imsss:objectives` and `adlseq:objectives` merged).
///
/// There is always exactly one primary objective, the one that takes part in rollup; an activity whose author
/// defined none has an unnamed one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objectives {
    /// The objective that contributes to rollup.
    #[serde(skip_serializing_if = "is_default")]
    pub primary: Objective,
    /// The others, in document order.
    #[serde(skip_serializing_if = "is_default")]
    pub others: Vec<Objective>,
}

impl Objectives {
    /// The primary objective and then the others in document order.
    pub fn iter(&self) -> impl Iterator<Item = &Objective> {
        iter::once(&self.primary).chain(&self.others)
    }

    /// The objective with this id (ids are case-sensitive).
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Objective> {
        self.iter().find(|objective| objective.id.as_deref() == Some(id))
    }
}

/// One objective of an activity (SN 3.10.1; `imsss:primaryObjective`, `imsss:objective`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objective {
    /// Its id within the activity; only the primary objective may have none.
    #[serde(skip_serializing_if = "is_default")]
    pub id: Option<String>,
    /// Satisfaction follows from the measure. Default false.
    pub satisfied_by_measure: bool,
    /// Measure from which on the objective is satisfied, -1 to 1. Default 1.
    pub min_normalized_measure: Decimal,
    /// Maps to global objectives, in document order.
    #[serde(skip_serializing_if = "is_default")]
    pub maps: Vec<ObjectiveMap>,
}

impl Default for Objective {
    fn default() -> Self {
        Self { id: None, satisfied_by_measure: false, min_normalized_measure: Decimal::ONE, maps: Vec::new() }
    }
}

/// What an objective shares with one global objective (SN 3.10.2).
///
/// `imsss:mapInfo` says it for satisfaction and normalized measure, `adlseq:mapInfo` (4th edition) for the
/// rest. Where one of the two is absent, its fields are neither read nor written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectiveMap {
    /// Id of the global objective.
    pub target: String,
    /// What the activity takes from the global objective.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read: MappedFields,
    /// What the activity puts into the global objective.
    #[serde(default, skip_serializing_if = "is_default")]
    pub write: MappedFields,
}

/// The fields of an objective that a map reads, or writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MappedFields {
    /// `imsss`: satisfied status.
    #[serde(skip_serializing_if = "is_default")]
    pub satisfied_status: bool,
    /// `imsss`: normalized measure (`cmi` scaled score).
    #[serde(skip_serializing_if = "is_default")]
    pub normalized_measure: bool,
    /// `adlseq`: raw score.
    #[serde(skip_serializing_if = "is_default")]
    pub raw_score: bool,
    /// `adlseq`: lowest possible score.
    #[serde(skip_serializing_if = "is_default")]
    pub min_score: bool,
    /// `adlseq`: highest possible score.
    #[serde(skip_serializing_if = "is_default")]
    pub max_score: bool,
    /// `adlseq`: completion status.
    #[serde(skip_serializing_if = "is_default")]
    pub completion_status: bool,
    /// `adlseq`: progress measure.
    #[serde(skip_serializing_if = "is_default")]
    pub progress_measure: bool,
}

impl MappedFields {
    /// No field at all.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The fields that are in both.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self {
            satisfied_status: self.satisfied_status && other.satisfied_status,
            normalized_measure: self.normalized_measure && other.normalized_measure,
            raw_score: self.raw_score && other.raw_score,
            min_score: self.min_score && other.min_score,
            max_score: self.max_score && other.max_score,
            completion_status: self.completion_status && other.completion_status,
            progress_measure: self.progress_measure && other.progress_measure,
        }
    }

    /// The fields that are in one of the two.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            satisfied_status: self.satisfied_status || other.satisfied_status,
            normalized_measure: self.normalized_measure || other.normalized_measure,
            raw_score: self.raw_score || other.raw_score,
            min_score: self.min_score || other.min_score,
            max_score: self.max_score || other.max_score,
            completion_status: self.completion_status || other.completion_status,
            progress_measure: self.progress_measure || other.progress_measure,
        }
    }
}
