use alloc::string::String;

use serde::{Deserialize, Serialize};

/// Access of an activity to one store of data shared among activities (CAM 3.4.1.21, RTE 4.3; `adlcp:map`).
///
/// Both rights default to true as the CAM book says; the schema file says false for writing, and ADL's own
/// test courses rely on the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDataMap {
    /// Id of the store.
    pub target: String,
    /// The activity may read it (`readSharedData`).
    pub read: bool,
    /// The activity may write it (`writeSharedData`).
    pub write: bool,
}
