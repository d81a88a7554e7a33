//! ADL's conformance test cases, typed line by line into `lyceum simulate`: what each call returns, its error code, and what is
//! delivered in which order.
//!
//! The engine's own tests (`crates/sequencing/tests/reference/adl.rs`) drive sequencer and data model by their functions; here the
//! whole program answers, as whoever uses its pipe finds it.

use std::collections::{BTreeMap, BTreeSet};

use lyceum_package::{Item, Organization, read_manifest};
use lyceum_sequencing::definitions::LmsControl;
use serde_json::{Value, json};

use crate::calls::is_as_expected;
use crate::pipe::Pipe;
use crate::shared::shared;
use crate::tester::{self, Offers, Step, Then};
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

    /// The item that is delivered.
    fn current(&self) -> Option<&Item> {
        let current = self.seq["current"].as_str();
        self.organization.items.iter().find(|item| Some(item.identifier.as_str()) == current)
    }

    /// Plays a visit. False when the case cannot go on.
    fn visit(&mut self, visit: &Value) -> bool {
        let wanted = visit["activity"].as_str().expect("an activity");
        let href = self.current().and_then(|item| item.launch.as_ref()).map(|launch| launch.href.clone());
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
        self.finish(visit);
        true
    }

    /// A question about what the player would offer.
    fn answer(&mut self, visit: &Value, question: &Value) {
        let item = self.current();
        let valid = &self.seq["valid"];
        let offers = |flag: char, control: LmsControl| {
            let is_hidden = item.is_some_and(|item| item.sequencing.presentation.hides(control));
            valid["flags"].as_str().is_some_and(|flags| flags.contains(flag)) && !is_hidden
        };
        let lines: Vec<&str> =
            valid["toc"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let entry = |title: &str| {
            let before = format!("{} ", self.id_of(title));
            let line = lines.iter().find_map(|line| line.strip_prefix(&before))?;
            line.split_once(' ').map(|(_, flags)| flags.contains('S'))
        };
        let offers = Offers {
            continue_request: offers('c', LmsControl::Continue),
            previous: offers('p', LmsControl::Previous),
            choices: !lines.is_empty(),
            entry,
        };
        let answer = tester::answer(question, &offers);
        self.tally.questions += 1;
        if answer != (question["expect"] == "Y") {
            self.fail(visit, format!("{} is {answer}", question["key"]));
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
    fn finish(&mut self, visit: &Value) {
        let instruction = visit["cui"].as_str().expect("an instruction");
        // These pages terminate while they are unloaded: what the learner asked for goes before what they ask for.
        let unloads = self.name.starts_with("CM-09") && !instruction.is_empty();
        if !unloads {
            self.ask(&json!(["term"]));
        }
        let (step, then) = tester::instruction(instruction);
        match step {
            None => {}
            Some(Step::Continue) => self.navigate(&["continue"]),
            Some(Step::Previous) => self.navigate(&["previous"]),
            Some(Step::ExitAll) => self.navigate(&["exitAll"]),
            Some(Step::SuspendAll) => self.navigate(&["suspendAll"]),
            Some(Step::Choose(title)) => self.choose(title),
        }
        let ended = self.seq["ended"] == true;
        match then {
            Then::HasEnded if !ended => self.fail(visit, "the session has not ended".to_owned()),
            Then::Ends if !ended => self.fail(visit, "the session goes on".to_owned()),
            Then::GoOn | Then::HasEnded | Then::Ends => {}
            Then::Relaunch { at: Some(title), .. } => self.choose(title),
            Then::Relaunch { at: None, .. } => self.navigate(&["start"]),
        }
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
