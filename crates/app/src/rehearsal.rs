//! A course that is played by the engine alone: nothing is imported, nothing is kept, no file is needed.

use std::path::Path;

use lyceum_attempt::plan::Plan;
use lyceum_cmi::Edition;
use lyceum_package::Standard;
use thiserror::Error;

use crate::app::App;
use crate::inspect::{CheckError, CheckSummary, inspect_path};
use crate::plan::rehearsal_plan;

/// Why something cannot be played without a browser.
#[derive(Debug, Error)]
pub enum RehearsalError {
    /// It cannot be read at all.
    #[error(transparent)]
    Read(#[from] CheckError),
    /// It is no course.
    #[error("this is no course that can be played")]
    NoCourse(Box<CheckSummary>),
    /// Its standard has no run-time API of this kind.
    #[error("{} has no API that could be called here; --standard plays it by a standard that has one", .0.title())]
    NoApi(Standard),
}

impl App {
    /// Reads a zip, a folder or a bare manifest (`.xml`) for the engine alone: every item with something to open, and every
    /// leaf, can be opened, whether its files are there or not. `forced` plays it by an edition of the caller's choice.
    /// Needs no data folder. Blocks.
    ///
    /// # Errors
    /// When it cannot be read, is no course, or its standard has no run-time API and none is forced.
    pub fn rehearse(path: &Path, forced: Option<Edition>) -> Result<Plan, RehearsalError> {
        let inspected = inspect_path(path)?;
        let Some(course) = inspected.course else {
            return Err(RehearsalError::NoCourse(Box::new(inspected.summary)));
        };
        match rehearsal_plan(&course, forced) {
            Some(plan) => Ok(plan),
            None if course.organizations.is_empty() => {
                Err(RehearsalError::NoCourse(Box::new(inspected.summary)))
            }
            None => Err(RehearsalError::NoApi(course.standard)),
        }
    }
}
