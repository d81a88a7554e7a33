use serde::{Deserialize, Serialize};

/// What is opened in the browser for an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The address as the author wrote it, joined with its bases and an item's parameters. Relative to the
    /// course's root, or an absolute URL when `external`. Not normalised: it may begin with `./`.
    pub href: String,
    /// Name of the file in the package. `None` when it is external or not in the package.
    #[serde(default)]
    pub file: Option<String>,
    /// An `http` or `https` address outside of the package.
    #[serde(default)]
    pub external: bool,
}

impl Launch {
    /// There is something to open.
    #[must_use]
    pub fn is_playable(&self) -> bool {
        self.external || self.file.is_some()
    }
}

/// Whether content talks to the run-time API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScormType {
    /// It does.
    Sco,
    /// It does not: a visit is all there is to know.
    Asset,
}
