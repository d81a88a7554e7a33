//! The model of a course, the same for every standard. It is stored as JSON with the course version, so its shape
//! is versioned ([`COURSE_FORMAT`]): fields are added with defaults, never given another meaning.

mod details;
mod item;
mod launch;
mod metadata;

pub use details::{
    AiccUnit, Cmi5Block, Cmi5Course, Cmi5Objective, Cmi5Unit, Details, LangMap, LaunchMethod, MoveOn,
    XapiActivity,
};
pub use item::Item;
pub use launch::{Launch, ScormType};
pub use metadata::Metadata;

use lyceum_sequencing::definitions::Definition;
use serde::{Deserialize, Serialize};

use crate::Standard;

/// Version of the JSON shape of [`Course`].
pub const COURSE_FORMAT: u32 = 1;

/// What a package says about its course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// [`COURSE_FORMAT`] of the program that wrote it.
    pub format: u32,
    /// The standard by which it is played.
    pub standard: Standard,
    /// Other standards for which the package has a manifest, too.
    #[serde(default)]
    pub also: Vec<Standard>,
    /// Identifier of the manifest or course, as the author gave it: not unique in the world.
    #[serde(default)]
    pub identifier: Option<String>,
    /// Title for people, never empty.
    pub title: String,
    /// Language tags found in titles and metadata, without repetition.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Name of the manifest file in the package.
    pub manifest: String,
    /// Folder of the package in which the course lies, with a slash at the end; empty for the package's root.
    /// Addresses of [`Launch`] start from here.
    #[serde(default)]
    pub root: String,
    /// Index of the organization that is played.
    #[serde(default)]
    pub default_organization: usize,
    /// The trees of activities. At least one in a course that can be played.
    pub organizations: Vec<Organization>,
    /// What items refer to (SCORM only).
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// Description, duration and the like.
    #[serde(default)]
    pub metadata: Metadata,
    /// What cmi5 says about the course as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmi5: Option<Cmi5Course>,
    /// The course can be played: something can be launched, and no rule of its standard forbids it.
    pub launchable: bool,
}

/// One tree of activities. The organization itself is the root activity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Identifier; unique among the organizations of the course.
    pub identifier: String,
    /// Title for people, never empty.
    pub title: String,
    /// The manifest has it. False for one that was made up from resources because the manifest has none.
    pub declared: bool,
    /// Global objectives live as long as the learner's record, not only with this course (CAM 5.1.2,
    /// `adlseq:objectivesGlobalToSystem`). Default true.
    pub objectives_global_to_system: bool,
    /// The same for shared data (`adlcp:sharedDataGlobalToSystem`). Default true.
    pub shared_data_global_to_system: bool,
    /// Sequencing of the root activity.
    #[serde(default)]
    pub sequencing: Definition,
    /// All activities below the root in document order (an item comes before its children).
    pub items: Vec<Item>,
}

/// A resource of a SCORM manifest: something to launch, or files that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Identifier as the manifest gives it.
    pub identifier: String,
    /// `type`, mostly `webcontent`.
    #[serde(default)]
    pub kind: Option<String>,
    /// SCO or asset; `None` when the manifest does not say.
    #[serde(default)]
    pub scorm_type: Option<ScormType>,
    /// What it launches, without an item's parameters. `None` for a mere collection of files.
    #[serde(default)]
    pub launch: Option<Launch>,
    /// Number of files it lists.
    pub files: usize,
    /// Identifiers of the resources that it depends on.
    #[serde(default)]
    pub dependencies: Vec<String>,
}

impl Course {
    /// The organization that is played. `None` only when the course has none.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.organizations.get(self.default_organization)
    }

    /// Items of all organizations, the one that is played first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let others = self.organizations.iter().enumerate().filter(|(at, _)| *at != self.default_organization);
        self.organization().into_iter().chain(others.map(|(_, other)| other)).flat_map(|one| &one.items)
    }

    /// How many items the manifest declares, over all organizations. Items that were made up because it has no
    /// organization do not count.
    #[must_use]
    pub fn item_count(&self) -> usize {
        self.organizations.iter().filter(|one| one.declared).map(|one| one.items.len()).sum()
    }

    /// How many SCOs the manifest declares; for other standards, how many items can be launched.
    #[must_use]
    pub fn sco_count(&self) -> usize {
        if self.standard.is_scorm() {
            self.resources.iter().filter(|one| one.scorm_type == Some(ScormType::Sco)).count()
        } else {
            self.items().filter(|item| item.launch.is_some()).count()
        }
    }

    /// The first thing that is launched: of the organization that is played, else of another one. It may be
    /// missing in the package.
    #[must_use]
    pub fn launch(&self) -> Option<&Launch> {
        let played = self.organization().into_iter().chain(&self.organizations);
        played.flat_map(|one| one.launches(self.standard)).next()
    }
}

impl Organization {
    /// The children of an item, or of the root for `None`, in document order. Takes time in proportion to the
    /// organization.
    pub fn children(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &Item)> {
        let parent = parent.and_then(|index| u32::try_from(index).ok());
        self.items.iter().enumerate().filter(move |(_, item)| item.parent == parent)
    }

    /// What is launched by its items, in document order. In SCORM 2004 an item with children is never delivered
    /// (SN 4.8, DB.1.1: only leaf activities), so what it refers to does not count.
    pub fn launches(&self, standard: Standard) -> impl Iterator<Item = &Launch> {
        let delivers = move |index: usize| !standard.is_scorm_2004() || self.is_leaf(index);
        self.items
            .iter()
            .enumerate()
            .filter(move |(index, _)| delivers(*index))
            .filter_map(|(_, item)| item.launch.as_ref())
    }

    /// Whether an item has no children.
    #[must_use]
    pub fn is_leaf(&self, index: usize) -> bool {
        let depth = |index: usize| self.items.get(index).map(|item| item.depth);
        depth(index + 1) <= depth(index)
    }

    /// Index of the item with this identifier.
    #[must_use]
    pub fn find(&self, identifier: &str) -> Option<usize> {
        self.items.iter().position(|item| item.identifier == identifier)
    }
}
