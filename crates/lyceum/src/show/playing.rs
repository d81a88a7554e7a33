//! What `lyceum play` says when the course is ready.

use lyceum_app::{CheckSummary, Severity};
use lyceum_package::Standard;

use super::check::findings;

/// What a person wants to know before the course is opened.
pub(crate) struct Playing<'a> {
    pub(crate) summary: &'a CheckSummary,
    pub(crate) learner: &'a str,
    pub(crate) launch_url: &'a str,
    pub(crate) app_url: &'a str,
    pub(crate) data: &'a str,
    /// About the addresses.
    pub(crate) notes: &'a [String],
}

pub(crate) fn playing(of: &Playing<'_>) -> String {
    let title = of.summary.title.as_deref().unwrap_or("(no title)");
    let standard = of.summary.standard.map_or("", Standard::title);
    let warnings = warnings(of.summary);
    let notes: String = of.notes.iter().map(|note| format!("  note     {note}\n")).collect();
    let aside =
        if warnings.is_empty() && notes.is_empty() { String::new() } else { format!("{warnings}{notes}\n") };
    format!(
        "{title} · {standard}\n\n{aside}Open this link to take the course as {}:\n\n  {}\n\nCourses and learners: {}/\nEverything is kept in {}\n\
         Press Ctrl-C to stop; started again, the course goes on where it was left.\n",
        of.learner, of.launch_url, of.app_url, of.data
    )
}

/// Errors and warnings; what is only worth knowing stands on the course's page.
fn warnings(summary: &CheckSummary) -> String {
    let mut summary = summary.clone();
    summary.diagnostics.retain(|finding| finding.severity != Severity::Info);
    findings(&summary)
}
