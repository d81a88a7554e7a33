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
//! The modules follow the behaviours of the book (SN, appendix C), the files its processes; every process names its number, and
//! the steps of its pseudo-code where that is not obvious.
//!
//! | behaviour | processes | module |
//! |---|---|---|
//! | overall sequencing | OP.1 | `overall` |
//! | navigation | NB.2.1 | `navigation` |
//! | termination | TB.2.1 exit rules, TB.2.2 post conditions, TB.2.3 | `termination` |
//! | rollup | RB.1.1 measures, RB.1.2 objectives, RB.1.3 progress, RB.1.4 rules, RB.1.5 | `rollup` |
//! | selection and randomization | SR.1, SR.2 | `selection` |
//! | sequencing | SB.2.1 to SB.2.4 flow and traversal, SB.2.5 to SB.2.11 and SB.2.13 the requests, SB.2.12 | `sequencing` |
//! | delivery | DB.1.1, DB.2, DB.2.1 | `delivery` |
//! | utilities | UP.1 limits, UP.2 rules, UP.3, UP.4 ends of attempts, UP.5 | `utility` |
//!
//! [`Exception`] has the exception codes with their meaning, [`Edition`] what the editions do differently, and [`Readings`] the
//! places where ADL's Sample Run-Time Environment departs from the book.
//!
//! `tests/behaviour` has cases from the book as text, random trees, and a second telling of rollup; `tests/reference` ADL's 188 test
//! cases and 300 walks of its Sample RTE, with the list of what that does differently; `examples/navigation.rs` measures.

extern crate alloc;

pub mod definitions;
pub mod prerequisites;

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
