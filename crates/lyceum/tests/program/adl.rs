//! ADL's conformance test cases, typed line by line into `lyceum simulate`: what each call returns, its error code, and what is
//! delivered in which order.
//!
//! The engine's own tests (`crates/sequencing/tests/reference/adl.rs`) drive sequencer and data model by their functions; here the
//! whole program answers, as whoever uses its pipe finds it.

use std::collections::{BTreeMap, BTreeSet};

use lyceum_package::{Organization, read_manifest};
use lyceum_sequencing::definitions::LmsControl;
use serde_json::{Value, json};

use crate::calls::is_as_expected;
use crate::pipe::Pipe;
use crate::shared::shared;
use crate::walks::takes_all;

/// Every so many cases are driven by the ordinary tests; all of them where `LYCEUM_ALL_WALKS` is set.
const EVERY: usize = 8;
/// These go on with what the learner left in another course (objectives or data that are global to the system), and the program
/// holds one course.
const OF_TWO_COURSES: [&str; 5] = ["CO-07b", "DDM", "OB-03c", "OB-09b", "SX-11c"];
/// Deliveries, calls and questions about the user interface: of every eighth case, and of all.
const COMPARED: [(usize, usize, usize); 2] = [(124, 734, 30), (816, 11_670, 193)];
/// As whom the suite expects the learner.
const LEARNER: &str = "$LEARNER_ID";

/// What was compared.
#[derive(Default)]
struct Tally {
    calls: usize,
    deliveries: usize,
    questions: usize,
    failures: Vec<String>,
}

/// One test case being driven.
struct Case<'a> {
    name: &'a str,
    organization: Organization,
    pipe: Pipe,
    /// The answer to the last navigation.
    seq: Value,
    tally: &'a mut Tally,
}

#[test]
fn test_cases_pass_line_by_line() {
    let Some(file) = shared("adl/testcases.json") else { return };
    let text = std::fs::read_to_string(&file).expect("the test cases");
    let cases: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    let all = takes_all();
    let mut tally = Tally::default();
    let chosen = cases.iter().step_by(if all { 1 } else { EVERY });
    for (name, case) in chosen.filter(|(name, _)| !OF_TWO_COURSES.contains(&name.as_str())) {
        let manifest = file.with_file_name("manifests").join(format!("{name}.xml"));
        let read = read_manifest("imsmanifest.xml", &std::fs::read(&manifest).expect("a manifest"));
        let organization = read.course.expect("a course").organization().expect("an organization").clone();
        let pipe = Pipe::open(&manifest, LEARNER);
        Case { name, organization, pipe, seq: Value::Null, tally: &mut tally }.drive(case);
    }
    assert!(tally.failures.is_empty(), "{} deviations:\n{}", tally.failures.len(), tally.failures.join("\n"));
    assert_eq!((tally.deliveries, tally.calls, tally.questions), COMPARED[usize::from(all)]);
}

impl Case<'_> {
    fn drive(mut self, case: &Value) {
        match case["start"].as_str().expect("a start") {
            "." => self.navigate(&["start"]),
            title => self.choose(title),
        }
        for visit in case["visits"].as_array().expect("visits") {
            if !self.visit(visit) {
                return;
            }
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "the text is made where it fails")]
    fn fail(&mut self, visit: &Value, text: String) {
        let failure = format!("{} {}: {text}", self.name, visit["visit"].as_str().unwrap_or("start"));
        self.tally.failures.push(failure);
    }

    /// Plays a visit. False when the case cannot go on.
    fn visit(&mut self, visit: &Value) -> bool {
        let wanted = visit["activity"].as_str().expect("an activity");
        let current = self.seq["current"].as_str();
        let item = self.organization.items.iter().find(|item| Some(item.identifier.as_str()) == current);
        let href = item.and_then(|item| item.launch.as_ref()).map(|launch| launch.href.clone());
        if !href.as_deref().is_some_and(|href| href.ends_with(&format!("?tc={}&act={wanted}", self.name))) {
            self.fail(visit, format!("delivered {href:?} instead of activity {wanted}: {}", self.seq));
            return false;
        }
        self.tally.deliveries += 1;
        for question in visit["ui_questions"].as_array().expect("questions") {
            self.answer(visit, question);
        }
        for command in visit["commands"].as_array().expect("commands") {
            if command["ignored_by_cts"] != true {
                self.call(visit, command);
            }
        }
        self.finish(visit)
    }

    /// A question about what the player would offer.
    fn answer(&mut self, visit: &Value, question: &Value) {
        let key = question["key"].as_str().expect("a key");
        let (kind, title) = key.split_once('@').unwrap_or((key, ""));
        let current = self.seq["current"].as_str();
        let item = self.organization.items.iter().find(|item| Some(item.identifier.as_str()) == current);
        let offers = |flag: char, control: LmsControl| {
            let is_hidden = item.is_some_and(|item| item.sequencing.presentation.hides(control));
            self.seq["valid"]["flags"].as_str().is_some_and(|flags| flags.contains(flag)) && !is_hidden
        };
        let lines: Vec<&str> =
            self.seq["valid"]["toc"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let flags_of = |title: &str| {
            let id = self.id_of(title);
            lines.iter().find_map(|line| {
                line.strip_prefix(&format!("{id} "))?.split_once(' ').map(|(_, flags)| flags)
            })
        };
        let answer = match kind {
            "continue.enabled" => offers('c', LmsControl::Continue),
            "continue.disabled" => !offers('c', LmsControl::Continue),
            "previous.enabled" => offers('p', LmsControl::Previous),
            "previous.disabled" => !offers('p', LmsControl::Previous),
            "toc.enabled" => !lines.is_empty(),
            "toc.enabled.selectable" => flags_of(title).is_some_and(|flags| flags.contains('S')),
            "toc.visible" => flags_of(title).is_some(),
            "click.button" => true,
            other => panic!("unknown question {other}"),
        };
        self.tally.questions += 1;
        if answer != (question["expect"] == "Y") {
            self.fail(visit, format!("{key} is {answer}"));
        }
    }

    fn call(&mut self, visit: &Value, command: &Value) {
        if command["call"] == "compareObjIds" {
            return self.compare_objective_ids(visit, command);
        }
        let arguments: Vec<String> = command["args"]
            .as_array()
            .expect("arguments")
            .iter()
            .map(|argument| by_id(argument.as_str().unwrap_or_default()))
            .collect();
        let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
        let line = match command["call"].as_str().expect("a call") {
            "Initialize" => json!(["init", argument(0)]),
            "Terminate" => json!(["term", argument(0)]),
            "Commit" => json!(["commit", argument(0)]),
            "GetValue" => json!(["get", argument(0)]),
            "SetValue" => json!(["set", argument(0), argument(1)]),
            "GetLastError" => json!(["lasterror"]),
            "GetErrorString" => json!(["errorstring", argument(0)]),
            "GetDiagnostic" => json!(["diagnostic", argument(0)]),
            other => panic!("unknown call {other}"),
        };
        let answer = self.ask(&line);
        self.tally.calls += 1;
        let (value, error) = (answer["ret"].as_str().unwrap_or_default(), answer["err"].to_string());
        if !is_as_expected(command, argument(0), value, &error) {
            self.fail(visit, format!("{line}: {answer} instead of {}", command["src"]));
        }
    }

    /// The suite's own question which objectives there are.
    fn compare_objective_ids(&mut self, visit: &Value, command: &Value) {
        let state = self.ask(&json!(["state"]));
        let is_id = |element: &str| element.starts_with("cmi.objectives.") && element.ends_with(".id");
        let cmi = state["cmi"].as_object().expect("values").iter();
        let ids: BTreeSet<&str> =
            cmi.filter(|(element, _)| is_id(element)).filter_map(|(_, value)| value.as_str()).collect();
        let wanted = command["objective_ids"].as_array().expect("ids");
        let wanted: BTreeSet<&str> = wanted.iter().filter_map(Value::as_str).collect();
        self.tally.calls += 1;
        if ids != wanted {
            self.fail(visit, format!("objectives {ids:?} instead of {wanted:?}"));
        }
    }

    /// What the suite tells the tester to do when the content has said its last word. Content that has not terminated does so now.
    fn finish(&mut self, visit: &Value) -> bool {
        let instruction = visit["cui"].as_str().expect("an instruction");
        // These pages terminate while they are unloaded: what the learner asked for goes before what they ask for.
        let unloads = self.name.starts_with("CM-09") && !instruction.is_empty();
        let (instruction, argument) = instruction.split_once('~').unwrap_or((instruction, ""));
        if !unloads {
            self.ask(&json!(["term"]));
        }
        let request = match instruction {
            "" => return true,
            "AutoTest" | "HasEnded" => {
                if self.seq["ended"] != true {
                    self.fail(visit, "the session has not ended".to_owned());
                }
                return true;
            }
            "Continue" | "ContinueExitCM8" => "continue",
            "Previous" => "previous",
            "Exit" | "TRIGExitAll" | "RelaunchCM11" | "exitlaunch" | "ExitCM09ba" => "exitAll",
            "SuspendCM09ca" => "suspendAll",
            _ => return self.choose_or_relaunch(instruction, argument),
        };
        self.navigate(&[request]);
        match instruction {
            "Exit" | "TRIGExitAll" if self.seq["ended"] != true => {
                self.fail(visit, "the session goes on".to_owned());
            }
            "Continue" | "Previous" | "Exit" | "TRIGExitAll" => {}
            _ => self.navigate(&["start"]),
        }
        true
    }

    fn choose_or_relaunch(&mut self, instruction: &str, argument: &str) -> bool {
        match instruction {
            "Choice" | "ChoiceExit" => self.choose(argument),
            "APIt1" => self.choose("API Implementation Test 1"),
            "APIt2" => self.choose("API Implementation Test 2"),
            "DMIt1" | "DMIt2" | "DMIt3" | "DMIt4" => {
                self.choose(&format!("Data Model Implementation Test {}", &instruction[4..]));
            }
            "RootSX4b" => self.choose("root of"),
            "RelaunchCM10" => self.choose("Activity 4"),
            "DMBxAct" => self.choose("Data Model Behavior Test 1"),
            _ => self.navigate(&["start"]),
        }
        true
    }

    fn choose(&mut self, title: &str) {
        let id = self.id_of(title).to_owned();
        self.navigate(&["choice", &id]);
    }

    /// The identifier of the item with a title.
    fn id_of(&self, title: &str) -> &str {
        if title.contains("root of") {
            return &self.organization.identifier;
        }
        let found = self.organization.items.iter().find(|item| item.title.trim() == title.trim());
        &found.expect("an item with this title").identifier
    }

    fn navigate(&mut self, request: &[&str]) {
        self.ask(&json!(request));
    }

    /// Asks, and keeps what is told of sequencing.
    fn ask(&mut self, line: &Value) -> Value {
        let answer = self.pipe.ask(line);
        if answer["seq"].is_object() {
            self.seq = answer["seq"].clone();
        }
        answer
    }
}

/// The suite's `cmi.objectives.&ID&.score` in the notation of the program.
fn by_id(argument: &str) -> String {
    let mut parts = argument.splitn(3, '&');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(before @ ("cmi.objectives." | "adl.data.")), Some(id), Some(after)) => {
            format!("{before}{{{id}}}{after}")
        }
        _ => argument.to_owned(),
    }
}
