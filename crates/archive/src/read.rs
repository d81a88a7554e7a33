//! Reading entries, checked.

mod error;
pub(crate) mod local;
mod reader;

pub use error::{Damage, ReadError};
pub use reader::EntryReader;
