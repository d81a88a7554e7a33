use std::collections::BTreeMap;

use lyceum_sequencing::definitions::Decimal;
use serde::{Deserialize, Serialize};

/// Texts by language tag; `und` where the manifest names no language.
pub type LangMap = BTreeMap<String, String>;

/// What only one standard says about an activity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Details {
    /// Nothing (SCORM).
    #[default]
    None,
    /// Assignable unit of AICC.
    AiccUnit(AiccUnit),
    /// Block of AICC.
    AiccBlock,
    /// Activity of a tincan.xml.
    XapiActivity(XapiActivity),
    /// Assignable unit of cmi5.
    Cmi5Unit(Cmi5Unit),
    /// Block of cmi5.
    Cmi5Block(Cmi5Block),
}

/// AICC assignable unit (CMI001 section 5: .au and .des files); texts as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AiccUnit {
    /// `type`, the author's classification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_type: Option<String>,
    /// `command_line`, for units that are no web content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_line: Option<String>,
    /// `max_score`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_score: Option<String>,
    /// `web_launch`: parameters that follow the AICC ones in the launch address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_launch: Option<String>,
    /// `au_password`: to be sent with each request when given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub au_password: Option<String>,
    /// `system_vendor`: the tool that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_vendor: Option<String>,
    /// `developer_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub developer_id: Option<String>,
    /// `description`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Ids of its objectives in the course structure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<String>,
}

/// Activity of a tincan.xml. Its id is the item's identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct XapiActivity {
    /// Activity type, an IRI or a word such as `course`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_type: Option<String>,
    /// Names.
    pub names: LangMap,
    /// Descriptions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptions: LangMap,
}

/// What a cmi5 course structure says about the course (cmi5 13.1.1, 13.1.3). Its id is the course's identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cmi5Course {
    /// Titles.
    pub titles: LangMap,
    /// Descriptions.
    pub descriptions: LangMap,
    /// Objectives that blocks and units refer to.
    pub objectives: Vec<Cmi5Objective>,
}

/// Objective of a cmi5 course (13.1.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cmi5Objective {
    /// IRI.
    pub id: String,
    /// Titles.
    pub titles: LangMap,
    /// Descriptions.
    pub descriptions: LangMap,
}

/// Block of a cmi5 course (13.1.2). The publisher's id is the item's identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cmi5Block {
    /// Titles.
    pub titles: LangMap,
    /// Descriptions.
    pub descriptions: LangMap,
    /// Ids of objectives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<String>,
}

/// Assignable unit of a cmi5 course (13.1.4). The publisher's id is the item's identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cmi5Unit {
    /// Titles.
    pub titles: LangMap,
    /// Descriptions.
    pub descriptions: LangMap,
    /// Ids of objectives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<String>,
    /// What satisfies the unit.
    pub move_on: MoveOn,
    /// Scaled score that passes, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mastery_score: Option<Decimal>,
    /// In what kind of window it is opened.
    pub launch_method: LaunchMethod,
    /// Handed to the unit in its launch data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch_parameters: Option<String>,
    /// Handed to the unit in its launch data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement_key: Option<String>,
    /// Activity type, an IRI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_type: Option<String>,
}

/// What satisfies an assignable unit (cmi5 13.1.4, `moveOn`). The words are the standard's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MoveOn {
    /// Passed.
    Passed,
    /// Completed.
    Completed,
    /// Both.
    CompletedAndPassed,
    /// One of the two.
    CompletedOrPassed,
    /// Nothing: it is satisfied from the beginning.
    #[default]
    NotApplicable,
}

/// In what kind of window a unit is opened (cmi5 13.1.4, `launchMethod`). The words are the standard's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LaunchMethod {
    /// A window of its own, never a frame.
    OwnWindow,
    /// As the LMS likes.
    #[default]
    AnyWindow,
}
