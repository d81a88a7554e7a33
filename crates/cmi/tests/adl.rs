//! ADL's conformance test suite for SCORM 2004 4th edition: the test cases that need no sequencing,
//! call by call, value and error code.
#![allow(clippy::print_stdout, reason = "a skipped or counted run has to be seen")]

use lyceum_cmi::pattern::{Side, without_defaults};
use lyceum_cmi::{
    ApiState, Edition, Entry, Host, Inputs, InteractionType, Model, NavRequest, Rules, Runtime, SharedData,
    Validity, time,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The folder of shared test data, if it is there.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("LYCEUM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if folder.join("adl/testcases.json").exists() {
        return Some(folder);
    }
    println!("SKIPPED: ../shared not found");
    None
}

fn test_case(name: &str) -> Option<Value> {
    let text = fs::read_to_string(shared()?.join("adl/testcases.json")).expect("readable test cases");
    let mut cases: Value = serde_json::from_str(&text).expect("test cases are JSON");
    Some(cases[name].take())
}

/// Answers what a sequencer might; the suite accepts any of the three words.
struct Anyone;

impl Host for Anyone {
    fn request_valid(&self, request: NavRequest<'_>) -> Validity {
        match request {
            NavRequest::Continue | NavRequest::Previous => Validity::False,
            _ => Validity::Unknown,
        }
    }
}

/// Plays one visit of a SCO and collects the calls that did not answer as expected.
struct Player {
    runtime: Runtime,
    calls: usize,
    skipped: usize,
    failures: Vec<String>,
}

impl Player {
    fn launch(inputs: &Inputs, saved: Model) -> Self {
        let runtime = Runtime::new(Rules::strict(Edition::Scorm2004Ed4), inputs, saved);
        Self { runtime, calls: 0, skipped: 0, failures: Vec::new() }
    }

    fn play(&mut self, visit: &Value) {
        for command in visit["commands"].as_array().expect("commands") {
            if command["ignored_by_cts"] == true {
                continue;
            }
            self.call(command);
        }
    }

    fn call(&mut self, command: &Value) {
        let text = |key: &str| command[key].as_str().unwrap_or_default();
        let arguments: Vec<String> = command["args"]
            .as_array()
            .expect("arguments")
            .iter()
            .map(|argument| self.with_index(argument.as_str().unwrap_or_default()))
            .collect();
        let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
        if argument(0).starts_with("adl.nav.request_valid.") {
            self.skipped += 1;
        }
        let (value, error) = match text("call") {
            "Initialize" => self.answer(|api| api.initialize(argument(0)).value.into_owned()),
            "Terminate" => self.answer(|api| api.terminate(argument(0)).value.into_owned()),
            "Commit" => self.answer(|api| api.commit(argument(0)).value.into_owned()),
            "GetValue" => self.answer(|api| api.get_value(argument(0), &Anyone).value.into_owned()),
            "SetValue" => self.answer(|api| api.set_value(argument(0), argument(1)).value.into_owned()),
            "GetLastError" => self.answer(|api| api.last_error().to_string()),
            "GetErrorString" => self.answer(|api| api.error_string(argument(0)).to_owned()),
            "GetDiagnostic" => self.answer(|api| api.diagnostic(argument(0)).into_owned()),
            other => panic!("unknown call {other}"),
        };
        self.calls += 1;
        let expected = text("expect");
        let is_error_checked = !text("match").contains("error-not-checked");
        let is_as_expected = is_equal(command, &value, error, expected, &arguments)
            && (!is_error_checked || error == text("error") || text("match").starts_with("any-value;"));
        if !is_as_expected {
            let shown = |text: &str| text.chars().take(100).collect::<String>();
            self.failures.push(format!(
                "{} {:?}: got {:?} {error}, expected {:?} {} [{}]",
                text("call"),
                arguments.iter().map(|argument| shown(argument)).collect::<Vec<_>>(),
                shown(&value),
                shown(expected),
                text("error"),
                text("match"),
            ));
        }
    }

    fn answer(&mut self, call: impl FnOnce(&mut Runtime) -> String) -> (String, &'static str) {
        let value = call(&mut self.runtime);
        let error: &'static str = self.runtime.last_error().to_string().leak();
        (value, error)
    }

    /// Puts the index of `&id&` in the place of it.
    fn with_index(&mut self, argument: &str) -> String {
        let mut parts = argument.splitn(3, '&');
        let (Some(before), Some(id), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
            return argument.to_owned();
        };
        let collection = before.trim_end_matches('.');
        if !matches!(collection, "cmi.objectives" | "adl.data") {
            return argument.to_owned();
        }
        let index = (0..100)
            .find(|index| self.runtime.model().value(&format!("{collection}.{index}.id")) == Some(id))
            .unwrap_or(99);
        format!("{before}{index}{after}")
    }
}

/// The suite's comparison rules (`../shared/reference/scorm-conformance.md` 3.1).
fn is_equal(command: &Value, value: &str, error: &str, expected: &str, arguments: &[String]) -> bool {
    let rule = command["match"].as_str().unwrap_or_default();
    let element = arguments.first().map_or("", String::as_str);
    match rule {
        "exact" => value == expected,
        "len<255" => value.chars().count() < 255,
        "empty" => value.is_empty(),
        "any-value" => true,
        "datamodel-equal" => typed_equal(element, command["interaction_type"].as_str(), value, expected),
        "objective-id-in-ampersands" => value == expected.trim_matches('&'),
        rule if rule.starts_with("one-of:") => matches!(value, "true" | "false" | "unknown"),
        rule if rule.starts_with("any-value;error in") => matches!(error, "0" | "301" | "403" | "401"),
        rule => panic!("unknown rule {rule}"),
    }
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

fn report(name: &str, calls: usize, skipped: usize, failures: &[String]) {
    println!(
        "{name}: {calls} calls, {} deviations, {skipped} answered by a stand-in for the sequencer",
        failures.len()
    );
    assert!(failures.is_empty(), "{} deviations:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn api_test_case_passes_call_by_call() {
    let Some(case) = test_case("API") else { return };
    let (mut calls, mut failures) = (0, Vec::new());
    for visit in case["visits"].as_array().expect("visits") {
        let mut player = Player::launch(&Inputs::default(), Model::new(Edition::Scorm2004Ed4));
        player.play(visit);
        calls += player.calls;
        failures.append(&mut player.failures);
    }
    report("API", calls, 0, &failures);
}

/// What the manifest of DMI says of its four SCOs: launch data, thresholds, time limits, data maps.
fn dmi_inputs(activity: &str, stores: &BTreeMap<String, String>, launch_data: &str) -> Inputs {
    let store = |id: &str, readable: bool, writable: bool| SharedData {
        id: id.to_owned(),
        value: stores.get(id).cloned(),
        readable,
        writable,
    };
    let open = |ids: std::ops::RangeInclusive<u8>| ids.map(|n| store(&format!("tarID{n}"), true, true));
    let common = Inputs {
        learner_id: "$LEARNER_ID".to_owned(),
        learner_name: "Learner, One".to_owned(),
        ..Inputs::default()
    };
    match activity {
        "1" => Inputs {
            launch_data: Some("Launch Data Test".to_owned()),
            completion_threshold: Some("0.8".to_owned()),
            time_limit_action: Some("continue,message".to_owned()),
            shared_data: vec![
                store("tarID1", true, true),
                store("tarID2", true, false),
                store("tarID3", false, true),
                store("tarID4", false, false),
            ],
            ..common
        },
        "2" => Inputs {
            launch_data: Some(launch_data.to_owned()),
            completion_threshold: Some("1.0".to_owned()),
            shared_data: open(1..=4)
                .chain([
                    store("tarID5", true, false),
                    store("tarID6", false, true),
                    store("tarID7", true, true),
                ])
                .collect(),
            ..common
        },
        "3" => Inputs {
            shared_data: vec![
                store("tarID5", true, true),
                store("tarID6", true, false),
                store("tarID7", false, true),
            ],
            ..common
        },
        _ => Inputs { shared_data: open(1..=8).collect(), ..common },
    }
}

#[test]
fn data_model_test_case_passes_call_by_call() {
    let Some(case) = test_case("DMI") else { return };
    let visits = case["visits"].as_array().expect("visits");
    let launch_data = visits[1]["commands"]
        .as_array()
        .and_then(|commands| commands.iter().find(|command| command["args"][0] == "cmi.launch_data"))
        .and_then(|command| command["expect"].as_str())
        .expect("the second SCO asks for its launch data");
    let mut saved: BTreeMap<String, Model> = BTreeMap::new();
    let mut stores: BTreeMap<String, String> = BTreeMap::new();
    let (mut calls, mut skipped, mut failures) = (0, 0, Vec::new());
    for visit in visits {
        let activity = visit["activity"].as_str().expect("activity");
        let mut inputs = dmi_inputs(activity, &stores, launch_data);
        let model = match saved.remove(activity) {
            Some(mut model) => {
                inputs.entry = Entry::Resume;
                model.start_session();
                model
            }
            None => Model::new(Edition::Scorm2004Ed4),
        };
        let mut player = Player::launch(&inputs, model);
        player.play(visit);
        assert_eq!(player.runtime.state(), ApiState::Running);
        player.runtime.terminate("");
        calls += player.calls;
        skipped += player.skipped;
        failures.extend(player.failures.iter().map(|failure| format!("{}: {failure}", visit["visit"])));
        for store in player.runtime.model().shared_data() {
            if let Some(value) = store.value {
                stores.insert(store.id.to_owned(), value.to_owned());
            }
        }
        saved.insert(activity.to_owned(), player.runtime.into_model());
    }
    report("DMI", calls, skipped, &failures);
}
