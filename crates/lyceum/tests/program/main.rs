//! The program as people and scripts run it: exit codes, JSON, signals, restarts.

mod adl;
#[path = "../../../sequencing/tests/reference/calls.rs"]
mod calls;
mod check;
mod course;
mod db;
mod doors;
mod full_disk;
mod history;
mod keys;
mod learner;
mod outage;
mod pipe;
mod play;
mod run;
mod selftest;
mod serve;
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
#[path = "../../../sequencing/tests/reference/shared.rs"]
mod shared;
mod simulate;
#[path = "../../../sequencing/tests/reference/tester.rs"]
mod tester;
mod walks;
