//! Comparisons with ADL's material, see `../shared/reference/scorm-conformance.md` and `../shared/adl/random/README.md`.
#![allow(dead_code, clippy::all, clippy::needless_pass_by_value)] // the replay harness; tidied with the next change
#![allow(clippy::print_stdout, reason = "a skipped or counted run has to be seen")]
#![allow(unreachable_pub, reason = "a program of tests has no outside")]

mod adl;
mod calls;
mod content;
mod lms;
mod manifest;
mod shared;
mod walk;
mod walks;
