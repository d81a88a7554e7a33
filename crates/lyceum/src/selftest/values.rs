//! Values of every type, times in every notation, and that they are there again.

use lyceum_app::RegistrationId;
use lyceum_cmi::Family;

use super::{Bench, Wrong, expect, wrong};

/// Element, value, and the error code that the standard has for it (0: accepted).
pub(super) type Values = &'static [(&'static str, &'static str, u16)];

/// The element of the session's time; and notations of it with their seconds.
pub(super) type Times = (&'static str, &'static [(&'static str, f64)]);

/// What the standard allows at least as suspend data in SCORM 2004, in characters.
const SUSPEND_DATA_CHARS: usize = 64_000;

/// SCORM 1.2 RTE 3.4: CMIString255, CMIDecimal, CMIVocabulary, CMIInteger, CMISInteger, CMIIdentifier, CMITime, CMITimespan,
/// CMIFeedback of each interaction type.
pub(super) const SCORM_12: Values = &[
    ("cmi.core.lesson_location", "page 3 of 7 – ä, é, 学", 0),
    ("cmi.core.lesson_status", "incomplete", 0),
    ("cmi.core.lesson_status", "half done", 405),
    ("cmi.core.score.raw", "84.5", 0),
    ("cmi.core.score.raw", "many", 405),
    ("cmi.core.score.min", "0", 0),
    ("cmi.core.score.max", "100", 0),
    ("cmi.core.exit", "suspend", 0),
    ("cmi.core.student_name", "Somebody Else", 403),
    ("cmi.core.no_such_element", "1", 201),
    ("cmi.core._children", "1", 402),
    ("cmi.comments", "A remark.", 0),
    ("cmi.student_preference.audio", "-1", 0),
    ("cmi.student_preference.language", "English", 0),
    ("cmi.student_preference.speed", "100", 0),
    ("cmi.student_preference.speed", "1000", 405),
    ("cmi.student_preference.text", "1", 0),
    ("cmi.objectives.0.id", "first", 0),
    ("cmi.objectives.0.score.raw", "50", 0),
    ("cmi.objectives.0.status", "passed", 0),
    ("cmi.objectives.9.id", "beyond the end", 201),
    ("cmi.interactions.0.id", "q0", 0),
    ("cmi.interactions.0.type", "true-false", 0),
    ("cmi.interactions.0.correct_responses.0.pattern", "t", 0),
    ("cmi.interactions.0.student_response", "t", 0),
    ("cmi.interactions.0.result", "correct", 0),
    ("cmi.interactions.0.weighting", "1.5", 0),
    ("cmi.interactions.0.latency", "00:00:07.25", 0),
    ("cmi.interactions.0.time", "10:30:00", 0),
    ("cmi.interactions.1.id", "q1", 0),
    ("cmi.interactions.1.type", "choice", 0),
    ("cmi.interactions.1.student_response", "a,b", 0),
    ("cmi.interactions.2.id", "q2", 0),
    ("cmi.interactions.2.type", "fill-in", 0),
    ("cmi.interactions.2.student_response", "an answer", 0),
    ("cmi.interactions.3.id", "q3", 0),
    ("cmi.interactions.3.type", "numeric", 0),
    ("cmi.interactions.3.student_response", "-2.5", 0),
    ("cmi.interactions.4.id", "q4", 0),
    ("cmi.interactions.4.type", "likert", 0),
    ("cmi.interactions.4.student_response", "3", 0),
    ("cmi.interactions.5.id", "q5", 0),
    ("cmi.interactions.5.type", "matching", 0),
    ("cmi.interactions.5.student_response", "1.a,2.b", 0),
    ("cmi.interactions.6.id", "q6", 0),
    ("cmi.interactions.6.type", "performance", 0),
    ("cmi.interactions.6.student_response", "free text", 0),
    ("cmi.interactions.7.id", "q7", 0),
    ("cmi.interactions.7.type", "sequencing", 0),
    ("cmi.interactions.7.student_response", "c,a,b", 0),
    ("cmi.interactions.8.type", "riddle", 405),
];

/// SCORM 2004 RTE 4.1: characterstring, localized_string_type, language_type, long_identifier_type, real with ranges, state,
/// time, timeinterval, and the responses of each interaction type.
pub(super) const SCORM_2004: Values = &[
    ("cmi.location", "page 3 of 7 – ä, é, 学", 0),
    ("cmi.completion_status", "incomplete", 0),
    ("cmi.completion_status", "half done", 406),
    ("cmi.success_status", "passed", 0),
    ("cmi.score.scaled", "0.845", 0),
    ("cmi.score.scaled", "84.5", 407),
    ("cmi.score.raw", "84.5", 0),
    ("cmi.score.raw", "many", 406),
    ("cmi.score.min", "0", 0),
    ("cmi.score.max", "100", 0),
    ("cmi.progress_measure", "0.75", 0),
    ("cmi.progress_measure", "1.01", 407),
    ("cmi.exit", "suspend", 0),
    ("cmi.learner_name", "Somebody Else", 404),
    ("cmi.no_such_element", "1", 401),
    ("cmi.score._children", "1", 404),
    ("cmi.learner_preference.audio_level", "1.25", 0),
    ("cmi.learner_preference.audio_level", "-1", 407),
    ("cmi.learner_preference.language", "de-CH", 0),
    ("cmi.learner_preference.delivery_speed", "2", 0),
    ("cmi.learner_preference.audio_captioning", "1", 0),
    ("cmi.comments_from_learner.0.comment", "{lang=de}Eine Bemerkung.", 0),
    ("cmi.comments_from_learner.0.location", "page 3", 0),
    ("cmi.comments_from_learner.0.timestamp", "2026-01-31T12:00:00.5Z", 0),
    ("cmi.objectives.0.id", "urn:lyceum:first", 0),
    ("cmi.objectives.0.score.scaled", "0.5", 0),
    ("cmi.objectives.0.success_status", "passed", 0),
    ("cmi.objectives.0.completion_status", "completed", 0),
    ("cmi.objectives.0.description", "The first one", 0),
    ("cmi.objectives.9.id", "urn:lyceum:beyond", 351),
    ("cmi.interactions.0.id", "q0", 0),
    ("cmi.interactions.0.type", "true-false", 0),
    ("cmi.interactions.0.objectives.0.id", "urn:lyceum:first", 0),
    ("cmi.interactions.0.timestamp", "2026-01-31T12:00:00", 0),
    ("cmi.interactions.0.correct_responses.0.pattern", "true", 0),
    ("cmi.interactions.0.weighting", "1.5", 0),
    ("cmi.interactions.0.learner_response", "true", 0),
    ("cmi.interactions.0.result", "correct", 0),
    ("cmi.interactions.0.latency", "PT7.25S", 0),
    ("cmi.interactions.0.description", "A question", 0),
    ("cmi.interactions.1.id", "q1", 0),
    ("cmi.interactions.1.type", "choice", 0),
    ("cmi.interactions.1.learner_response", "a[,]b", 0),
    ("cmi.interactions.2.id", "q2", 0),
    ("cmi.interactions.2.type", "fill-in", 0),
    ("cmi.interactions.2.learner_response", "{lang=en}an answer", 0),
    ("cmi.interactions.3.id", "q3", 0),
    ("cmi.interactions.3.type", "long-fill-in", 0),
    ("cmi.interactions.3.learner_response", "a long answer", 0),
    ("cmi.interactions.4.id", "q4", 0),
    ("cmi.interactions.4.type", "likert", 0),
    ("cmi.interactions.4.learner_response", "agree", 0),
    ("cmi.interactions.5.id", "q5", 0),
    ("cmi.interactions.5.type", "matching", 0),
    ("cmi.interactions.5.learner_response", "1[.]a[,]2[.]b", 0),
    ("cmi.interactions.6.id", "q6", 0),
    ("cmi.interactions.6.type", "performance", 0),
    ("cmi.interactions.6.learner_response", "step_1[.]done", 0),
    ("cmi.interactions.7.id", "q7", 0),
    ("cmi.interactions.7.type", "sequencing", 0),
    ("cmi.interactions.7.learner_response", "c[,]a[,]b", 0),
    ("cmi.interactions.8.id", "q8", 0),
    ("cmi.interactions.8.type", "numeric", 0),
    ("cmi.interactions.8.learner_response", "-2.5", 0),
    ("cmi.interactions.9.id", "q9", 0),
    ("cmi.interactions.9.type", "other", 0),
    ("cmi.interactions.9.learner_response", "anything", 0),
    ("cmi.interactions.9.type", "riddle", 406),
];

pub(super) const TIMES_12: Times = (
    "cmi.core.session_time",
    &[
        ("0001:30:45.50", 5445.5),
        ("00:00:10", 10.0),
        ("9999:59:59.99", 35_999_999.99),
        ("PT1H30M45S", 5445.0),
        ("00:90:00", 5400.0),
        ("00:20:00", 1200.0),
    ],
);

pub(super) const TIMES_2004: Times = (
    "cmi.session_time",
    &[
        ("PT1H30M45S", 5445.0),
        ("P0Y0M0DT0H0M10S", 10.0),
        ("PT90M", 5400.0),
        ("PT0.25S", 0.25),
        ("P1DT1H", 90_000.0),
        ("0001:30:45.50", 5445.5),
        ("PT20M", 1200.0),
    ],
);

/// Content cannot read back its exit, and in SCORM 1.2 its interactions. Comments of SCORM 1.2 are added to those before.
fn is_readable(element: &str, family: Family) -> bool {
    let is_of_12 = element.starts_with("cmi.interactions.") || element == "cmi.comments";
    !(element.ends_with(".exit") || is_of_12 && family == Family::Cmi)
}

/// Every type is taken, refused and read back as the standard says, and arrives on disk.
pub(super) async fn types(
    bench: &Bench<'_>,
    registration: RegistrationId,
    values: Values,
) -> Result<String, Wrong> {
    let mut page = bench.page(registration).await?;
    page.start()?;
    for (element, value, error) in values {
        page.set(element, value, *error)?;
        if *error == 0 && is_readable(element, page.family()) {
            expect(element, page.get(element).as_str(), value)?;
        }
    }
    page.send(bench.app).await?;
    let report = bench.app.registration_report(bench.tenant, registration).await.map_err(wrong)?;
    let stored = report.attempts.last().and_then(|attempt| attempt.activities.first());
    let stored = stored.ok_or("the attempt has no activity")?;
    for (element, value, _) in values.iter().filter(|(_, _, error)| *error == 0) {
        expect(element, stored.cmi.get(*element).map(String::as_str), Some(*value))?;
    }
    page.leave();
    page.send(bench.app).await?;
    let refused = values.iter().filter(|(_, _, error)| *error != 0).count();
    Ok(format!("{} values kept, {refused} refused with their codes", values.len() - refused))
}

/// Every notation is understood, and the time of a session counts once, however often it is reported or sent.
pub(super) async fn times(
    bench: &Bench<'_>,
    registration: RegistrationId,
    (element, notations): Times,
) -> Result<String, Wrong> {
    let total = async || {
        let report = bench.app.registration_report(bench.tenant, registration).await.map_err(wrong)?;
        Ok::<f64, Wrong>(report.total_seconds)
    };
    let before = total().await?;
    let mut page = bench.page(registration).await?;
    page.start()?;
    for (notation, seconds) in notations {
        page.set(element, notation, 0)?;
        let entries = page.take();
        for _ in 0..2 {
            page.send_these(bench.app, entries.clone()).await.map_err(wrong)?;
        }
        let counted = total().await? - before;
        if (counted - seconds).abs() > 0.005 {
            return Err(format!("{notation} counts {counted} seconds, expected {seconds}"));
        }
    }
    page.leave();
    page.send(bench.app).await?;
    Ok(format!("{} notations, each commit sent twice and counted once", notations.len()))
}

/// A new visit finds what the last one left.
pub(super) async fn resumed(
    bench: &Bench<'_>,
    registration: RegistrationId,
    suspend_data: &str,
) -> Result<String, Wrong> {
    let long: String = ('!'..='~').filter(|c| *c != '"').cycle().take(SUSPEND_DATA_CHARS).collect();
    let mut page = bench.page(registration).await?;
    page.start()?;
    page.set(suspend_data, &long, 0)?;
    let location = page.location_element();
    let place = page.get(location);
    page.leave();
    page.send(bench.app).await?;
    let mut again = bench.page(registration).await?;
    again.start()?;
    let is_same = again.get(suspend_data) == long;
    expect("that the suspend data are the same", is_same, true)?;
    expect(location, again.get(location), place)?;
    again.leave();
    again.send(bench.app).await?;
    Ok(format!("{SUSPEND_DATA_CHARS} characters of suspend data, and the place"))
}
