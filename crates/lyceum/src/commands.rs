//! One module a command.

pub(crate) mod act;
pub(crate) mod backfill;
mod backfill_file;
pub(crate) mod check;
pub(crate) mod course;
pub(crate) mod db;
pub(crate) mod enrollments;
pub(crate) mod history;
pub(crate) mod key;
mod package;
pub(crate) mod play;
pub(crate) mod records;
pub(crate) mod registration;
pub(crate) mod selftest;
pub(crate) mod serve;
pub(crate) mod simulate;
