//! Checks of a course that has been read: beyond the question whether the manifest is right, whether it will play.

mod launch;
mod prerequisites;
mod sequencing;

use crate::{Course, diagnostic::Diagnostics, package::Package};

/// Checks everything and decides whether the course can be played.
pub(crate) fn course(package: Package<'_>, course: &mut Course, diagnostics: &mut Diagnostics) {
    launch::check(package, course, diagnostics);
    prerequisites::check(course, diagnostics);
    if course.standard.is_scorm_2004() {
        sequencing::check(course, diagnostics);
    }
}
