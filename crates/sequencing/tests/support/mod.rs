//! What the tests of this crate share.
#![allow(dead_code, unreachable_pub)]

pub mod content;
pub mod manifest;
pub mod shared;
pub mod walk;
