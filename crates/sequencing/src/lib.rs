#![no_std]
#![forbid(unsafe_code)]
//! IMS Simple Sequencing as profiled by SCORM 2004 (the SN book), for its 2nd, 3rd and 4th edition.
//!
//! [`definitions`] is the sequencing definition model: what an author wrote for one activity, with the
//! defaults of the standard filled in. It is pure data; whoever reads a manifest fills it.
//!
//! [`Tree`] arranges the definitions of one organization. [`Sequencer`] runs one learner's attempts on it: it takes
//! navigation requests ([`Sequencer::navigate`]) and what the content reports ([`Sequencer::apply_runtime`]), says
//! what to deliver, what may be requested next ([`Sequencer::look_ahead`]) and, on demand, why ([`TraceLine`]). It reads no clock and draws its random numbers from a seed, so browser and server come to the same
//! result.
//!
//! The modules follow the behaviours of the book, the files its processes; every process names its number.

extern crate alloc;

pub mod definitions;

mod delivery;
mod edition;
mod exception;
mod lookahead;
mod machine;
mod navigation;
mod overall;
mod readings;
mod request;
mod rollup;
mod runtime;
mod selection;
mod sequencer;
mod sequencing;
mod state;
mod termination;
mod trace;
mod tracking;
mod tree;
mod utility;
mod view;

pub use edition::Edition;
pub use exception::Exception;
pub use lookahead::{LookAhead, TocEntry};
pub use overall::SessionEnd;
pub use readings::Readings;
pub use request::Request;
pub use runtime::{ObjectiveSeed, Reported, RuntimeData, RuntimeObjective};
pub use sequencer::{ActivityStatus, Outcome, Sequencer};
pub use state::{Changes, Position, Record, State, StateError};
pub use trace::TraceLine;
pub use tracking::ObjectiveValues;
pub use tree::{Activity, Item, Ix, Tree, TreeError};

/// Milliseconds: a point in time since 1970-01-01T00:00:00Z, or a duration.
pub type Millis = i64;
