//! A player or page that is not ours: it brings values through the old doors, and repeats what has no answer, under the same
//! session and number, until it has one.

use std::sync::Arc;

use lyceum_app::{ApiCall, ForeignCommit};

use crate::chance::Chance;
use crate::course::Course;
use crate::site::Asked;

/// What values begin with that no other message brings.
const MARK: &str = "door ";

/// How it stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Commits of sessions that it names, each with its number. `waits`: for the answer before it sends the next one.
    Numbered { waits: bool },
    /// Commits without a name or a number, one after the other.
    Plain,
    /// The API's functions, one after the other. `is_named`: it names its sessions.
    Calls { is_named: bool },
}

/// Something that it has to say.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) asked: Asked,
    /// The session's name.
    pub(crate) session: Option<String>,
    /// The commit's number.
    pub(crate) number: Option<u64>,
    /// Values that are in no other message.
    pub(crate) marks: Vec<String>,
    pub(crate) tries: u32,
    /// It has an answer, and says it no more.
    pub(crate) is_done: bool,
    /// The answer said that it is stored.
    pub(crate) is_acknowledged: bool,
}

/// What it does next.
pub(crate) enum Next {
    /// Sends this message for the first time.
    Send(usize),
    /// Nothing for a while: the visit is over.
    Pause,
    Nothing,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) learner: usize,
    pub(crate) manner: Manner,
    course: Course,
    pub(crate) messages: Vec<Message>,
    /// The place that it has set last in this visit, by an answer that said so.
    pub(crate) location: Option<String>,
    visit: u32,
    visits_left: u32,
    steps_left: u64,
    number: u64,
}

impl Caller {
    pub(crate) fn new(learner: usize, course: Course, chance: &mut Chance) -> Self {
        let manner = match chance.below(10) {
            0..=4 => Manner::Numbered { waits: chance.permille(500) },
            5 | 6 => Manner::Plain,
            _ => Manner::Calls { is_named: chance.permille(500) },
        };
        let visits_left = 1 + u32::try_from(chance.below(3)).unwrap_or(0);
        Self {
            learner,
            manner,
            course,
            messages: Vec::new(),
            location: None,
            visit: 0,
            visits_left,
            steps_left: 0,
            number: 0,
        }
    }

    /// Whether it says nothing new before the last message has its answer.
    pub(crate) fn waits(&self) -> bool {
        self.manner != Manner::Numbered { waits: false }
    }

    pub(crate) fn next(&mut self, chance: &mut Chance) -> Next {
        if self.waits() && self.messages.last().is_some_and(|last| !last.is_done) {
            return Next::Nothing;
        }
        if self.steps_left == 0 {
            if self.visits_left == 0 {
                return Next::Nothing;
            }
            (self.visit, self.visits_left) = (self.visit + 1, self.visits_left - 1);
            (self.steps_left, self.number, self.location) = (3 + chance.below(6), 0, None);
            if self.visit > 1 {
                return Next::Pause;
            }
        }
        self.steps_left -= 1;
        let message = match self.manner {
            Manner::Calls { is_named } => self.call(is_named, chance),
            manner => self.commit(manner != Manner::Plain, chance),
        };
        self.messages.push(message);
        Next::Send(self.messages.len() - 1)
    }

    fn name(&self) -> String {
        format!("{} {}", self.learner, self.visit)
    }

    fn mark(&self) -> String {
        format!("{MARK}{}", self.messages.len())
    }

    fn location(&self) -> &'static str {
        if self.course.is_2004 { "cmi.location" } else { "cmi.core.lesson_location" }
    }

    fn session_time(&self, seconds: u64) -> (String, String) {
        if self.course.is_2004 {
            return ("cmi.session_time".to_owned(), format!("PT{seconds}S"));
        }
        ("cmi.core.session_time".to_owned(), format!("00:{:02}:{:02}", seconds / 60 % 60, seconds % 60))
    }

    fn status(&self, chance: &mut Chance) -> (String, String) {
        let element = if self.course.is_2004 { "cmi.completion_status" } else { "cmi.core.lesson_status" };
        (element.to_owned(), chance.pick(&["incomplete", "completed"]).to_owned())
    }

    /// A part of a data model as such players keep it; the last one of a visit may end it.
    fn commit(&mut self, is_numbered: bool, chance: &mut Chance) -> Message {
        self.number += 1;
        let (location, mut values, mut marks) = (self.location().to_owned(), Vec::new(), Vec::new());
        if chance.permille(800) {
            marks.push(self.mark());
            values.push((location, self.mark()));
        }
        if chance.permille(400) {
            let data = format!("{} {}", self.mark(), "x".repeat(chance.index(200)));
            marks.push(data.clone());
            values.push(("cmi.suspend_data".to_owned(), data));
        }
        if chance.permille(300) {
            values.push(self.session_time(self.number * 30));
        }
        if chance.permille(200) {
            values.push(self.status(chance));
        }
        let activity = chance.permille(300).then(|| chance.pick(self.course.parts).to_owned());
        let commit = ForeignCommit {
            session: is_numbered.then(|| self.name()),
            sequence: is_numbered.then_some(self.number),
            activity,
            values,
            ends: self.steps_left == 0 && chance.permille(500),
            ..ForeignCommit::default()
        };
        let (session, number) = (commit.session.clone(), commit.sequence);
        Message::new(Asked::Progress(Arc::new(commit)), session, number, marks)
    }

    fn call(&mut self, is_named: bool, chance: &mut Chance) -> Message {
        self.number += 1;
        let session = is_named.then(|| self.name());
        let mut call = ApiCall { session: session.clone(), ..ApiCall::default() };
        let (action, mut marks) = match chance.below(10) {
            _ if self.number == 1 => ("Initialize", Vec::new()),
            _ if self.steps_left == 0 && chance.permille(700) => ("Terminate", Vec::new()),
            0..=4 => {
                (call.element, call.value) = (self.location().to_owned(), self.mark());
                ("SetValue", vec![self.mark()])
            }
            5 => {
                (call.element, call.value) = self.session_time(self.number * 30);
                ("SetValue", Vec::new())
            }
            6 => {
                (call.element, call.value) = self.status(chance);
                ("SetValue", Vec::new())
            }
            7 => ("Commit", Vec::new()),
            _ => {
                self.location().clone_into(&mut call.element);
                ("GetValue", Vec::new())
            }
        };
        let prefix = if self.course.is_2004 { "" } else { "LMS" };
        call.action = format!("{prefix}{action}");
        marks.retain(|_| action == "SetValue");
        Message::new(Asked::Call(Arc::new(call)), session, None, marks)
    }
}

impl Message {
    fn new(asked: Asked, session: Option<String>, number: Option<u64>, marks: Vec<String>) -> Self {
        Self { asked, session, number, marks, tries: 0, is_done: false, is_acknowledged: false }
    }
}
