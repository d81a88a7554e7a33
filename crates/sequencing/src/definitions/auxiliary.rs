use alloc::string::String;

use serde::{Deserialize, Serialize};

/// A resource that should be at hand while the activity is delivered, such as a glossary
/// (SN 3.6; `imsss:auxiliaryResource`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuxiliaryResource {
    /// Id of the resource.
    pub id: String,
    /// What it is for, in the author's words.
    pub purpose: String,
}
