//! SCORM 1.1 and 1.2, and what AICC's data model has in common with them.

use super::Access::{ReadOnly, ReadWrite, WriteOnly};
use super::Collection::{Interactions, Objectives};
use super::Initial::{Fixed, GivenOr, Nothing};
use super::Kind::{CmiDecimal, CmiIdentifier, CmiInteger, CmiTime, CmiTimespan, Feedback, Text, Version};
use super::Place::{Computed, Field, Nested, Scalar};
use super::{Element, Given, Initial, Kind, aicc, children, count, interaction, nested_count, objective};
use crate::edition::Edition;
use crate::vocabulary as words;

const AICC: u8 = Edition::Aicc.bit();
const S11: u8 = Edition::Scorm11.bit();
const S12: u8 = Edition::Scorm12.bit();
const SCORM: u8 = S11 | S12;
const ALL: u8 = SCORM | AICC;

/// SCORM 1.2 wants scores normalized, its predecessors any number.
const SCORE: Kind = CmiDecimal { normalized: false, blank: true };
const SCORE_12: Kind = CmiDecimal { normalized: true, blank: true };
const SCORE_CHILDREN: &str = "raw,min,max";
const NUMBER: Kind = CmiDecimal { normalized: false, blank: false };

const fn given(field: Given) -> Initial {
    Initial::Given(field)
}

/// SCORM's elements and those that only AICC has.
pub(super) static ELEMENTS: &[Element] = &concat();

const LENGTH: usize = COMMON.len() + aicc::ELEMENTS.len();

const fn concat() -> [Element; LENGTH] {
    let mut all = [COMMON[0]; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        all[at] = if at < COMMON.len() { COMMON[at] } else { aicc::ELEMENTS[at - COMMON.len()] };
        at += 1;
    }
    all
}

/// In the order of RTE 1.2 3.4.4.
const COMMON: &[Element] = &[
    Element::new("cmi._version", Computed, Version("3.4"), ReadOnly, Nothing)
        .about("Version of AICC's data model.", "RTE 1.2 3.4.1.2")
        .only(ALL),
    children(
        "cmi.core._children",
        "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time",
    )
    .only(ALL),
    Element::new("cmi.core.student_id", Scalar, CmiIdentifier, ReadOnly, given(Given::LearnerId))
        .about("Identifies the learner.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.student_name", Scalar, Text(255), ReadOnly, given(Given::LearnerName))
        .about("The learner's name: last name, first name.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.lesson_location", Scalar, Text(255), ReadWrite, Fixed(""))
        .about("Where the learner is in the SCO.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.credit", Scalar, Kind::Vocabulary(&words::CREDIT), ReadOnly, given(Given::Credit))
        .about("Does the learner get credit for performance?", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new(
        "cmi.core.lesson_status",
        Scalar,
        Kind::Vocabulary(&words::LESSON_STATUS),
        ReadWrite,
        Fixed("not attempted"),
    )
    .about("Status of the learner in the SCO. Only the LMS gives `not attempted`.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new("cmi.core.entry", Scalar, Kind::Vocabulary(&words::ENTRY), ReadOnly, given(Given::Entry))
        .about("Has the learner been in the SCO before?", "RTE 1.2 3.4.4")
        .only(ALL),
    children("cmi.core.score._children", SCORE_CHILDREN).only(ALL),
    Element::new("cmi.core.score.raw", Scalar, SCORE_12, ReadWrite, Fixed(""))
        .about("The learner's score, normalized.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.core.score.raw", Scalar, SCORE, ReadWrite, Fixed(""))
        .about("The learner's score.", "CMI001 Core.Score")
        .only(S11 | AICC),
    Element::new("cmi.core.score.min", Scalar, SCORE_12, ReadWrite, Fixed(""))
        .about("Least raw score.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.core.score.min", Scalar, SCORE, ReadWrite, Fixed(""))
        .about("Least raw score.", "CMI001 Core.Score")
        .only(S11 | AICC),
    Element::new("cmi.core.score.max", Scalar, SCORE_12, ReadWrite, Fixed(""))
        .about("Largest raw score.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.core.score.max", Scalar, SCORE, ReadWrite, Fixed(""))
        .about("Largest raw score.", "CMI001 Core.Score")
        .only(S11 | AICC),
    Element::new("cmi.core.total_time", Scalar, CmiTimespan, ReadOnly, given(Given::TotalTime))
        .about("Sum of all session times, without the present session.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.lesson_mode", Scalar, Kind::Vocabulary(&words::MODE), ReadOnly, given(Given::Mode))
        .about("Browse, normal or review.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.exit", Scalar, Kind::Vocabulary(&words::CMI_EXIT), WriteOnly, Fixed(""))
        .about("How the learner left the SCO.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.core.session_time", Scalar, CmiTimespan, WriteOnly, Nothing)
        .about("Time spent in this session.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.suspend_data", Scalar, Text(4096), ReadWrite, Fixed(""))
        .about("What the SCO needs to resume.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.launch_data", Scalar, Text(4096), ReadOnly, GivenOr(Given::LaunchData, ""))
        .about("Data for the SCO from the manifest (`datafromlms`).", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new("cmi.comments", Scalar, Text(4096), ReadWrite, Fixed(""))
        .about("Remarks of the learner; what is set is added to what is there.", "RTE 1.2 3.4.4")
        .concatenated()
        .only(SCORM),
    Element::new("cmi.comments", Scalar, Text(4096), ReadWrite, Fixed(""))
        .about("Remarks of the learner.", "CMI001 Comments")
        .only(AICC),
    Element::new(
        "cmi.comments_from_lms",
        Scalar,
        Text(4096),
        ReadOnly,
        GivenOr(Given::CommentsFromLms, ""),
    )
    .about("Remarks for the learner.", "RTE 1.2 3.4.4")
    .only(ALL),
    children("cmi.objectives._children", "id,score,status").only(ALL),
    count("cmi.objectives._count", Objectives).only(ALL),
    Element::new("cmi.objectives.n.id", Field(Objectives, objective::ID), CmiIdentifier, ReadWrite, Fixed(""))
        .about("Label of the objective.", "RTE 1.2 3.4.4")
        .only(ALL),
    children("cmi.objectives.n.score._children", SCORE_CHILDREN).only(ALL),
    Element::new("cmi.objectives.n.score.raw", Field(Objectives, objective::RAW), SCORE_12, ReadWrite, Fixed(""))
        .about("Score of the objective, normalized.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.objectives.n.score.raw", Field(Objectives, objective::RAW), SCORE, ReadWrite, Fixed(""))
        .about("Score of the objective.", "CMI001 Objectives_Status")
        .only(S11 | AICC),
    Element::new("cmi.objectives.n.score.min", Field(Objectives, objective::MIN), SCORE_12, ReadWrite, Fixed(""))
        .about("Least raw score.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.objectives.n.score.min", Field(Objectives, objective::MIN), SCORE, ReadWrite, Fixed(""))
        .about("Least raw score.", "CMI001 Objectives_Status")
        .only(S11 | AICC),
    Element::new("cmi.objectives.n.score.max", Field(Objectives, objective::MAX), SCORE_12, ReadWrite, Fixed(""))
        .about("Largest raw score.", "RTE 1.2 3.4.4")
        .only(S12),
    Element::new("cmi.objectives.n.score.max", Field(Objectives, objective::MAX), SCORE, ReadWrite, Fixed(""))
        .about("Largest raw score.", "CMI001 Objectives_Status")
        .only(S11 | AICC),
    Element::new(
        "cmi.objectives.n.status",
        Field(Objectives, objective::STATUS),
        Kind::Vocabulary(&words::OBJECTIVE_STATUS),
        ReadWrite,
        Fixed(""),
    )
    .about("Status of the learner in the objective.", "RTE 1.2 3.4.4")
    .only(ALL),
    children("cmi.student_data._children", "mastery_score,max_time_allowed,time_limit_action").only(SCORM),
    children(
        "cmi.student_data._children",
        "attempt_number,tries,attempt_records,mastery_score,max_time_allowed,time_limit_action,tries_during_lesson",
    )
    .only(AICC),
    Element::new("cmi.student_data.mastery_score", Scalar, NUMBER, ReadOnly, GivenOr(Given::MasteryScore, ""))
        .about("Raw score from which the SCO counts as passed (`masteryscore`).", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new(
        "cmi.student_data.max_time_allowed",
        Scalar,
        CmiTimespan,
        ReadOnly,
        GivenOr(Given::MaxTimeAllowed, ""),
    )
    .about("Time that the learner may spend in the SCO (`maxtimeallowed`).", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.student_data.time_limit_action",
        Scalar,
        Kind::Vocabulary(&words::TIME_LIMIT_ACTION),
        ReadOnly,
        GivenOr(Given::TimeLimitAction, ""),
    )
    .about("What the SCO does when the time is up (`timelimitaction`).", "RTE 1.2 3.4.4")
    .only(ALL),
    children("cmi.student_preference._children", "audio,language,speed,text").only(SCORM),
    children(
        "cmi.student_preference._children",
        "audio,language,lesson_type,speed,text,text_color,text_location,text_size,video,windows",
    )
    .only(AICC),
    Element::new(
        "cmi.student_preference.audio",
        Scalar,
        CmiInteger(-1, 100),
        ReadWrite,
        GivenOr(Given::AudioLevel, ""),
    )
    .about("Sound: off (-1), as the SCO has it (0), loudness in percent.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.student_preference.language",
        Scalar,
        Text(255),
        ReadWrite,
        GivenOr(Given::Language, ""),
    )
    .about("Preferred language.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.student_preference.speed",
        Scalar,
        CmiInteger(-100, 100),
        ReadWrite,
        GivenOr(Given::DeliverySpeed, ""),
    )
    .about("Pace, from -100 (slowest) over 0 (as the SCO has it) to 100.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.student_preference.text",
        Scalar,
        CmiInteger(-1, 1),
        ReadWrite,
        GivenOr(Given::AudioCaptioning, ""),
    )
    .about("Text to sound: off (-1), as the SCO has it (0), on (1).", "RTE 1.2 3.4.4")
    .only(ALL),
    children(
        "cmi.interactions._children",
        "id,objectives,time,type,correct_responses,weighting,student_response,result,latency",
    )
    .only(ALL),
    count("cmi.interactions._count", Interactions).only(ALL),
    Element::new("cmi.interactions.n.id", Field(Interactions, interaction::ID), CmiIdentifier, WriteOnly, Nothing)
        .about("Label of the interaction.", "RTE 1.2 3.4.4")
        .only(ALL),
    nested_count("cmi.interactions.n.objectives._count", Interactions, interaction::OBJECTIVES).only(ALL),
    Element::new(
        "cmi.interactions.n.objectives.n.id",
        Nested(Interactions, interaction::OBJECTIVES),
        CmiIdentifier,
        WriteOnly,
        Nothing,
    )
    .about("An objective that the interaction belongs to.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new("cmi.interactions.n.date", Field(Interactions, interaction::DATE), Kind::CmiDate, WriteOnly, Nothing)
        .about("Date of the interaction.", "CMI001 Interactions")
        .only(AICC),
    Element::new("cmi.interactions.n.time", Field(Interactions, interaction::TIMESTAMP), CmiTime, WriteOnly, Nothing)
        .about("Time of day of the response.", "RTE 1.2 3.4.4")
        .only(ALL),
    Element::new(
        "cmi.interactions.n.type",
        Field(Interactions, interaction::TYPE),
        Kind::Vocabulary(&words::CMI_INTERACTION_TYPE),
        WriteOnly,
        Nothing,
    )
    .about("Kind of question.", "RTE 1.2 3.4.4")
    .only(ALL),
    nested_count("cmi.interactions.n.correct_responses._count", Interactions, interaction::PATTERNS).only(ALL),
    Element::new(
        "cmi.interactions.n.correct_responses.n.pattern",
        Nested(Interactions, interaction::PATTERNS),
        Feedback,
        WriteOnly,
        Nothing,
    )
    .about("One correct response.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.weighting",
        Field(Interactions, interaction::WEIGHTING),
        NUMBER,
        WriteOnly,
        Nothing,
    )
    .about("Weight of the interaction.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.student_response",
        Field(Interactions, interaction::RESPONSE),
        Feedback,
        WriteOnly,
        Nothing,
    )
    .about("What the learner answered.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.result",
        Field(Interactions, interaction::RESULT),
        Kind::Result(&words::CMI_RESULT),
        WriteOnly,
        Nothing,
    )
    .about("Judgement on the response.", "RTE 1.2 3.4.4")
    .only(ALL),
    Element::new(
        "cmi.interactions.n.latency",
        Field(Interactions, interaction::LATENCY),
        CmiTimespan,
        WriteOnly,
        Nothing,
    )
    .about("Time from presentation to response.", "RTE 1.2 3.4.4")
    .only(ALL),
];
