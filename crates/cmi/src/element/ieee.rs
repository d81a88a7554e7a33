//! SCORM 2004: the data model of IEEE 1484.11.1 with ADL's navigation and shared data.

use super::Access::{ReadOnly, ReadWrite, WriteOnly};
use super::Collection::{CommentsFromLearner, CommentsFromLms, Interactions, Objectives, SharedData};
use super::Initial::{Fixed, GivenOr, Nothing};
use super::Kind::{
    Interval, Language, Localized, LongIdentifier, NavRequest, NavValid, Pattern, Real, Response, Text,
    Timestamp, Version,
};
use super::Place::{Computed, Field, Nested, Scalar};
use super::kind::NavQuestion;
use super::{
    Element, Given, Initial, Kind, children, comment, count, interaction, nested_count, objective, shared,
};
use crate::edition::Edition;
use crate::vocabulary as words;

const ED2: u8 = Edition::Scorm2004Ed2.bit();
const ED3: u8 = Edition::Scorm2004Ed3.bit();
const ED4: u8 = Edition::Scorm2004Ed4.bit();
const ALL: u8 = ED2 | ED3 | ED4;

const UNIT: Kind = Real(Some(0), Some(1));
const SCALED: Kind = Real(Some(-1), Some(1));
const ANY_NUMBER: Kind = Real(None, None);
const SCORE_CHILDREN: &str = "scaled,raw,min,max";
const COMMENT_CHILDREN: &str = "comment,location,timestamp";

const fn given(field: Given) -> Initial {
    Initial::Given(field)
}

/// In the order of RTE 2004 chapter 4, then ADL's own.
pub(super) static ELEMENTS: &[Element] = &[
    Element::new("cmi._version", Computed, Version("1.0"), ReadOnly, Nothing)
        .about("Version of the data model.", "RTE 2004 4.2.1")
        .only(ALL),
    children("cmi.comments_from_learner._children", COMMENT_CHILDREN).only(ALL),
    count("cmi.comments_from_learner._count", CommentsFromLearner).only(ALL),
    Element::new(
        "cmi.comments_from_learner.n.comment",
        Field(CommentsFromLearner, comment::COMMENT),
        Localized(4000),
        ReadWrite,
        Nothing,
    )
    .about("A remark of the learner.", "RTE 2004 4.2.2")
    .only(ALL),
    Element::new(
        "cmi.comments_from_learner.n.location",
        Field(CommentsFromLearner, comment::LOCATION),
        Text(250),
        ReadWrite,
        Nothing,
    )
    .about("The place in the SCO that the remark is about.", "RTE 2004 4.2.2")
    .only(ALL),
    Element::new(
        "cmi.comments_from_learner.n.timestamp",
        Field(CommentsFromLearner, comment::TIMESTAMP),
        Timestamp,
        ReadWrite,
        Nothing,
    )
    .about("When the remark was made or last changed.", "RTE 2004 4.2.2")
    .only(ALL),
    children("cmi.comments_from_lms._children", COMMENT_CHILDREN).only(ALL),
    count("cmi.comments_from_lms._count", CommentsFromLms).only(ALL),
    Element::new(
        "cmi.comments_from_lms.n.comment",
        Field(CommentsFromLms, comment::COMMENT),
        Localized(4000),
        ReadOnly,
        Nothing,
    )
    .about("A remark for the learner.", "RTE 2004 4.2.3")
    .only(ALL),
    Element::new(
        "cmi.comments_from_lms.n.location",
        Field(CommentsFromLms, comment::LOCATION),
        Text(250),
        ReadOnly,
        Nothing,
    )
    .about("The place in the SCO that the remark is about.", "RTE 2004 4.2.3")
    .only(ALL),
    Element::new(
        "cmi.comments_from_lms.n.timestamp",
        Field(CommentsFromLms, comment::TIMESTAMP),
        Timestamp,
        ReadOnly,
        Nothing,
    )
    .about("When the remark was made or last changed.", "RTE 2004 4.2.3")
    .only(ALL),
    Element::new(
        "cmi.completion_status",
        Scalar,
        Kind::Vocabulary(&words::COMPLETION_STATUS),
        ReadWrite,
        Fixed("unknown"),
    )
    .about(
        "Has the learner completed the SCO? With a completion threshold, reading gives what threshold and \
         progress measure say.",
        "RTE 2004 4.2.4",
    )
    .only(ALL),
    Element::new("cmi.completion_threshold", Scalar, UNIT, ReadOnly, given(Given::CompletionThreshold))
        .about("Progress measure from which the SCO counts as completed.", "RTE 2004 4.2.5")
        .only(ALL),
    Element::new("cmi.credit", Scalar, Kind::Vocabulary(&words::CREDIT), ReadOnly, given(Given::Credit))
        .about("Does the learner get credit for performance?", "RTE 2004 4.2.6")
        .only(ALL),
    Element::new("cmi.entry", Scalar, Kind::Vocabulary(&words::ENTRY), ReadOnly, given(Given::Entry))
        .about("Has the learner been in this attempt before?", "RTE 2004 4.2.7")
        .only(ALL),
    Element::new("cmi.exit", Scalar, Kind::Vocabulary(&words::EXIT), WriteOnly, Fixed(""))
        .about("How the learner left the SCO; `logout` is deprecated since the 4th edition.", "RTE 2004 4.2.8")
        .only(ALL),
    children(
        "cmi.interactions._children",
        "id,type,objectives,timestamp,correct_responses,weighting,learner_response,result,latency,description",
    )
    .only(ALL),
    count("cmi.interactions._count", Interactions).only(ALL),
    Element::new(
        "cmi.interactions.n.id",
        Field(Interactions, interaction::ID),
        LongIdentifier,
        ReadWrite,
        Nothing,
    )
    .about("Label of the interaction, unique within the SCO. Must be set first.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.type",
        Field(Interactions, interaction::TYPE),
        Kind::Vocabulary(&words::INTERACTION_TYPE),
        ReadWrite,
        Nothing,
    )
    .about("Kind of question. Must be set before responses and patterns.", "RTE 2004 4.2.9")
    .only(ALL),
    nested_count("cmi.interactions.n.objectives._count", Interactions, interaction::OBJECTIVES).only(ALL),
    Element::new(
        "cmi.interactions.n.objectives.n.id",
        Nested(Interactions, interaction::OBJECTIVES),
        LongIdentifier,
        ReadWrite,
        Nothing,
    )
    .about("An objective that the interaction belongs to, unique within the interaction.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.timestamp",
        Field(Interactions, interaction::TIMESTAMP),
        Timestamp,
        ReadWrite,
        Nothing,
    )
    .about("When the interaction was first made available.", "RTE 2004 4.2.9")
    .only(ALL),
    nested_count("cmi.interactions.n.correct_responses._count", Interactions, interaction::PATTERNS).only(ALL),
    Element::new(
        "cmi.interactions.n.correct_responses.n.pattern",
        Nested(Interactions, interaction::PATTERNS),
        Pattern,
        ReadWrite,
        Nothing,
    )
    .about("One correct response; see the patterns per type.", "RTE 2004 4.2.9.1")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.weighting",
        Field(Interactions, interaction::WEIGHTING),
        ANY_NUMBER,
        ReadWrite,
        Nothing,
    )
    .about("Weight of the interaction.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.learner_response",
        Field(Interactions, interaction::RESPONSE),
        Response,
        ReadWrite,
        Nothing,
    )
    .about("What the learner answered; see the responses per type.", "RTE 2004 4.2.9.2")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.result",
        Field(Interactions, interaction::RESULT),
        Kind::Result(&words::RESULT),
        ReadWrite,
        Nothing,
    )
    .about("Judgement on the response.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.latency",
        Field(Interactions, interaction::LATENCY),
        Interval,
        ReadWrite,
        Nothing,
    )
    .about("Time from presentation to response.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.description",
        Field(Interactions, interaction::DESCRIPTION),
        Localized(250),
        ReadWrite,
        Nothing,
    )
    .about("The question in words.", "RTE 2004 4.2.9")
    .only(ALL),
    Element::new("cmi.launch_data", Scalar, Text(4000), ReadOnly, given(Given::LaunchData))
        .about("Data for the SCO from the manifest (`dataFromLMS`).", "RTE 2004 4.2.10")
        .only(ALL),
    Element::new("cmi.learner_id", Scalar, LongIdentifier, ReadOnly, given(Given::LearnerId))
        .about("Identifies the learner.", "RTE 2004 4.2.11")
        .only(ALL),
    Element::new("cmi.learner_name", Scalar, Localized(250), ReadOnly, given(Given::LearnerName))
        .about("The learner's name.", "RTE 2004 4.2.12")
        .only(ALL),
    children(
        "cmi.learner_preference._children",
        "audio_level,language,delivery_speed,audio_captioning",
    )
    .only(ALL),
    Element::new(
        "cmi.learner_preference.audio_level",
        Scalar,
        Real(Some(0), None),
        ReadWrite,
        GivenOr(Given::AudioLevel, "1"),
    )
    .about("Factor on the SCO's own loudness.", "RTE 2004 4.2.13")
    .only(ALL),
    Element::new(
        "cmi.learner_preference.language",
        Scalar,
        Language,
        ReadWrite,
        GivenOr(Given::Language, ""),
    )
    .about("Preferred language.", "RTE 2004 4.2.13")
    .only(ALL),
    Element::new(
        "cmi.learner_preference.delivery_speed",
        Scalar,
        Real(Some(0), None),
        ReadWrite,
        GivenOr(Given::DeliverySpeed, "1"),
    )
    .about("Factor on the SCO's own speed.", "RTE 2004 4.2.13")
    .only(ALL),
    Element::new(
        "cmi.learner_preference.audio_captioning",
        Scalar,
        Kind::Vocabulary(&words::AUDIO_CAPTIONING),
        ReadWrite,
        GivenOr(Given::AudioCaptioning, "0"),
    )
    .about("Captions: off (-1), as the SCO has it (0), on (1).", "RTE 2004 4.2.13")
    .only(ALL),
    Element::new("cmi.location", Scalar, Text(1000), ReadWrite, Nothing)
        .about("Where the learner is in the SCO.", "RTE 2004 4.2.14")
        .only(ALL),
    Element::new("cmi.max_time_allowed", Scalar, Interval, ReadOnly, given(Given::MaxTimeAllowed))
        .about("Time that the learner may spend in the SCO.", "RTE 2004 4.2.15")
        .only(ALL),
    Element::new("cmi.mode", Scalar, Kind::Vocabulary(&words::MODE), ReadOnly, given(Given::Mode))
        .about("Browse, normal or review.", "RTE 2004 4.2.16")
        .only(ALL),
    children(
        "cmi.objectives._children",
        "id,score,success_status,completion_status,progress_measure,description",
    )
    .only(ALL),
    count("cmi.objectives._count", Objectives).only(ALL),
    Element::new("cmi.objectives.n.id", Field(Objectives, objective::ID), LongIdentifier, ReadWrite, Nothing)
        .about(
            "Label of the objective, unique within the SCO. Must be set first; fixed once set (from the 3rd edition).",
            "RTE 2004 4.2.17",
        )
        .only(ALL),
    children("cmi.objectives.n.score._children", SCORE_CHILDREN).only(ALL),
    Element::new(
        "cmi.objectives.n.score.scaled",
        Field(Objectives, objective::SCALED),
        SCALED,
        ReadWrite,
        Nothing,
    )
    .about("Score of the objective, scaled.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.score.raw",
        Field(Objectives, objective::RAW),
        ANY_NUMBER,
        ReadWrite,
        Nothing,
    )
    .about("Score of the objective between min and max.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.score.min",
        Field(Objectives, objective::MIN),
        ANY_NUMBER,
        ReadWrite,
        Nothing,
    )
    .about("Least raw score.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.score.max",
        Field(Objectives, objective::MAX),
        ANY_NUMBER,
        ReadWrite,
        Nothing,
    )
    .about("Largest raw score.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.success_status",
        Field(Objectives, objective::SUCCESS),
        Kind::Vocabulary(&words::SUCCESS_STATUS),
        ReadWrite,
        Fixed("unknown"),
    )
    .about("Has the learner mastered the objective?", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.completion_status",
        Field(Objectives, objective::COMPLETION),
        Kind::Vocabulary(&words::COMPLETION_STATUS),
        ReadWrite,
        Fixed("unknown"),
    )
    .about("Has the learner completed the objective?", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.progress_measure",
        Field(Objectives, objective::PROGRESS),
        UNIT,
        ReadWrite,
        Nothing,
    )
    .about("How much of the objective is done.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new(
        "cmi.objectives.n.description",
        Field(Objectives, objective::DESCRIPTION),
        Localized(250),
        ReadWrite,
        Nothing,
    )
    .about("The objective in words.", "RTE 2004 4.2.17")
    .only(ALL),
    Element::new("cmi.progress_measure", Scalar, UNIT, ReadWrite, Nothing)
        .about("How much of the SCO is done.", "RTE 2004 4.2.18")
        .only(ALL),
    Element::new("cmi.scaled_passing_score", Scalar, SCALED, ReadOnly, given(Given::ScaledPassingScore))
        .about("Scaled score from which the SCO counts as mastered.", "RTE 2004 4.2.19")
        .only(ALL),
    children("cmi.score._children", SCORE_CHILDREN).only(ALL),
    Element::new("cmi.score.scaled", Scalar, SCALED, ReadWrite, Nothing)
        .about("The learner's score, scaled.", "RTE 2004 4.2.20")
        .only(ALL),
    Element::new("cmi.score.raw", Scalar, ANY_NUMBER, ReadWrite, Nothing)
        .about("The learner's score between min and max.", "RTE 2004 4.2.20")
        .only(ALL),
    Element::new("cmi.score.min", Scalar, ANY_NUMBER, ReadWrite, Nothing)
        .about("Least raw score.", "RTE 2004 4.2.20")
        .only(ALL),
    Element::new("cmi.score.max", Scalar, ANY_NUMBER, ReadWrite, Nothing)
        .about("Largest raw score.", "RTE 2004 4.2.20")
        .only(ALL),
    Element::new("cmi.session_time", Scalar, Interval, WriteOnly, Nothing)
        .about("Time spent in this session.", "RTE 2004 4.2.21")
        .only(ALL),
    Element::new(
        "cmi.success_status",
        Scalar,
        Kind::Vocabulary(&words::SUCCESS_STATUS),
        ReadWrite,
        Fixed("unknown"),
    )
    .about(
        "Has the learner mastered the SCO? With a scaled passing score, reading gives what it and the scaled \
         score say.",
        "RTE 2004 4.2.22",
    )
    .only(ALL),
    Element::new("cmi.suspend_data", Scalar, Text(4000), ReadWrite, Nothing)
        .about("What the SCO needs to resume.", "RTE 2004 4.2.23")
        .only(ED2),
    Element::new("cmi.suspend_data", Scalar, Text(64_000), ReadWrite, Nothing)
        .about("What the SCO needs to resume.", "RTE 2004 4.2.23")
        .only(ED3 | ED4),
    Element::new(
        "cmi.time_limit_action",
        Scalar,
        Kind::Vocabulary(&words::TIME_LIMIT_ACTION),
        ReadOnly,
        GivenOr(Given::TimeLimitAction, "continue,no message"),
    )
    .about("What the SCO does when the time is up.", "RTE 2004 4.2.24")
    .only(ALL),
    Element::new("cmi.total_time", Scalar, Interval, ReadOnly, given(Given::TotalTime))
        .about("Sum of the session times of this attempt, without the present session.", "RTE 2004 4.2.25")
        .only(ALL),
    Element::new("adl.nav.request", Scalar, NavRequest(&words::NAV_REQUEST_ED2), ReadWrite, Fixed("_none_"))
        .about("Where to go after Terminate.", "SN 2004 5.6.4")
        .only(ED2),
    Element::new("adl.nav.request", Scalar, NavRequest(&words::NAV_REQUEST_ED3), ReadWrite, Fixed("_none_"))
        .about("Where to go after Terminate.", "SN 2004 5.6.4")
        .only(ED3),
    Element::new("adl.nav.request", Scalar, NavRequest(&words::NAV_REQUEST_ED4), ReadWrite, Fixed("_none_"))
        .about("Where to go after Terminate.", "SN 2004 5.6.4")
        .only(ED4),
    Element::new(
        "adl.nav.request_valid.continue",
        Computed,
        NavValid(NavQuestion::Continue),
        ReadOnly,
        Fixed("unknown"),
    )
    .about("Would Continue succeed?", "SN 2004 5.6.5")
    .only(ALL),
    Element::new(
        "adl.nav.request_valid.previous",
        Computed,
        NavValid(NavQuestion::Previous),
        ReadOnly,
        Fixed("unknown"),
    )
    .about("Would Previous succeed?", "SN 2004 5.6.5")
    .only(ALL),
    Element::new(
        "adl.nav.request_valid.choice",
        Computed,
        NavValid(NavQuestion::Choice),
        ReadOnly,
        Fixed("unknown"),
    )
    .about("Would Choice of this activity succeed? Asked with `.{target=ID}` behind.", "SN 2004 5.6.5")
    .only(ALL),
    Element::new(
        "adl.nav.request_valid.jump",
        Computed,
        NavValid(NavQuestion::Jump),
        ReadOnly,
        Fixed("unknown"),
    )
    .about("Would Jump to this activity succeed? Asked with `.{target=ID}` behind.", "SN 2004 5.6.5")
    .only(ED4),
    children("adl.data._children", "id,store").only(ED4),
    count("adl.data._count", SharedData).only(ED4),
    Element::new("adl.data.n.id", Field(SharedData, shared::ID), LongIdentifier, ReadOnly, Nothing)
        .about("Identifies the store, from the manifest's data map.", "RTE 2004 4.3.1")
        .only(ED4),
    Element::new("adl.data.n.store", Field(SharedData, shared::STORE), Text(64_000), ReadWrite, Nothing)
        .about("The shared value; the manifest may forbid reading or writing.", "RTE 2004 4.3.1")
        .only(ED4),
];
