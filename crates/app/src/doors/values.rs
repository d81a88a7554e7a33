//! Which of the values that a player brings are to be set, and in which order. Players that keep a data model of their own send all of it with
//! every commit: most of it is known, and a part is the LMS's own.

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_cmi::element::{Access, Table};
use lyceum_cmi::{Edition, Model};

/// Values in the order in which content would set them: by index, and in a record first its id and type, on which the others depend. Among
/// several of one element the last one counts.
pub(super) fn ordered(values: &[(String, String)]) -> Vec<(&str, &str)> {
    let mut ordered: Vec<(&str, &str)> = Vec::with_capacity(values.len());
    let mut places = std::collections::HashMap::new();
    for (element, value) in values {
        let at = *places.entry(element.as_str()).or_insert(ordered.len());
        match ordered.get_mut(at) {
            Some(known) => known.1 = value,
            None => ordered.push((element, value)),
        }
    }
    ordered.sort_by_cached_key(|(element, _)| key(element));
    ordered
}

fn key(element: &str) -> Vec<(u8, u64, &str)> {
    let of = |part| match part {
        "id" => (0, 0, part),
        "type" => (1, 0, part),
        _ => part.parse().map_or((2, 0, part), |index| (2, index, "")),
    };
    element.split('.').map(of).collect()
}

/// Whether the LMS alone sets this element: content that sends it back says nothing.
pub(super) fn is_lms_own(edition: Edition, element: &str) -> bool {
    let is_index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let name: Vec<&str> = element.split('.').map(|part| if is_index(part) { "n" } else { part }).collect();
    let is_keyword = name.last().is_some_and(|leaf| leaf.starts_with('_'));
    let definition = Table::of(edition).named(&name.join(".")).filter(|element| element.is_in(edition));
    is_keyword || definition.is_some_and(|element| element.access == Access::ReadOnly)
}

/// Whether the value stands already, or says nothing where nothing stands.
pub(super) fn is_known(engine: &mut Engine, activity: &str, element: &str, value: &str, now: Millis) -> bool {
    let model = engine.state().activity(activity).map(|known| known.model());
    match model.and_then(|model: &Model| model.value(element)) {
        Some(stands) => stands == value,
        None if value.is_empty() => true,
        None if element.ends_with("session_time") => lyceum_cmi::time::parse_any_interval(value) == Some(0),
        // What an element has by default, such as a status that is not known.
        None => engine.peek(element, now).is_some_and(|stands| stands == value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_set_from_their_id_on() {
        let given = [
            ("cmi.interactions.10.id", "k"),
            ("cmi.interactions.2.student_response", "a"),
            ("cmi.interactions.2.correct_responses.0.pattern", "a"),
            ("cmi.core.lesson_status", "incomplete"),
            ("cmi.interactions.2.type", "choice"),
            ("cmi.interactions.2.id", "c"),
            ("cmi.core.lesson_status", "completed"),
        ];
        let given: Vec<_> = given.iter().map(|(e, v)| ((*e).to_owned(), (*v).to_owned())).collect();
        let elements: Vec<_> = ordered(&given).into_iter().map(|(element, _)| element).collect();
        assert_eq!(
            elements,
            [
                "cmi.core.lesson_status",
                "cmi.interactions.2.id",
                "cmi.interactions.2.type",
                "cmi.interactions.2.correct_responses.0.pattern",
                "cmi.interactions.2.student_response",
                "cmi.interactions.10.id",
            ]
        );
        assert_eq!(ordered(&given)[0].1, "completed");
    }

    #[test]
    fn what_is_the_lms_own() {
        let table = [
            (Edition::Scorm12, "cmi.core.student_id", true),
            (Edition::Scorm12, "cmi.core.total_time", true),
            (Edition::Scorm12, "cmi.objectives._count", true),
            (Edition::Scorm12, "cmi.core.lesson_status", false),
            (Edition::Scorm12, "cmi.interactions.3.id", false),
            (Edition::Scorm12, "cmi.completion_status", false),
            (Edition::Scorm2004Ed4, "cmi.learner_name", true),
            (Edition::Scorm2004Ed4, "cmi.exit", false),
            (Edition::Scorm2004Ed4, "", false),
        ];
        for (edition, element, own) in table {
            assert_eq!(is_lms_own(edition, element), own, "{element}");
        }
    }
}
