//! What the engine needs to know of a course: its activities and what the manifest says about each.

mod sequencing;

use alloc::string::String;
use alloc::vec::Vec;
use lyceum_cmi::Edition;
use lyceum_sequencing::definitions::SharedDataMap;
use serde::{Deserialize, Serialize};

pub use sequencing::Sequencing;

/// A course as the engine sees it: the organization's activities in document order, the root first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Which data model and API the content speaks.
    pub edition: Edition,
    /// Title of the organization.
    pub title: String,
    /// Document order; a parent stands before its children. Index 0 is the organization itself.
    pub activities: Vec<Activity>,
    /// The author's rules for the order of the activities (SCORM 2004). `None`: the learner goes where she likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencing: Option<Sequencing>,
}

/// One activity of the tree.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Activity {
    /// Identifier, unique within the plan.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Index of the parent; `None` for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// Address of the content with its parameters, relative to the course's content base or absolute. `None` for a cluster
    /// and for an item whose resource is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<String>,
    /// Whether the content speaks the API.
    #[serde(default)]
    pub kind: Kind,
    /// False: not shown in the table of contents (`isvisible`).
    pub visible: bool,
    /// `adlcp:datafromlms` / `adlcp:dataFromLMS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch_data: Option<String>,
    /// SCORM 1.2 `adlcp:masteryscore`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mastery_score: Option<String>,
    /// SCORM 2004: the primary objective's `minNormalizedMeasure` where it is satisfied by measure, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaled_passing_score: Option<String>,
    /// SCORM 2004 `completionThreshold` (`minProgressMeasure`), as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_threshold: Option<String>,
    /// `adlcp:maxtimeallowed` or `imsss:attemptAbsoluteDurationLimit`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_time_allowed: Option<String>,
    /// `adlcp:timelimitaction` / `adlcp:timeLimitAction`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_action: Option<String>,
    /// SCORM 1.2 `adlcp:prerequisites` (AICC script).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prerequisites: Option<String>,
    /// Identifiers of the manifest's objectives, the primary first where it has one; they seed `cmi.objectives`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<String>,
    /// Stores of data that activities share (SCORM 2004 4th edition, `adlcp:data`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_data: Vec<SharedDataMap>,
}

/// What kind of content an activity launches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Launches nothing: a cluster.
    #[default]
    Cluster,
    /// Shareable content object: speaks the API.
    Sco,
    /// Asset: is shown, makes no calls; it counts as completed when it was visited.
    Asset,
}

impl Plan {
    /// Index of the activity with this identifier. Linear; keep an index of your own on a hot path.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.activities.iter().position(|a| a.id == id)
    }

    /// Activities that launch something, in document order.
    pub fn launchable(&self) -> impl Iterator<Item = (usize, &Activity)> {
        self.activities.iter().enumerate().filter(|(_, a)| a.launch.is_some())
    }

    /// True where the course has exactly one launchable activity: then there is no table of contents and Exit leaves the page.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.launchable().count() == 1
    }
}
