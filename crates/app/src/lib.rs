//! Use cases: everything between the edges and the disk. An edge parses, authorises, calls one function of [`App`], and
//! renders.
//!
//! | wanted | call |
//! |---|---|
//! | look into a package, play it without keeping it | [`App::check`], [`App::rehearse`] |
//! | take one in | [`App::upload`], [`App::import`] |
//! | put a learner on a course, let her in | [`App::register`], [`App::launch_link`], [`App::new_attempt_link`], [`App::redeem_launch`] |
//! | play | [`App::player_page`], [`App::open_session`], [`App::commit`], [`App::renew`], [`App::content`] |
//! | let other players in | [`App::holder`], [`App::registration_at_door`], [`App::commit_at_door`], [`App::call_at_door`], [`App::standings`], [`App::set_topic`], [`App::backfill`] |
//! | set up | [`App::course_settings`], [`App::change_course_settings`] |
//! | look | [`App::courses`], [`App::course`], [`App::outline`], [`App::versions`], [`App::registrations`], [`App::enrollments`], [`App::registration_report`] |
//! | look back | [`App::history`], [`App::registration_report_at`], [`App::differences`] |
//! | correct | [`App::rollback`], [`App::override_standing`], [`App::withdraw_override`], [`App::reset`] |
//! | keep and prove | [`App::export`], [`App::export_csv`], [`App::take_over`], [`App::verify_chains`], [`App::verify_export`], [`App::erase_learner`] |
//! | operate | [`App::create_key`], [`App::check_key`], [`App::ready`], [`App::start_jobs`], [`App::shutdown`] |
//!
//! Time and randomness come from [`Clock`] and [`Random`]; every bound is in [`limits`]; every error has a stable code and a
//! [kind](ErrorKind) that edges turn into their protocol's status.
#![forbid(unsafe_code)]

mod access;
mod acts;
mod address;
mod app;
mod attempts;
mod catalog;
mod commit;
mod content;
mod differences;
mod doors;
mod enrollments;
mod environment;
mod error;
mod fallback;
mod flood;
mod folder;
mod heads;
mod history;
mod import;
mod inspect;
mod jobs;
mod journal;
mod keys;
pub mod limits;
mod live;
pub mod maintenance;
mod outline;
mod plan;
mod point;
mod records;
mod rehearsal;
mod report;
mod scratch;
mod session;
mod settings;
mod shared;
mod spool;
mod token;
mod views;

pub use access::{LaunchKind, PageInfo, Redeemed};
pub use acts::{Acted, Actor, Target};
pub use app::{App, Config, Database};
pub use catalog::{CourseReport, NewLearner, Registered};
pub use commit::{Caller, CommitAnswer, CommitRequest};
pub use content::Content;
pub use differences::{Differences, Stand, ValueDifference};
pub use doors::{
    ApiCall, ApiReply, AttemptRecord, BackfillLine, BackfillReport, Backfilled, DoorAnswer, EnrollmentRecord,
    ForeignCommit, Holder, MAX_DOOR_NAME, OldProgress, ProgressRecord, RefusedValue, Standings, TopicLearner,
};
pub use enrollments::{Enrollment, EnrollmentFilter};
pub use environment::{Clock, Random, SystemClock, SystemRandom};
pub use error::{AccessError, AppError, ErrorKind, StartError};
pub use flood::FloodBudget;
pub use history::{Cursor, Glob, HistoryItem, HistoryPage, HistoryQuery};
pub use import::{ImportAs, ImportError, ImportReport, ImportSource, Upload};
pub use inspect::{CheckError, CheckSummary, Finding, Severity};
pub use jobs::Health;
pub use keys::{CreatedKey, KeyHolder, KeyView};
pub use lyceum_attempt::act::Standing;
pub use lyceum_attempt::entry::{Call, Entry};
pub use lyceum_attempt::history::Effect;
pub use lyceum_attempt::sequenced::explanation::Step;
pub use lyceum_package::Standard;
pub use lyceum_store::{
    BadId, CourseId, DbError, Direction, Faults, KeyId, RegistrationId, Tenant, WritePoint,
};
pub use outline::VersionView;
pub use point::{BadPoint, Point};
pub use records::{
    ChainFinding, Erased, Exported, ReadError, Scope, TakeOverError, TakenOver, Trouble, Verification,
};
pub use rehearsal::RehearsalError;
pub use report::{
    ActivityReport, AttemptReport, CourseRef, LearnerRef, OverrideReport, RegistrationReport, ScoresReport,
    SessionReport,
};
pub use session::{Attempts, CommitTerms, OpenSession, Opened};
pub use settings::{CourseSettings, SettingChange, SettingSource, SettingView};
pub use spool::SpoolStatus;
pub use views::{CourseView, RegistrationView, ScoreView};
