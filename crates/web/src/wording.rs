//! From the application's values to what the templates show.

use lyceum_app::{Finding, RegistrationView, ScoreView, Severity};
use lyceum_attempt::summary::{Completion, Success};
use lyceum_package::Code;

use crate::view;
use crate::view::RegistrationRow;
use crate::view::words::{Badge, Moment, duration};

/// Findings, each with what its code stands for.
pub(crate) fn findings(diagnostics: &[Finding]) -> Vec<view::Finding> {
    diagnostics.iter().map(finding).collect()
}

fn finding(of: &Finding) -> view::Finding {
    let (severity, tone) = match of.severity {
        Severity::Error => ("Error", "bad"),
        Severity::Warning => ("Warning", "warn"),
        Severity::Info => ("Note", ""),
    };
    // Findings of the archive have codes of their own; their messages explain themselves.
    let meaning = Code::ALL.iter().find(|code| code.as_str() == of.code).map_or("", |code| code.meaning());
    view::Finding {
        severity,
        tone,
        code: of.code.clone(),
        meaning,
        message: of.message.clone(),
        place: of.place.clone(),
    }
}

/// A registration in a table.
pub(crate) fn registration_row(of: RegistrationView) -> RegistrationRow {
    RegistrationRow {
        id: of.id.to_string(),
        standing: marked(standing(of.completion, of.success, of.attempts > 0), of.overridden),
        score: score(&of.score),
        time: duration(of.total_seconds),
        last_access: of.last_access.as_deref().map(Moment::parse),
        learner: of.learner_name,
        course_id: of.course_id.to_string(),
        course: of.course,
    }
}

/// Where somebody stands, in words.
pub(crate) fn standing(completion: Completion, success: Success, has_begun: bool) -> Vec<Badge> {
    let completion = match completion {
        Completion::Unknown if !has_begun => Badge::new("Not started", ""),
        Completion::Unknown => Badge::new("Started", "accent"),
        Completion::Incomplete => Badge::new("In progress", "accent"),
        Completion::Completed => Badge::new("Completed", "good"),
    };
    let success = match success {
        Success::Unknown => None,
        Success::Passed => Some(Badge::new("Passed", "good")),
        Success::Failed => Some(Badge::new("Failed", "bad")),
    };
    std::iter::once(completion).chain(success).collect()
}

/// With a word for what a person has set.
pub(crate) fn marked(mut standing: Vec<Badge>, overridden: bool) -> Vec<Badge> {
    if overridden {
        standing.push(Badge::new("Set by hand", "warn"));
    }
    standing
}

/// A score as a person reads it: `85 of 100`, `85`, `92 %`, or a dash.
pub(crate) fn score(score: &ScoreView) -> String {
    match (&score.raw, &score.max, &score.scaled) {
        (Some(raw), Some(max), _) => format!("{raw} of {max}"),
        (Some(raw), None, _) => raw.to_string(),
        (None, _, Some(scaled)) => {
            scaled.as_f64().map_or_else(|| scaled.to_string(), |part| format!("{:.0} %", part * 100.0))
        }
        (None, _, None) => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use lyceum_app::ScoreView;
    use lyceum_attempt::summary::{Completion, Success};

    use super::{score, standing};

    #[test]
    fn scores_as_people_read_them() {
        let number = |text: &str| text.parse().ok();
        let table = [
            ("", "", "", "–"),
            ("85", "", "0.85", "85"),
            ("85.5", "100", "0.855", "85.5 of 100"),
            ("", "", "0.925", "92 %"),
            ("", "100", "-1", "-100 %"),
        ];
        for (raw, max, scaled, shown) in table {
            let given = ScoreView { scaled: number(scaled), raw: number(raw), min: None, max: number(max) };
            assert_eq!(score(&given), shown, "{given:?}");
        }
    }

    #[test]
    fn standings_in_words() {
        let words = |completion, success, has_begun| {
            standing(completion, success, has_begun)
                .into_iter()
                .map(|badge| badge.text)
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(words(Completion::Unknown, Success::Unknown, false), "Not started");
        assert_eq!(words(Completion::Unknown, Success::Failed, true), "Started, Failed");
        assert_eq!(words(Completion::Completed, Success::Passed, true), "Completed, Passed");
    }
}
