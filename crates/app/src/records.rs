//! Whole records of registrations: exported, verified, taken over on another server, erased. `docs/export.md` describes the
//! exported form.

mod csv;
mod erase;
mod export;
mod form;
mod gather;
mod import;
mod read;
mod sessions;
mod verify;
mod verify_shared;

pub use erase::Erased;
pub use export::{Exported, Scope};
pub use import::{TakeOverError, TakenOver};
pub use read::ReadError;
pub use verify::{Finding as ChainFinding, Trouble, Verification};
