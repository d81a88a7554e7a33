//! The tests on SQLite.

type TestApp = lyceum_testkit::TestApp;

#[path = "attempts.rs"]
mod attempts;
#[path = "backfill.rs"]
mod backfill;
#[path = "doors.rs"]
mod doors;
#[path = "history.rs"]
mod history;
#[path = "import.rs"]
mod import;
#[path = "killed.rs"]
mod killed;
#[path = "operate.rs"]
mod operate;
#[path = "play.rs"]
mod play;
#[path = "records.rs"]
mod records;
#[path = "shared.rs"]
mod shared;
#[path = "trouble.rs"]
mod trouble;
