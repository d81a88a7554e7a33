//! The table of settings.

use alloc::string::{String, ToString};

use lyceum_cmi::Strictness;

use super::{Entry, Group, Values};
use crate::settings::{
    ExitAction, ExitCase, ExitKind, Mode, NewAttempt, ResetRunTimeData, ScoreRollup, Settings, StatusRollup,
    Threshold,
};

/// How an override of a number of the manifest can be given besides the number.
const OVERRIDE: &[&str] = &["manifest", "none"];

/// Characters of `cmi.comments_from_lms`: what SCORM 1.2 asks content to take (CMIString4096).
const MAX_COMMENTS: usize = 4_096;

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.into()
}

/// An entry whose field holds yes or no.
macro_rules! switch {
    ($field:ident, $cloud:expr, $group:ident, $what:literal, $source:literal) => {
        Entry {
            name: stringify!($field),
            cloud_id: $cloud,
            group: Group::$group,
            values: Values::YesNo,
            what: $what,
            source: $source,
            read: |settings| yes_no(settings.$field),
            write: |settings, value| settings.$field = value == "yes",
        }
    };
}

/// An entry whose field is one word of an enumeration.
macro_rules! word {
    ($field:ident: $of:ident, $cloud:expr, $group:ident, $what:literal, $source:literal) => {
        Entry {
            name: stringify!($field),
            cloud_id: $cloud,
            group: Group::$group,
            values: Values::Words($of::WORDS),
            what: $what,
            source: $source,
            read: |settings| settings.$field.to_string(),
            write: |settings, value| settings.$field = $of::parse(value).unwrap_or_default(),
        }
    };
}

/// An entry whose field overrides a number of the manifest.
macro_rules! threshold {
    ($field:ident $min:literal $max:literal, $cloud:expr, $group:ident, $what:literal, $source:literal) => {
        Entry {
            name: stringify!($field),
            cloud_id: $cloud,
            group: Group::$group,
            values: Values::Number($min, $max, OVERRIDE),
            what: $what,
            source: $source,
            read: |settings| settings.$field.to_string(),
            write: |settings, value| settings.$field = Threshold::from(String::from(value)),
        }
    };
}

/// An entry for one of the sixteen cases of an exit.
macro_rules! exit {
    ($name:literal, $cloud:literal, $kind:ident, $is_final:literal, $is_satisfied:literal, $what:literal) => {
        Entry {
            name: $name,
            cloud_id: Some($cloud),
            group: Group::Exit,
            values: Values::Words(ExitAction::WORDS),
            what: $what,
            source: "RTE 2004 4.2.8, RTE 1.2 3.4.4",
            read: |settings| {
                let case =
                    ExitCase { kind: ExitKind::$kind, is_final: $is_final, is_satisfied: $is_satisfied };
                settings.exits.get(case).to_string()
            },
            write: |settings: &mut Settings, value| {
                let case =
                    ExitCase { kind: ExitKind::$kind, is_final: $is_final, is_satisfied: $is_satisfied };
                settings.exits.set(case, ExitAction::parse(value).unwrap_or_default());
            },
        }
    };
}

/// Every setting, in the order of the documentation.
pub static ALL: &[Entry] = &[
    Entry {
        name: "strictness",
        cloud_id: None,
        group: Group::Content,
        values: Values::Words(&["tolerant", "strict"]),
        what: "tolerant keeps and flags values whose meaning is plain, or that are too long; strict is exactly the standard",
        source: "ours: nothing that real content sends is lost",
        read: |settings| match settings.strictness {
            Strictness::Strict => "strict".into(),
            Strictness::Tolerant => "tolerant".into(),
        },
        write: |settings, value| {
            settings.strictness = if value == "strict" { Strictness::Strict } else { Strictness::Tolerant };
        },
    },
    switch!(
        extensions,
        None,
        Content,
        "elements outside the standard are stored and can be read back; otherwise they get the standard's error, and the attempt is recorded",
        "RTE 2004 3.1.7.6, RTE 1.2 3.3.2: an unknown element is an error"
    ),
    switch!(
        validate_responses,
        Some("PlayerValidateInteractionResponses"),
        Content,
        "SCORM 2004: responses and correct responses are judged by the form of their interaction's type; otherwise any text is taken",
        "RTE 2004 4.2.9.1"
    ),
    Entry {
        name: "suspend_data_max",
        cloud_id: Some("PlayerSuspendDataMaxLength"),
        group: Group::Content,
        values: Values::Count(0, 16_777_216, &["standard"]),
        what: "characters of `cmi.suspend_data` before it is over its maximum: then flagged, and refused where the course is strict and the edition has a hard limit; standard is 4,096 (1.1, 1.2), 4,000 (2004 2nd edition), 64,000 (3rd and 4th)",
        source: "RTE 1.2 3.4.4, RTE 2004 4.2.23",
        read: |settings| settings.suspend_data_max.map_or_else(|| "standard".into(), |max| max.to_string()),
        write: |settings, value| settings.suspend_data_max = value.parse().ok(),
    },
    word!(
        reset_run_time_data: ResetRunTimeData,
        Some("PlayerResetRunTimeData"),
        Content,
        "when an activity's data starts afresh as it is opened again; STANDARD is never in SCORM 1.1, 1.2 and AICC, and in SCORM 2004 with each new learner attempt",
        "RTE 2004 2.1.1"
    ),
    word!(
        mode: Mode,
        None,
        Content,
        "`cmi.mode`; in browse and review nothing that is reported counts: it goes to a copy beside the attempt, which the next session of the kind takes up where it was suspended or broken off; review finds the attempt's data, whatever `reset_run_time_data` says",
        "RTE 2004 4.2.16, RTE 1.2 3.4.4"
    ),
    switch!(
        credit,
        None,
        Content,
        "`cmi.credit`; without credit nothing that is reported counts, as with `mode`",
        "RTE 2004 4.2.6, RTE 1.2 3.4.4"
    ),
    switch!(
        review_when_completed,
        Some("PlayerLaunchCompletedRegsAsNoCredit"),
        Content,
        "a completed course is opened again in review mode, without credit",
        "no standard asks for it"
    ),
    Entry {
        name: "comments_from_lms",
        cloud_id: None,
        group: Group::Content,
        values: Values::Text(MAX_COMMENTS),
        what: "what content reads in `cmi.comments_from_lms`: one text in SCORM 1.1, 1.2 and AICC; in SCORM 2004 a record for each line, where a line can begin with its language (`{lang=fr}`)",
        source: "RTE 2004 4.2.3, RTE 1.2 3.4.4",
        read: |settings| settings.comments_from_lms.clone(),
        write: |settings, value| settings.comments_from_lms = value.into(),
    },
    threshold!(
        mastery_score 0 100,
        None,
        Activity,
        "SCORM 1.1, 1.2, AICC: raw score from which a SCO is passed when it finishes; none: the content's own status stays",
        "RTE 1.2 3.4.4 (`adlcp:masteryscore`)"
    ),
    threshold!(
        passing_score -1 1,
        None,
        Activity,
        "SCORM 2004: scaled score from which a SCO is passed; none: its own status counts",
        "RTE 2004 4.2.19, 4.2.22.1"
    ),
    threshold!(
        completion_threshold 0 1,
        None,
        Activity,
        "SCORM 2004: progress measure from which a SCO is completed; none: its own status counts",
        "RTE 2004 4.2.4.1, 4.2.5"
    ),
    switch!(
        score_overrides_status,
        Some("PlayerScoreOverridesStatus"),
        Activity,
        "SCORM 1.1, 1.2, AICC: the mastery score decides also where the content set a status itself; otherwise only where it set none",
        "RTE 1.2 3.4.4"
    ),
    switch!(
        scale_raw_score,
        Some("PlayerScaleRawScore"),
        Activity,
        "SCORM 2004: where content sent no scaled score, its raw score counts, within min and max or of 100; otherwise it has no score that counts",
        "RTE 2004 4.2.20: scaled is not computed"
    ),
    switch!(
        allow_status_change,
        Some("PlayerAllowCompleteStatusChange"),
        Course,
        "a course that was completed can become incomplete again, and one that was passed failed; otherwise it stays completed and passed, whatever its content says later, in the same session too",
        "RTE 2004 4.2.4: the last status reported counts"
    ),
    word!(
        score_rollup: ScoreRollup,
        Some("PlayerScoreRollupModeValue"),
        Course,
        "where the course's score comes from: see below",
        "SN RB.1.1; SCORM 1.2 leaves it open"
    ),
    Entry {
        name: "scoring_units",
        cloud_id: Some("PlayerScoreRollupModeNumberOfScoringObjects"),
        group: Group::Course,
        values: Values::Count(0, 100_000, &["all"]),
        what: "what FIXED_AVERAGE divides by; all is the number of SCOs",
        source: "ours",
        read: |settings| match settings.scoring_units {
            0 => "all".into(),
            number => number.to_string(),
        },
        write: |settings, value| settings.scoring_units = value.parse().unwrap_or(0),
    },
    word!(
        status_rollup: StatusRollup,
        Some("PlayerStatusRollupModeValue"),
        Course,
        "when the course is complete: provided by the course, or computed from its units; see below",
        "SN RB.1.2, RB.1.3; SCORM 1.2 leaves it open"
    ),
    Entry {
        name: "threshold_score",
        cloud_id: Some("PlayerStatusRollupModeThresholdScore"),
        group: Group::Course,
        values: Values::Number(-1, 1, &["none"]),
        what: "scaled score that the modes of `status_rollup` with a threshold ask for; none: any score",
        source: "ours",
        read: |settings| match &settings.threshold_score {
            Threshold::At(number) => number.clone(),
            Threshold::Manifest | Threshold::None => "none".into(),
        },
        write: |settings, value| {
            let threshold = Threshold::from(String::from(value));
            settings.threshold_score =
                if threshold == Threshold::None { Threshold::Manifest } else { threshold };
        },
    },
    switch!(
        rollup_to_success,
        Some("PlayerApplyRollupStatusToSuccess"),
        Course,
        "a computed `status_rollup` gives the success too: passed where it is met, failed where all is done and it is not",
        "no standard asks for it"
    ),
    switch!(
        empty_is_unknown,
        Some("PlayerRollupEmptySetToUnknown"),
        Course,
        "a computed `status_rollup` over no units leaves the status unknown; otherwise the course is completed",
        "SN RB.1.4: no children, no status"
    ),
    switch!(
        first_is_pretest,
        Some("PlayerFirstScoIsPretest"),
        Course,
        "once the first SCO is passed, all other units count as completed",
        "no standard asks for it"
    ),
    word!(
        new_attempt: NewAttempt,
        Some("WhenToRestartRegistration"),
        Attempt,
        "when a launch begins a new attempt by itself, on the course's newest version; otherwise it resumes the newest attempt. A page that is loaded again is no launch",
        "ours: resuming loses nothing"
    ),
    switch!(
        new_attempt_on_request,
        None,
        Attempt,
        "a launch may ask for a new attempt (`new_attempt=1` of the launch link's maker)",
        "ours"
    ),
    Entry {
        name: "max_attempts",
        cloud_id: None,
        group: Group::Attempt,
        values: Values::Count(1, 1_000_000, &["unlimited"]),
        what: "attempts that a learner may begin, whoever or whatever asks for them; after the last one launches resume it and say so, and a reset is refused",
        source: "ours; SN LC.1 limits the attempts on activities",
        read: |settings| settings.max_attempts.map_or_else(|| "unlimited".into(), |max| max.to_string()),
        write: |settings, value| settings.max_attempts = value.parse().ok(),
    },
    switch!(
        enforce_time_limit,
        None,
        Attempt,
        "when the time of `cmi.max_time_allowed` is used up, the player does what the course's time limit action says: show a message or not, exit or continue; what content sets more than half a minute after an exit is refused. Otherwise this is left to the content",
        "RTE 1.2 3.4.4 and RTE 2004 4.2.15, 4.2.24, which ask the content to act"
    ),
    exit!(
        "exit_normal_intermediate_satisfied",
        "PlayerIntermediateScoSatisfiedNormalExitAction",
        Normal,
        false,
        true,
        "normal exit of a SCO before the last, which is passed or completed; STANDARD displays a message"
    ),
    exit!(
        "exit_normal_intermediate_not_satisfied",
        "PlayerIntermediateScoNotSatisfiedNormalExitAction",
        Normal,
        false,
        false,
        "normal exit of a SCO before the last, which is neither; STANDARD displays a message"
    ),
    exit!(
        "exit_normal_final_satisfied",
        "PlayerFinalScoCourseSatisfiedNormalExitAction",
        Normal,
        true,
        true,
        "normal exit of the last SCO, the course being passed or completed; STANDARD displays a message where there are several SCOs"
    ),
    exit!(
        "exit_normal_final_not_satisfied",
        "PlayerFinalScoCourseNotSatisfiedNormalExitAction",
        Normal,
        true,
        false,
        "normal exit of the last SCO, the course being neither; STANDARD displays a message where there are several SCOs"
    ),
    exit!(
        "exit_suspend_intermediate_satisfied",
        "PlayerIntermediateScoSatisfiedSuspendExitAction",
        Suspend,
        false,
        true,
        "the same for an exit with suspend; STANDARD displays a message"
    ),
    exit!(
        "exit_suspend_intermediate_not_satisfied",
        "PlayerIntermediateScoNotSatisfiedSuspendExitAction",
        Suspend,
        false,
        false,
        "the same for an exit with suspend; STANDARD displays a message"
    ),
    exit!(
        "exit_suspend_final_satisfied",
        "PlayerFinalScoCourseSatisfiedSuspendExitAction",
        Suspend,
        true,
        true,
        "the same for an exit with suspend; STANDARD displays a message"
    ),
    exit!(
        "exit_suspend_final_not_satisfied",
        "PlayerFinalScoCourseNotSatisfiedSuspendExitAction",
        Suspend,
        true,
        false,
        "the same for an exit with suspend; STANDARD displays a message"
    ),
    exit!(
        "exit_logout_intermediate_satisfied",
        "PlayerIntermediateScoSatisfiedLogoutExitAction",
        Logout,
        false,
        true,
        "the same for an exit with logout; STANDARD leaves the course"
    ),
    exit!(
        "exit_logout_intermediate_not_satisfied",
        "PlayerIntermediateScoNotSatisfiedLogoutExitAction",
        Logout,
        false,
        false,
        "the same for an exit with logout; STANDARD leaves the course"
    ),
    exit!(
        "exit_logout_final_satisfied",
        "PlayerFinalScoCourseSatisfiedLogoutExitAction",
        Logout,
        true,
        true,
        "the same for an exit with logout; STANDARD leaves the course"
    ),
    exit!(
        "exit_logout_final_not_satisfied",
        "PlayerFinalScoCourseNotSatisfiedLogoutExitAction",
        Logout,
        true,
        false,
        "the same for an exit with logout; STANDARD leaves the course"
    ),
    exit!(
        "exit_timeout_intermediate_satisfied",
        "PlayerIntermediateScoSatisfiedTimeoutExitAction",
        Timeout,
        false,
        true,
        "the same for an exit with time-out; STANDARD leaves the course in SCORM 2004, and displays a message in SCORM 1.1, 1.2 and AICC"
    ),
    exit!(
        "exit_timeout_intermediate_not_satisfied",
        "PlayerIntermediateScoNotSatisfiedTimeoutExitAction",
        Timeout,
        false,
        false,
        "the same for an exit with time-out; STANDARD leaves the course in SCORM 2004, and displays a message in SCORM 1.1, 1.2 and AICC"
    ),
    exit!(
        "exit_timeout_final_satisfied",
        "PlayerFinalScoCourseSatisfiedTimeoutExitAction",
        Timeout,
        true,
        true,
        "the same for an exit with time-out; STANDARD leaves the course in SCORM 2004, and displays a message in SCORM 1.1, 1.2 and AICC"
    ),
    exit!(
        "exit_timeout_final_not_satisfied",
        "PlayerFinalScoCourseNotSatisfiedTimeoutExitAction",
        Timeout,
        true,
        false,
        "the same for an exit with time-out; STANDARD leaves the course in SCORM 2004, and displays a message in SCORM 1.1, 1.2 and AICC"
    ),
];
