//! Comparisons with ADL's material, see `../shared/reference/scorm-conformance.md` and `../shared/adl/random/README.md`.
#![allow(clippy::print_stdout, reason = "a skipped or counted run has to be seen")]
#![allow(unreachable_pub, reason = "a program of tests has no outside")]

mod adl;
mod calls;
mod content;
mod deviations;
mod lms;
mod manifest;
mod shared;
mod tester;
mod walk;
mod walks;
