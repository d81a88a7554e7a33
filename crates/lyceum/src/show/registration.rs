//! Where a learner stands on a course.

use lyceum_app::{ActivityReport, AttemptReport, RegistrationReport, ScoreView};
use lyceum_attempt::summary::{Completion, Success};

use super::table;

/// Characters of a value that are shown; `--json` gives all of it.
const MAX_VALUE: usize = 100;

pub(crate) fn registration(of: &RegistrationReport) -> String {
    let by_hand = if of.overridden { " (set by hand)" } else { "" };
    let status = format!("{}{by_hand}", of.status);
    let facts = [
        ["Registration", &of.id],
        ["Status", &status],
        ["Completion", completion(of.completion)],
        ["Success", success(of.success)],
        ["Score", &score(&of.score)],
        ["Time", &time(of.total_seconds)],
        ["First access", of.first_access.as_deref().unwrap_or("never")],
        ["Last access", of.last_access.as_deref().unwrap_or("never")],
    ];
    let facts = facts.map(|[name, value]| [format!("  {name}"), value.to_owned()]);
    let attempts: String = of.attempts.iter().map(attempt).collect();
    format!("{} · {}\n\n{}{attempts}", of.learner.name, of.course.title, table(&facts))
}

fn attempt(of: &AttemptReport) -> String {
    let ended = of.ended.as_deref().map(|ended| format!(", ended {ended}")).unwrap_or_default();
    let exit = of.exit.map(|exit| format!(", last left by {exit}")).unwrap_or_default();
    let (sessions, commits) = (of.sessions.len(), of.commits);
    let head = format!(
        "\nAttempt {}, begun {}{ended}{exit}; sessions: {sessions}, commits: {commits}\n",
        of.number, of.started
    );
    let head = match &of.overridden {
        Some(by) => format!("{head}  Set by hand by {} on {}: {}\n", by.by, by.at, by.reason),
        None => head,
    };
    of.activities.iter().map(activity).fold(head, |text, activity| text + &activity)
}

fn activity(of: &ActivityReport) -> String {
    let standing = format!(
        "{}, {}, score {}, time {}",
        completion(of.completion),
        success(of.success),
        score(&of.score),
        time(of.total_seconds)
    );
    let values: Vec<[String; 2]> = of
        .cmi
        .iter()
        .map(|(element, value)| [format!("    {element}"), shortened(value, MAX_VALUE)])
        .collect();
    format!("\n  {} ({}): {standing}\n{}", of.title, of.id, table(&values))
}

fn completion(of: Completion) -> &'static str {
    match of {
        Completion::Unknown => "not begun",
        Completion::Incomplete => "incomplete",
        Completion::Completed => "completed",
    }
}

fn success(of: Success) -> &'static str {
    match of {
        Success::Unknown => "not judged",
        Success::Passed => "passed",
        Success::Failed => "failed",
    }
}

pub(super) fn score(of: &ScoreView) -> String {
    let scaled = of.scaled.as_ref().map(|scaled| format!("{scaled} scaled"));
    let raw = of.raw.as_ref().map(|raw| match &of.max {
        Some(max) => format!("{raw} of {max}"),
        None => raw.to_string(),
    });
    let parts: Vec<String> = raw.into_iter().chain(scaled).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

pub(super) fn time(seconds: f64) -> String {
    // A time of ours is never negative, and hundredths are no matter here.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = seconds as u64;
    format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// On one line, and not longer than a line can be.
pub(super) fn shortened(value: &str, most: usize) -> String {
    let mut shown: String = value.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let rest = value.chars().count().saturating_sub(most);
    if rest > 0 {
        shown.push_str(&format!("… ({rest} more characters)"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use lyceum_app::ScoreView;

    use super::{MAX_VALUE, score, shortened, time};

    #[test]
    fn values_stay_on_their_line() {
        assert_eq!(shortened("a\nb", MAX_VALUE), "a b");
        assert_eq!(
            shortened(&"ä".repeat(103), MAX_VALUE),
            format!("{}… (3 more characters)", "ä".repeat(100))
        );
    }

    #[test]
    fn scores_and_times() {
        let number = |text: &str| text.parse().ok();
        let given = ScoreView { scaled: number("0.85"), raw: number("85"), min: None, max: number("100") };
        assert_eq!(score(&given), "85 of 100, 0.85 scaled");
        assert_eq!(score(&ScoreView::default()), "none");
        assert_eq!(time(3725.9), "1:02:05");
    }
}
