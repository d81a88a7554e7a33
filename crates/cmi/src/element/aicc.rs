//! What only AICC has: CMI001 Guidelines for Interoperability, with the names of its API binding.

use super::Access::{ReadOnly, ReadWrite, WriteOnly};
use super::Collection::{AttemptRecords, EvaluationComments, Paths, Tries, Windows};
use super::Initial::{Fixed, GivenOr};
use super::Kind::{CmiDate, CmiDecimal, CmiIdentifier, CmiInteger, CmiTime, CmiTimespan, Text};
use super::Place::{Field, Scalar};
use super::{Access, Collection, Element, Given, Initial, Kind, attempt, children, comment, count};
use crate::edition::Edition;
use crate::vocabulary as words;

const AICC: u8 = Edition::Aicc.bit();
const SCORE: Kind = CmiDecimal { normalized: false, blank: true };
const STATUS: Kind = Kind::Vocabulary(&words::OBJECTIVE_STATUS);
/// RTE 1.2 3.4.5, `CMIInteger`.
const MAX_NUMBER: i32 = 65_536;

/// A value that the LMS has or has not.
const GIVEN: Initial = GivenOr(Given::ByName, "");

const fn scalar(name: &'static str, kind: Kind, access: Access, initial: Initial) -> Element {
    Element::new(name, Scalar, kind, access, initial).only(AICC)
}

const fn field(name: &'static str, of: Collection, number: u8, kind: Kind, access: Access) -> Element {
    Element::new(name, Field(of, number), kind, access, Fixed("")).only(AICC)
}

const fn demographic(name: &'static str, about: &'static str) -> Element {
    scalar(name, Text(255), ReadOnly, GIVEN).about(about, "CMI001 Student_Demographics")
}

/// Grouped as in CMI001.
pub(super) const ELEMENTS: &[Element] = &[
    children("cmi.evaluation.comments._children", "content,location,time").only(AICC),
    count("cmi.evaluation.comments._count", EvaluationComments).only(AICC),
    field("cmi.evaluation.comments.n.content", EvaluationComments, comment::COMMENT, Text(4096), WriteOnly)
        .about("A remark of the learner.", "CMI001 Evaluation.Comments"),
    field("cmi.evaluation.comments.n.location", EvaluationComments, comment::LOCATION, Text(255), WriteOnly)
        .about("The place in the lesson that the remark is about.", "CMI001 Evaluation.Comments"),
    field("cmi.evaluation.comments.n.time", EvaluationComments, comment::TIMESTAMP, CmiTime, WriteOnly)
        .about("Time of day of the remark.", "CMI001 Evaluation.Comments"),
    scalar("cmi.student_data.attempt_number", CmiInteger(0, MAX_NUMBER), ReadOnly, GIVEN)
        .about("Which attempt this is.", "CMI001 Student_Data"),
    scalar("cmi.student_data.tries_during_lesson", CmiInteger(0, MAX_NUMBER), ReadWrite, Fixed(""))
        .about("Tries within this session.", "CMI001 Student_Data"),
    children("cmi.student_data.tries._children", "time,status,score").only(AICC),
    count("cmi.student_data.tries._count", Tries).only(AICC),
    children("cmi.student_data.tries.n.score._children", "raw,min,max").only(AICC),
    field("cmi.student_data.tries.n.score.raw", Tries, attempt::RAW, SCORE, ReadWrite)
        .about("Score of the try.", "CMI001 Student_Data.Tries"),
    field("cmi.student_data.tries.n.score.min", Tries, attempt::MIN, SCORE, ReadWrite)
        .about("Least raw score.", "CMI001 Student_Data.Tries"),
    field("cmi.student_data.tries.n.score.max", Tries, attempt::MAX, SCORE, ReadWrite)
        .about("Largest raw score.", "CMI001 Student_Data.Tries"),
    field("cmi.student_data.tries.n.status", Tries, attempt::STATUS, STATUS, ReadWrite)
        .about("Status of the try.", "CMI001 Student_Data.Tries"),
    field("cmi.student_data.tries.n.time", Tries, attempt::TIME, CmiTimespan, ReadWrite)
        .about("Time spent in the try.", "CMI001 Student_Data.Tries"),
    children("cmi.student_data.attempt_records._children", "score,lesson_status").only(AICC),
    count("cmi.student_data.attempt_records._count", AttemptRecords).only(AICC),
    children("cmi.student_data.attempt_records.n.score._children", "raw,min,max").only(AICC),
    field("cmi.student_data.attempt_records.n.score.raw", AttemptRecords, attempt::RAW, SCORE, ReadOnly)
        .about("Score of an earlier attempt.", "CMI001 Student_Data.Attempt_Records"),
    field("cmi.student_data.attempt_records.n.score.min", AttemptRecords, attempt::MIN, SCORE, ReadOnly)
        .about("Least raw score.", "CMI001 Student_Data.Attempt_Records"),
    field("cmi.student_data.attempt_records.n.score.max", AttemptRecords, attempt::MAX, SCORE, ReadOnly)
        .about("Largest raw score.", "CMI001 Student_Data.Attempt_Records"),
    field("cmi.student_data.attempt_records.n.lesson_status", AttemptRecords, attempt::STATUS, STATUS, ReadOnly)
        .about("Status of an earlier attempt.", "CMI001 Student_Data.Attempt_Records"),
    children(
        "cmi.student_demographics._children",
        "city,class,company,country,experience,familiar_name,instructor_name,title,native_language,state,street_address,telephone,years_experience",
    )
    .only(AICC),
    demographic("cmi.student_demographics.city", "City."),
    demographic("cmi.student_demographics.class", "Class or group."),
    demographic("cmi.student_demographics.company", "Company."),
    demographic("cmi.student_demographics.country", "Country."),
    demographic("cmi.student_demographics.experience", "Experience with the subject."),
    demographic("cmi.student_demographics.familiar_name", "How the learner wants to be called."),
    demographic("cmi.student_demographics.instructor_name", "Name of the instructor."),
    demographic("cmi.student_demographics.title", "Title or position."),
    demographic("cmi.student_demographics.native_language", "First language."),
    demographic("cmi.student_demographics.state", "State or province."),
    demographic("cmi.student_demographics.street_address", "Street and number."),
    demographic("cmi.student_demographics.telephone", "Telephone number."),
    demographic("cmi.student_demographics.years_experience", "Years of experience."),
    scalar("cmi.student_preference.lesson_type", Text(255), ReadWrite, Fixed(""))
        .about("Preferred kind of lesson.", "CMI001 Student_Preferences"),
    scalar("cmi.student_preference.text_color", Text(255), ReadWrite, Fixed(""))
        .about("Colour of text.", "CMI001 Student_Preferences"),
    scalar("cmi.student_preference.text_location", Text(255), ReadWrite, Fixed(""))
        .about("Place of text windows.", "CMI001 Student_Preferences"),
    scalar("cmi.student_preference.text_size", Text(255), ReadWrite, Fixed(""))
        .about("Size of text.", "CMI001 Student_Preferences"),
    scalar("cmi.student_preference.video", Text(255), ReadWrite, Fixed(""))
        .about("Video settings.", "CMI001 Student_Preferences"),
    count("cmi.student_preference.windows._count", Windows).only(AICC),
    field("cmi.student_preference.windows.n", Windows, 0, Text(255), ReadWrite)
        .about("Size and place of a window.", "CMI001 Student_Preferences"),
    children("cmi.paths._children", "location_id,date,time,status,why_left,time_in_element").only(AICC),
    count("cmi.paths._count", Paths).only(AICC),
    field("cmi.paths.n.location_id", Paths, 0, CmiIdentifier, WriteOnly)
        .about("A place in the lesson.", "CMI001 Path"),
    field("cmi.paths.n.date", Paths, 1, CmiDate, WriteOnly)
        .about("Date of entry.", "CMI001 Path"),
    field("cmi.paths.n.time", Paths, 2, CmiTime, WriteOnly)
        .about("Time of day of entry.", "CMI001 Path"),
    field("cmi.paths.n.status", Paths, 3, STATUS, WriteOnly)
        .about("Status when the place was left.", "CMI001 Path"),
    field("cmi.paths.n.why_left", Paths, 4, Kind::Vocabulary(&words::WHY_LEFT), WriteOnly)
        .about("Why the place was left.", "CMI001 Path"),
    field("cmi.paths.n.time_in_element", Paths, 5, CmiTimespan, WriteOnly)
        .about("Time spent there.", "CMI001 Path"),
];
