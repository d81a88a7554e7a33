//! A small LMS around the sequencer: real manifests, the real data model, one learner.

use lyceum_cmi::{
    ApiState, CompletionStatus, Edition as CmiEdition, Entry, Exit, Host, Inputs, Model, NavRequest, Rules,
    Runtime, SeedObjective, SharedData, SuccessStatus, Validity,
};
use lyceum_package::{Item as CourseItem, Organization, read_manifest};
use lyceum_sequencing::{
    Edition, Item, Ix, LookAhead, ObjectiveValues, Outcome, Readings, Reported, Request, RuntimeData,
    RuntimeObjective, Sequencer, State, Tree, definitions::Decimal,
};
use std::{collections::BTreeMap, sync::Arc};

/// Time stands still.
pub const NOW: i64 = 1_800_000_000_000;

/// What outlives a course.
#[derive(Default)]
pub struct Learner {
    pub globals: BTreeMap<String, ObjectiveValues>,
    pub shared_data: BTreeMap<String, String>,
    pub courses: BTreeMap<String, Saved>,
}

/// What is kept of a course between sessions.
#[derive(Default)]
pub struct Saved {
    sequencing: String,
    attempts: BTreeMap<Ix, Attempt>,
    shared_data: BTreeMap<String, String>,
}

/// What is kept of the attempt on an activity.
#[derive(Clone)]
struct Attempt {
    model: Model,
    total_time: u64,
}

/// An opened course.
pub struct Course {
    pub sequencer: Sequencer,
    pub organization: Organization,
    pub content: Option<Content>,
    attempts: BTreeMap<Ix, Attempt>,
    /// Where it belongs to the attempt on the course.
    shared_data: BTreeMap<String, String>,
}

/// The content in the frame.
pub struct Content {
    pub activity: Ix,
    pub runtime: Runtime,
}

/// Makes the activity tree of an organization.
pub fn tree(organization: &Organization) -> Tree {
    let root = Item {
        id: organization.identifier.clone(),
        depth: 0,
        visible: true,
        definition: organization.sequencing.clone(),
    };
    let items = organization.items.iter().map(|item| Item {
        id: item.identifier.clone(),
        depth: u32::from(item.depth) + 1,
        visible: item.visible,
        definition: item.sequencing.clone(),
    });
    Tree::new(Edition::Fourth, organization.objectives_global_to_system, [root].into_iter().chain(items))
        .expect("a tree")
}

impl Course {
    /// Opens a course where the learner left it.
    pub fn open(manifest: &[u8], name: &str, learner: &Learner, readings: Readings) -> Self {
        let report = read_manifest("imsmanifest.xml", manifest);
        let course = report.course.expect("a course");
        let organization = course.organization().expect("an organization").clone();
        let tree = Arc::new(tree(&organization));
        let saved = learner.courses.get(name);
        let state = saved
            .map_or_else(|| State::new(1), |saved| serde_json::from_str(&saved.sequencing).expect("a state"));
        let mut sequencer =
            Sequencer::restore(tree, &state).expect("a known version").with_readings(readings);
        if organization.objectives_global_to_system {
            for (id, values) in &learner.globals {
                sequencer.set_global(id, *values);
            }
        }
        let attempts = saved.map(|saved| saved.attempts.clone()).unwrap_or_default();
        let shared_data = saved.map(|saved| saved.shared_data.clone()).unwrap_or_default();
        Self { sequencer, organization, content: None, attempts, shared_data }
    }

    pub fn close(self, name: &str, learner: &mut Learner) {
        let sequencing = serde_json::to_string(&self.sequencer.state()).expect("JSON");
        learner.courses.insert(
            name.to_owned(),
            Saved { sequencing, attempts: self.attempts, shared_data: self.shared_data },
        );
    }

    pub fn item(&self, activity: Ix) -> Option<&CourseItem> {
        self.organization.items.get(activity.index().checked_sub(1)?)
    }

    /// The activity with a title.
    pub fn titled(&self, title: &str) -> Ix {
        let tree = self.sequencer.tree();
        if title.contains("root of") {
            return Ix::ROOT;
        }
        let found = self.organization.items.iter().find(|item| item.title.trim() == title.trim());
        tree.find(&found.expect("an item with this title").identifier).expect("its activity")
    }

    pub fn look_ahead(&mut self) -> LookAhead {
        let pending = self.content.as_ref().map(|content| report(&content.runtime));
        self.sequencer.look_ahead(pending.as_ref(), NOW)
    }

    /// What GetValue answers. The sequencer is only asked where that matters.
    pub fn get_value(&mut self, element: &str) -> (String, String) {
        let look_ahead = element.starts_with("adl.nav.request_valid").then(|| self.look_ahead());
        let host = Answers { look_ahead, tree: self.sequencer.tree().clone() };
        let runtime = &mut self.content.as_mut().expect("content").runtime;
        let value = runtime.get_value(element, &host).value.into_owned();
        (value, runtime.last_error().to_string())
    }

    /// The content is gone, after Terminate if it can; what it reported counts unless the visit is abandoned. Its navigation
    /// request, if it had one; that of the learner goes before.
    pub fn unload(&mut self, learners: Option<&Request>, learner: &mut Learner) -> Option<Request> {
        let mut content = self.content.take()?;
        if content.runtime.state() == ApiState::Running {
            content.runtime.terminate("");
        }
        if content.runtime.state() == ApiState::NotInitialized {
            return None;
        }
        let request = request_of(&content.runtime);
        if !matches!(learners.or(request.as_ref()), Some(Request::Abandon | Request::AbandonAll)) {
            self.sequencer.apply_runtime(content.activity, &report(&content.runtime), NOW);
        }
        for store in content.runtime.model().shared_data() {
            if let Some(value) = store.value {
                let global = self.organization.shared_data_global_to_system;
                let stores = if global { &mut learner.shared_data } else { &mut self.shared_data };
                stores.insert(store.id.to_owned(), value.to_owned());
            }
        }
        let spent = content.runtime.model().session_time().unwrap_or_default();
        let total_time = content.runtime.inputs().total_time + spent;
        self.attempts.insert(content.activity, Attempt { model: content.runtime.into_model(), total_time });
        request
    }

    /// Carries out a request and launches what it delivers.
    pub fn navigate(&mut self, request: &Request, learner: &mut Learner) -> Outcome {
        if self.sequencer.current().is_none() && *request != Request::ResumeAll {
            self.shared_data.clear();
        }
        let outcome = self.sequencer.navigate(request, NOW);
        if self.organization.objectives_global_to_system {
            let globals = self.sequencer.globals().map(|(id, values)| (id.to_owned(), *values));
            learner.globals.extend(globals);
        }
        if let Some(activity) = outcome.delivered {
            self.launch(activity, outcome.resumed, learner);
        }
        outcome
    }

    fn launch(&mut self, activity: Ix, resumed: bool, learner: &Learner) {
        let former = self.attempts.remove(&activity).filter(|_| resumed);
        let (mut model, total_time) = former.map_or_else(
            || (Model::new(CmiEdition::Scorm2004Ed4), 0),
            |attempt| (attempt.model, attempt.total_time),
        );
        model.start_session();
        let inputs = Inputs { total_time, ..self.inputs(activity, resumed, learner) };
        let rules = Rules::strict(CmiEdition::Scorm2004Ed4);
        self.content = Some(Content { activity, runtime: Runtime::new(rules, &inputs, model) });
    }

    fn inputs(&self, activity: Ix, resumed: bool, learner: &Learner) -> Inputs {
        let item = self.item(activity).expect("an item");
        let definition = &item.sequencing;
        let primary = &definition.objectives.primary;
        let global = self.organization.shared_data_global_to_system;
        let stores = if global { &learner.shared_data } else { &self.shared_data };
        let by_measure = |wanted: bool, minimum: Decimal| wanted.then(|| minimum.to_string());
        Inputs {
            learner_id: "$LEARNER_ID".to_owned(),
            learner_name: "Learner, One".to_owned(),
            entry: if resumed { Entry::Resume } else { Entry::AbInitio },
            launch_data: item.data_from_lms.clone(),
            time_limit_action: item.time_limit_action.clone(),
            max_time_allowed: definition
                .limits
                .attempt_absolute_duration
                .as_ref()
                .map(|span| span.text.clone()),
            scaled_passing_score: by_measure(primary.satisfied_by_measure, primary.min_normalized_measure),
            completion_threshold: by_measure(
                definition.completion.completed_by_measure,
                definition.completion.min_progress_measure,
            ),
            objectives: self.sequencer.objective_seeds(activity).into_iter().map(seed).collect(),
            shared_data: item
                .shared_data
                .iter()
                .map(|map| SharedData {
                    id: map.target.clone(),
                    value: stores.get(&map.target).cloned(),
                    readable: map.read,
                    writable: map.write,
                })
                .collect(),
            ..Inputs::default()
        }
    }
}

struct Answers {
    look_ahead: Option<LookAhead>,
    tree: Arc<Tree>,
}

impl Host for Answers {
    fn request_valid(&self, request: NavRequest<'_>) -> Validity {
        let Some(look_ahead) = &self.look_ahead else { return Validity::Unknown };
        if look_ahead.allows(&self.tree, &navigation(request)) { Validity::True } else { Validity::False }
    }
}

fn navigation(request: NavRequest<'_>) -> Request {
    match request {
        NavRequest::Continue => Request::Continue,
        NavRequest::Previous => Request::Previous,
        NavRequest::Choice(target) => Request::Choice(target.to_owned()),
        NavRequest::Jump(target) => Request::Jump(target.to_owned()),
        NavRequest::Exit => Request::Exit,
        NavRequest::ExitAll => Request::ExitAll,
        NavRequest::Abandon => Request::Abandon,
        NavRequest::AbandonAll => Request::AbandonAll,
        NavRequest::SuspendAll => Request::SuspendAll,
    }
}

/// What the content asked for; leaving by time-out or logout ends the session (RTE 4.2.8).
fn request_of(runtime: &Runtime) -> Option<Request> {
    if matches!(runtime.model().exit(), Exit::TimeOut | Exit::Logout) {
        return Some(Request::ExitAll);
    }
    runtime.nav_request().and_then(NavRequest::parse).map(navigation)
}

fn seed(seed: lyceum_sequencing::ObjectiveSeed) -> SeedObjective {
    let word =
        |value: Option<bool>, words: [&str; 2]| value.map(|value| words[usize::from(!value)].to_owned());
    let number = |value: Option<Decimal>| value.map(|value| value.to_string());
    SeedObjective {
        id: seed.id,
        success_status: word(seed.values.satisfied, ["passed", "failed"]),
        completion_status: word(seed.values.completed, ["completed", "incomplete"]),
        progress_measure: number(seed.values.progress_measure),
        score_scaled: number(seed.values.measure),
        score_raw: number(seed.values.raw),
        score_min: number(seed.values.min),
        score_max: number(seed.values.max),
        description: None,
    }
}

/// What sequencing is told at the end of a visit.
fn report(runtime: &Runtime) -> RuntimeData {
    let model = runtime.model();
    let by_content = |element: &str| model.value(element).is_some();
    let decimal =
        |value: Option<lyceum_cmi::Decimal>| value.and_then(|value| Decimal::parse(&value.to_string()).ok());
    let inputs = runtime.inputs();
    let completion = Reported {
        value: completed(Some(runtime.completion_status())),
        by_content: by_content("cmi.completion_status") && inputs.completion_threshold.is_none(),
    };
    let success = Reported {
        value: passed(Some(runtime.success_status())),
        by_content: by_content("cmi.success_status") && inputs.scaled_passing_score.is_none(),
    };
    let seeded = |id: &str| inputs.objectives.iter().find(|seed| seed.id == id);
    let objectives = model.objectives().filter_map(|objective| {
        let id = objective.id()?;
        let known = seeded(id);
        let (success, completion) = (objective.success_status(), objective.completion_status());
        Some(RuntimeObjective {
            id: id.to_owned(),
            success: Reported {
                value: passed(success),
                by_content: success.map(|status| status.as_str())
                    != known.and_then(|known| known.success_status.as_deref()),
            },
            completion: Reported {
                value: completed(completion),
                by_content: completion.map(|status| status.as_str())
                    != known.and_then(|known| known.completion_status.as_deref()),
            },
            scaled: decimal(objective.score().scaled),
            raw: decimal(objective.score().raw),
            min: decimal(objective.score().min),
            max: decimal(objective.score().max),
            progress_measure: decimal(objective.progress_measure()),
        })
    });
    RuntimeData {
        completion,
        success,
        scaled: decimal(model.score().scaled),
        progress_measure: decimal(model.progress_measure()),
        objectives: objectives.collect(),
        suspend: model.exit() == Exit::Suspend,
        session_time: None,
    }
}

fn completed(status: Option<CompletionStatus>) -> Option<bool> {
    match status? {
        CompletionStatus::Completed => Some(true),
        CompletionStatus::Incomplete | CompletionStatus::NotAttempted => Some(false),
        CompletionStatus::Unknown => None,
    }
}

fn passed(status: Option<SuccessStatus>) -> Option<bool> {
    match status? {
        SuccessStatus::Passed => Some(true),
        SuccessStatus::Failed => Some(false),
        SuccessStatus::Unknown => None,
    }
}
