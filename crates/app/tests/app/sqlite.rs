//! The tests on SQLite.

type TestApp = lyceum_testkit::TestApp;

#[path = "import.rs"]
mod import;
#[path = "killed.rs"]
mod killed;
#[path = "operate.rs"]
mod operate;
#[path = "play.rs"]
mod play;
#[path = "trouble.rs"]
mod trouble;
