//! Fixtures that many tests share: a clock that stands still, randomness from a seed, little courses, an application on a
//! fresh data folder, and a browser tab without a browser.
//!
//! Everything panics where it fails: this is for tests.
#![forbid(unsafe_code)]
#![allow(clippy::missing_panics_doc)]

mod course;
mod environment;
mod faults;
#[cfg(unix)]
pub mod postgres;
mod tab;
mod test_app;

pub use course::{Zip, scorm12, scorm2004};
pub use environment::{FixedClock, SeededRandom};
pub use faults::FailOnce;
pub use tab::Tab;
pub use test_app::{Embedded, Place, Server, TestApp, TestOn};
