//! Doors for players and pages that are not ours: they bring values, and the engine runs here instead of in a page. Everything else is the same:
//! sessions, journal, hash chain, rollup.

mod api;
mod backfill;
mod commit;
mod holder;
mod record;
mod session;
mod topic;
mod values;

pub use api::{ApiCall, ApiReply};
pub use backfill::{BackfillLine, BackfillReport, Backfilled, OldProgress};
pub use commit::{DoorAnswer, ForeignCommit, RefusedValue};
pub use holder::Holder;
pub use record::{AttemptRecord, EnrollmentRecord, ProgressRecord, Standings};
pub use session::MAX_DOOR_NAME;
pub use topic::TopicLearner;
