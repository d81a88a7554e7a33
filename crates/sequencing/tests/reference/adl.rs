//! All 188 test cases of ADL's conformance test suite: deliveries, API calls, questions about the user interface.

use crate::{
    calls::is_as_expected,
    lms::{Course, Learner},
    shared::shared,
    tester::{self, Offers, Step, Then},
};
use lyceum_sequencing::{Outcome, Readings, Request, definitions::LmsControl};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What a run came to.
#[derive(Default)]
struct Tally {
    passed: usize,
    calls: usize,
    deliveries: usize,
    questions: usize,
    failures: Vec<String>,
}

/// One test case being driven.
struct Case<'a> {
    name: &'a str,
    manifests: PathBuf,
    readings: Readings,
    learner: &'a mut Learner,
    package: String,
    course: Course,
    tally: &'a mut Tally,
}

#[test]
fn all_test_cases_pass() {
    let Some(cases) = shared("adl/testcases.json") else { return };
    let manifests = cases.with_file_name("manifests");
    let cases: BTreeMap<String, Value> = serde_json::from_str(&fs::read_to_string(cases).unwrap()).unwrap();
    let mut tally = Tally::default();
    let mut learner = Learner::default();
    for (name, case) in &cases {
        let mut alone = Learner::default();
        let learner = if name == "API" { &mut alone } else { &mut learner };
        let failures = tally.failures.len();
        drive(name, case, manifests.clone(), Readings::default(), learner, &mut tally);
        tally.passed += usize::from(tally.failures.len() == failures);
    }
    println!(
        "{} of {} test cases pass: {} deliveries, {} calls, {} questions",
        tally.passed,
        cases.len(),
        tally.deliveries,
        tally.calls,
        tally.questions
    );
    assert!(tally.failures.is_empty(), "{} deviations:\n{}", tally.failures.len(), tally.failures.join("\n"));
    assert_eq!(tally.passed, 188);
}

fn drive(
    name: &str,
    case: &Value,
    manifests: PathBuf,
    readings: Readings,
    learner: &mut Learner,
    tally: &mut Tally,
) {
    let start = case["start"].as_str().unwrap();
    let package = if start == "DDMa" { start } else { name };
    let course = open(&manifests, package, learner, readings);
    let mut case_run =
        Case { name, manifests, readings, learner, package: package.to_owned(), course, tally };
    match start {
        "." | "DDMa" => case_run.begin(),
        title => drop(case_run.choose(title)),
    }
    for visit in case["visits"].as_array().unwrap() {
        if !case_run.visit(visit) {
            return;
        }
    }
    let Case { package, course, learner, .. } = case_run;
    course.close(&package, learner);
}

fn open(manifests: &Path, package: &str, learner: &Learner, readings: Readings) -> Course {
    let manifest = fs::read(manifests.join(format!("{package}.xml"))).unwrap();
    Course::open(&manifest, package, learner, readings)
}

impl Case<'_> {
    #[allow(clippy::needless_pass_by_value, reason = "the text is made where it fails")]
    fn fail(&mut self, visit: &Value, text: String) {
        let failure = format!("{} {}: {text}", self.name, visit["visit"].as_str().unwrap_or("start"));
        self.tally.failures.push(failure);
    }

    /// Plays a visit. False when the case cannot go on.
    fn visit(&mut self, visit: &Value) -> bool {
        let wanted = visit["activity"].as_str().unwrap();
        let content = self.course.content.as_ref();
        let Some(activity) = content.map(|content| content.activity) else {
            self.fail(visit, format!("nothing was delivered instead of activity {wanted}"));
            return false;
        };
        let href = self.course.item(activity).and_then(|item| item.launch.clone()).map(|launch| launch.href);
        let query = format!("?tc={}&act={wanted}", self.name);
        if !href.as_deref().is_some_and(|href| href.ends_with(&query)) {
            self.fail(visit, format!("delivered {href:?} instead of activity {wanted}"));
            return false;
        }
        self.tally.deliveries += 1;
        for question in visit["ui_questions"].as_array().unwrap() {
            self.answer(visit, question);
        }
        for command in visit["commands"].as_array().unwrap() {
            if command["ignored_by_cts"] != true {
                self.call(visit, command);
            }
        }
        self.finish(visit);
        true
    }

    /// A question about what the player would offer.
    fn answer(&mut self, visit: &Value, question: &Value) {
        let look_ahead = self.course.look_ahead();
        let item = self.course.content.as_ref().and_then(|content| self.course.item(content.activity));
        let hides = |control| item.is_some_and(|item| item.sequencing.presentation.hides(control));
        let entry = |title: &str| {
            let entry = look_ahead.entry(self.course.titled(title)).filter(|entry| entry.visible);
            entry.map(|entry| entry.selectable)
        };
        let offers = Offers {
            continue_request: look_ahead.continue_request && !hides(LmsControl::Continue),
            previous: look_ahead.previous && !hides(LmsControl::Previous),
            choices: look_ahead.has_choices(),
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
            .unwrap()
            .iter()
            .map(|argument| self.with_index(argument.as_str().unwrap_or_default()))
            .collect();
        let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
        let name = command["call"].as_str().unwrap();
        let (value, error) = if name == "GetValue" {
            self.course.get_value(argument(0))
        } else {
            let runtime = &mut self.course.content.as_mut().unwrap().runtime;
            let value = match name {
                "Initialize" => runtime.initialize(argument(0)).value.into_owned(),
                "Terminate" => runtime.terminate(argument(0)).value.into_owned(),
                "Commit" => runtime.commit(argument(0)).value.into_owned(),
                "SetValue" => runtime.set_value(argument(0), argument(1)).value.into_owned(),
                "GetLastError" => runtime.last_error().to_string(),
                "GetErrorString" => runtime.error_string(argument(0)).to_owned(),
                "GetDiagnostic" => runtime.diagnostic(argument(0)).into_owned(),
                other => panic!("unknown call {other}"),
            };
            let runtime = &self.course.content.as_ref().unwrap().runtime;
            (value, runtime.last_error().to_string())
        };
        self.tally.calls += 1;
        if !is_as_expected(command, argument(0), &value, &error) {
            self.fail(
                visit,
                format!("{name} {arguments:?}: {value:?} {error} instead of {}", command["src"]),
            );
        }
    }

    /// The suite's own question which objectives there are.
    fn compare_objective_ids(&mut self, visit: &Value, command: &Value) {
        let model = self.course.content.as_ref().unwrap().runtime.model();
        let ids: BTreeSet<&str> = model.objectives().filter_map(|objective| objective.id()).collect();
        let wanted = command["objective_ids"].as_array().unwrap();
        let wanted: BTreeSet<&str> = wanted.iter().map(|id| id.as_str().unwrap()).collect();
        self.tally.calls += 1;
        if ids != wanted {
            let text = format!("objectives {ids:?} instead of {wanted:?}");
            self.fail(visit, text);
        }
    }

    /// Puts the index of `&id&` in the place of it.
    fn with_index(&self, argument: &str) -> String {
        let mut parts = argument.splitn(3, '&');
        let (Some(before), Some(id), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
            return argument.to_owned();
        };
        let collection = before.trim_end_matches('.');
        if !matches!(collection, "cmi.objectives" | "adl.data") {
            return argument.to_owned();
        }
        let model = self.course.content.as_ref().unwrap().runtime.model();
        let index =
            (0..100).find(|index| model.value(&format!("{collection}.{index}.id")) == Some(id)).unwrap_or(99);
        format!("{before}{index}{after}")
    }

    /// The content terminates, then what the suite tells the tester to do.
    fn finish(&mut self, visit: &Value) {
        let instruction = visit["cui"].as_str().unwrap();
        // These pages terminate while they are unloaded: what the learner asked for goes before what they ask for.
        let unloads = self.name.starts_with("CM-09") && !instruction.is_empty();
        let request = self.course.unload(None, self.learner).filter(|_| !unloads);
        let mut ended = request.is_some_and(|request| self.navigate(&request).ended.is_some());
        let (step, then) = tester::instruction(instruction);
        if let Some(step) = step {
            ended = self.step(step).ended.is_some();
        }
        match then {
            Then::GoOn => {}
            Then::HasEnded if !ended => self.fail(visit, "the session has not ended".to_owned()),
            Then::Ends if !ended => self.fail(visit, "the session goes on".to_owned()),
            Then::HasEnded | Then::Ends => {}
            Then::Relaunch { package, at } => self.relaunch(package, at),
        }
    }

    fn step(&mut self, step: Step<'_>) -> Outcome {
        match step {
            Step::Continue => self.navigate(&Request::Continue),
            Step::Previous => self.navigate(&Request::Previous),
            Step::ExitAll => self.navigate(&Request::ExitAll),
            Step::SuspendAll => self.navigate(&Request::SuspendAll),
            Step::Choose(title) => self.choose(title),
        }
    }

    /// Closes the course and opens it, or another one.
    fn relaunch(&mut self, package: Option<&str>, at: Option<&str>) {
        let package = package.unwrap_or(&self.package).to_owned();
        let course = open(&self.manifests, &self.package, self.learner, self.readings);
        let former = std::mem::replace(&mut self.course, course);
        former.close(&self.package, self.learner);
        self.course = open(&self.manifests, &package, self.learner, self.readings);
        self.package = package;
        match at {
            Some(title) => drop(self.choose(title)),
            None => self.begin(),
        }
    }

    fn begin(&mut self) {
        let resume = self.course.sequencer.suspended().is_some();
        self.navigate(if resume { &Request::ResumeAll } else { &Request::Start });
    }

    fn choose(&mut self, title: &str) -> Outcome {
        let target = self.course.titled(title);
        let id = self.course.sequencer.tree().activity(target).id().to_owned();
        self.navigate(&Request::Choice(id))
    }

    fn navigate(&mut self, request: &Request) -> Outcome {
        self.course.unload(Some(request), self.learner);
        self.course.navigate(request, self.learner)
    }
}
