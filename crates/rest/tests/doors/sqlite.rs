//! The tests on SQLite.

type TestApp = lyceum_testkit::TestApp;

#[path = "api.rs"]
mod api;
#[path = "commits.rs"]
mod commits;
#[path = "door.rs"]
mod door;
#[path = "reach.rs"]
mod reach;
