//! Answers of commands as text for people.

mod check;
mod enrollments;
mod history;
mod keys;
mod playing;
mod records;
mod registration;
mod settings;
mod table;

pub(crate) use self::check::{check, findings};
pub(crate) use self::enrollments::{backfill, enrollments};
pub(crate) use self::history::{acted, differences, history};
pub(crate) use self::keys::keys;
pub(crate) use self::playing::{Playing, playing};
pub(crate) use self::records::{taken_over, verification};
pub(crate) use self::registration::registration;
pub(crate) use self::settings::settings;
use self::table::table;

/// `1 commit`, `2 commits`.
pub(crate) fn count(number: u64, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
