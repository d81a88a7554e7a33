//! One module a command.

pub(crate) mod check;
pub(crate) mod course;
pub(crate) mod key;
pub(crate) mod play;
pub(crate) mod registration;
pub(crate) mod serve;
pub(crate) mod simulate;
