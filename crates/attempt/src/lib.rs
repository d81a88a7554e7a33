//! One learner on one course.
//!
//! An [`Engine`](engine::Engine) answers the course's API calls and turns each call that matters into an
//! [`Entry`](entry::Entry). The same engine runs in the browser, as WebAssembly, and on the server, where it executes every
//! entry again; the server's outcome counts. The [`State`](state::State) of an attempt is a fold over its entries *by their
//! recorded outcome*: old entries are never judged again by newer code.
//!
//! No clock, no randomness, no I/O: time arrives with each call, and what differs between learners arrives in the
//! [`Opening`](opening::Opening) of a session.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod act;
pub mod engine;
pub mod entry;
mod exit;
pub mod history;
mod launch;
pub mod navigation;
pub mod opening;
pub mod plan;
mod prerequisites;
pub mod reached;
pub mod records;
pub mod rollup;
pub mod sequenced;
pub mod settings;
pub mod state;
pub mod summary;
pub mod time_limit;
pub mod visit;

/// Milliseconds since 1970-01-01T00:00:00Z. Entries carry the session's clock, which the player aligns to the server's
/// when the session opens.
pub type Millis = i64;
