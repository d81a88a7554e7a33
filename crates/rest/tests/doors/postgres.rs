//! The tests on PostgreSQL, where it is installed.

type TestApp = lyceum_testkit::TestOn<lyceum_testkit::Server>;

#[path = "api.rs"]
mod api;
#[path = "commits.rs"]
mod commits;
#[path = "door.rs"]
mod door;
#[path = "reach.rs"]
mod reach;
