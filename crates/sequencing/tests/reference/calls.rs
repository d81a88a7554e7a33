//! Comparison of API answers by the rules of ADL's test suite (`scorm-conformance.md` 3.1).

use lyceum_cmi::{
    InteractionType,
    pattern::{Side, without_defaults},
    time,
};
use serde_json::Value;

/// Whether a call of a test case was answered as expected.
pub(crate) fn is_as_expected(command: &Value, element: &str, value: &str, error: &str) -> bool {
    let text = |key: &str| command[key].as_str().unwrap_or_default();
    let (rule, expected) = (text("match"), text("expect"));
    let error_matters = !rule.contains("error-not-checked") && !rule.starts_with("any-value;");
    let equal = match rule {
        "exact" => value == expected,
        "len<255" => value.chars().count() < 255,
        "empty" => value.is_empty(),
        "any-value" => true,
        "datamodel-equal" => typed_equal(element, command["interaction_type"].as_str(), value, expected),
        "objective-id-in-ampersands" => {
            command["args"][0].as_str().and_then(|arg| arg.split('&').nth(1)) == Some(value)
        }
        rule if rule.starts_with("one-of:") => matches!(value, "true" | "false" | "unknown"),
        rule if rule.starts_with("any-value;error in") => matches!(error, "0" | "301" | "403" | "401"),
        rule => panic!("unknown rule {rule}"),
    };
    equal && (!error_matters || error == text("error"))
}

fn typed_equal(element: &str, interaction: Option<&str>, value: &str, expected: &str) -> bool {
    if value == expected {
        return true;
    }
    if element.ends_with("_children") {
        let names = |list: &str| {
            let mut names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
            names.sort();
            names
        };
        return names(value) == names(expected);
    }
    if element.ends_with("_time") || element.ends_with("latency") {
        return time::parse_duration(value).is_some()
            && time::parse_duration(value) == time::parse_duration(expected);
    }
    if let Some(kind) = interaction.and_then(InteractionType::parse) {
        let side = if element.ends_with(".pattern") { Side::Pattern } else { Side::Response };
        return without_defaults(kind, side, value) == without_defaults(kind, side, expected);
    }
    match (value.parse::<f64>(), expected.parse::<f64>()) {
        (Ok(value), Ok(expected)) => (value - expected).abs() < 1e-7,
        _ => false,
    }
}
