#![no_std]
#![forbid(unsafe_code)]
//! The run-time data models and the API state machine of SCORM 1.1, 1.2, 2004 (2nd, 3rd and 4th
//! edition) and AICC's CMI elements.
//!
//! One table of definitions per edition ([`element`]) says of every data model element its type,
//! range, access, initial value and where the standard defines it. The engine runs on these tables
//! and [`markdown`] prints them, so the documentation cannot drift from the behaviour.
//!
//! * [`Model`] holds what a course has stored. It judges nothing, so a journal can be folded into it.
//! * [`Runtime`] is the API instance of one SCO: it judges every call by the [`Rules`] (edition,
//!   strict or tolerant) and answers with a [`Reply`]: the string for the course, the error code
//!   that `GetLastError` will give, and [`Flags`] that say what was unusual.
//! * [`Inputs`] is what the LMS knows at launch; [`Host`] answers what only a sequencer can know.
//!
//! The crate does no I/O, reads no clock and uses no floating point, so the browser (as
//! WebAssembly) and the server compute the same answers and the same [`Model::hash`].
//!
//! Paragraphs of the standards are cited as `RTE 1.2` (SCORM 1.2 Run-Time Environment), `RTE 2004`
//! (SCORM 2004 Run-Time Environment, numbered as in the 4th edition), `SN 2004` (Sequencing and
//! Navigation) and `CMI001` (AICC CMI Guidelines for Interoperability).
extern crate alloc;

mod check;
mod decimal;
mod diagnostic;
mod edition;
pub mod element;
mod error;
mod flags;
mod identifier;
mod inputs;
pub mod language;
mod limits;
mod localized;
pub mod markdown;
mod model;
mod nav;
pub mod pattern;
mod runtime;
pub mod time;
pub mod vocabulary;

pub use decimal::Decimal;
pub use edition::{Edition, Family, Rules, Strictness, UnknownEdition};
pub use error::{ErrorCode, Reason, codes};
pub use flags::Flags;
pub use inputs::{Credit, Entry, Inputs, LearnerPreference, LmsComment, Mode, SeedObjective, SharedData};
pub use limits::{
    MAX_COMMENTS_BYTES, MAX_ELEMENT_BYTES, MAX_EXTENSIONS, MAX_MODEL_BYTES, MAX_NESTED, MAX_RECORDS,
    MAX_VALUE_BYTES,
};
pub use model::{Comment, Interaction, Model, Objective, RestoreError, Score, SharedRecord, Stored};
pub use nav::{Host, NavRequest, NoHost, Validity};
pub use runtime::{ApiState, Reply, Runtime};
pub use vocabulary::{
    CompletionStatus, Exit, InteractionResult, InteractionType, LessonStatus, SuccessStatus,
};
