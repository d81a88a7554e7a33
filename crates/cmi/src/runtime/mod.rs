//! One SCO's API instance: the state machine and the answers.

mod get;
mod set;

use crate::decimal::Decimal;
use crate::diagnostic::{self, Fault};
use crate::edition::{Family, Rules};
use crate::element::{Path, Table};
use crate::error::{ErrorCode, Reason};
use crate::flags::Flags;
use crate::inputs::Inputs;
use crate::model::Model;
use crate::time;
use crate::vocabulary::{CompletionStatus, SuccessStatus};
use alloc::borrow::Cow;
use alloc::string::String;

/// Where the communication session stands (RTE 2004 3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiState {
    /// Before Initialize.
    NotInitialized,
    /// Between Initialize and Terminate.
    Running,
    /// After Terminate.
    Terminated,
}

/// The answer to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// What the course receives: a value, `"true"` or `"false"`.
    pub value: Cow<'a, str>,
    /// What `GetLastError` answers from now on.
    pub error: ErrorCode,
    /// What was unusual.
    pub flags: Flags,
}

impl Reply<'_> {
    const fn done(flags: Flags) -> Reply<'static> {
        Reply { value: Cow::Borrowed("true"), error: ErrorCode::NONE, flags }
    }

    /// Did the call succeed?
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.error.is_none()
    }
}

/// Why a call was refused, with remarks.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    reason: Reason,
    flags: Flags,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        let flags = if reason == Reason::Limit { Flags::LIMIT } else { Flags::NONE };
        Self { reason, flags }
    }
}

/// The API instance that one launched SCO talks to.
///
/// Same rules, inputs, saved model and calls give the same replies and the same model everywhere.
#[derive(Clone, Debug)]
pub struct Runtime {
    rules: Rules,
    table: &'static Table,
    inputs: Inputs,
    model: Model,
    state: ApiState,
    error: ErrorCode,
    fault: Option<Fault>,
    /// Where the last SetValue has put its value.
    stored: Option<Path>,
    total_time: String,
    comments_from_lms: String,
}

impl Runtime {
    /// Launches a SCO: seeds the saved model with what the LMS knows and waits for Initialize.
    ///
    /// A model of another edition is taken over element by element where the names agree. What the
    /// limits do not hold is left out.
    #[must_use]
    pub fn new(rules: Rules, inputs: &Inputs, saved: Model) -> Self {
        let mut model = if saved.edition() == rules.edition { saved } else { translated(rules, &saved) };
        // A model at its limit still runs: it lacks the seeds that did not fit.
        let _ = model.seed(inputs);
        let format = match rules.edition.family() {
            Family::Cmi => time::format_timespan,
            Family::Ieee => time::format_duration,
        };
        Self {
            rules,
            table: Table::of(rules.edition),
            total_time: format(inputs.total_time),
            comments_from_lms: joined_comments(inputs),
            inputs: inputs.clone(),
            model,
            state: ApiState::NotInitialized,
            error: ErrorCode::NONE,
            fault: None,
            stored: None,
        }
    }

    /// `Initialize` or `LMSInitialize`.
    pub fn initialize(&mut self, argument: &str) -> Reply<'static> {
        let verdict = match self.state {
            ApiState::Terminated => Err(Reason::InstanceTerminated),
            _ => self.judge_argument(argument),
        }
        .and_then(|flags| match self.state {
            ApiState::Running => Err(Reason::AlreadyInitialized),
            _ => Ok(flags),
        });
        if verdict.is_ok() {
            self.state = ApiState::Running;
        }
        self.conclude("", argument, verdict.map_err(Refusal::from))
    }

    /// `Terminate` or `LMSFinish`. Refused, it changes nothing.
    pub fn terminate(&mut self, argument: &str) -> Reply<'static> {
        let verdict = match self.state {
            ApiState::NotInitialized => Err(Reason::TerminateBeforeInitialize),
            ApiState::Terminated => Err(Reason::TerminateAfterTerminate),
            ApiState::Running => self.judge_argument(argument),
        };
        if verdict.is_ok() {
            self.state = ApiState::Terminated;
        }
        self.conclude("", argument, verdict.map_err(Refusal::from))
    }

    /// `Commit` or `LMSCommit`. What durability means is the caller's business.
    pub fn commit(&mut self, argument: &str) -> Reply<'static> {
        let verdict = match self.state {
            ApiState::NotInitialized => Err(Reason::CommitBeforeInitialize),
            ApiState::Terminated => Err(Reason::CommitAfterTerminate),
            ApiState::Running => self.judge_argument(argument),
        };
        self.conclude("", argument, verdict.map_err(Refusal::from))
    }

    /// The argument of Initialize, Terminate and Commit has to be the empty string. Tolerant mode
    /// also takes what scripts turn a missing argument into.
    fn judge_argument(&self, argument: &str) -> Result<Flags, Reason> {
        match argument {
            "" => Ok(Flags::NONE),
            "null" | "undefined" if self.rules.is_tolerant() => Ok(Flags::COERCED),
            _ => Err(Reason::Argument),
        }
    }

    /// Records the outcome of a call that answers `"true"` or `"false"`.
    fn conclude(&mut self, element: &str, value: &str, verdict: Result<Flags, Refusal>) -> Reply<'static> {
        match verdict {
            Ok(flags) => {
                self.succeed();
                Reply::done(flags)
            }
            Err(refusal) => {
                self.fail(element, value, refusal);
                Reply { value: Cow::Borrowed("false"), error: self.error, flags: refusal.flags }
            }
        }
    }

    fn succeed(&mut self) {
        self.error = ErrorCode::NONE;
        self.fault = None;
    }

    fn fail(&mut self, element: &str, value: &str, refusal: Refusal) {
        self.error = refusal.reason.code(self.rules.edition.family());
        self.fault = Some(Fault::new(refusal.reason, element, value));
    }

    /// `GetLastError`: the code of the last call that sets one.
    #[must_use]
    pub const fn last_error(&self) -> ErrorCode {
        self.error
    }

    /// Why the last call was refused, `None` after a success.
    #[must_use]
    pub fn last_reason(&self) -> Option<Reason> {
        self.fault.as_ref().map(Fault::reason)
    }

    /// `GetErrorString`: the standard's text for a code, "" for what is no code.
    #[must_use]
    pub fn error_string(&self, code: &str) -> &'static str {
        ErrorCode::parse(code).map_or("", |code| code.text(self.rules.edition.family()))
    }

    /// `GetDiagnostic`: for the last error's code, or "", what went wrong in the last call and what to
    /// do about it; for other codes a general explanation; "" for what is no code. At most 254
    /// characters.
    #[must_use]
    pub fn diagnostic(&self, code: &str) -> Cow<'static, str> {
        let family = self.rules.edition.family();
        let asked = if code.is_empty() { Some(self.error) } else { ErrorCode::parse(code) };
        match (asked, &self.fault) {
            (Some(asked), Some(fault)) if asked == self.error => {
                diagnostic::explain(fault, self.table).into()
            }
            (Some(asked), _) => Cow::Borrowed(asked.explanation(family)),
            (None, _) => Cow::Borrowed(""),
        }
    }

    /// Where the session stands.
    #[must_use]
    pub const fn state(&self) -> ApiState {
        self.state
    }

    /// The rules of this launch.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What the LMS supplied.
    #[must_use]
    pub const fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// What is stored.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// Ends the instance and keeps what is stored.
    #[must_use]
    pub fn into_model(self) -> Model {
        self.model
    }

    /// `adl.nav.request` as the course set it, `None` where it requests nothing.
    #[must_use]
    pub fn nav_request(&self) -> Option<&str> {
        self.model.nav_request()
    }

    /// Completion as the course reads it: by the threshold where there is one.
    #[must_use]
    pub fn completion_status(&self) -> CompletionStatus {
        self.model.completion_by(self.inputs.completion_threshold.as_deref().and_then(Decimal::parse_lenient))
    }

    /// Success as the course reads it: by the passing score where there is one.
    #[must_use]
    pub fn success_status(&self) -> SuccessStatus {
        self.model.success_by(self.inputs.scaled_passing_score.as_deref().and_then(Decimal::parse_lenient))
    }
}

fn translated(rules: Rules, saved: &Model) -> Model {
    let mut model = Model::new(rules.edition);
    saved.visit(|element, value| {
        // Names of the other edition that this one lacks become extensions; nothing is lost.
        let _ = model.restore(element, value);
    });
    model
}

/// SCORM 1.x has one text for all remarks.
fn joined_comments(inputs: &Inputs) -> String {
    let mut text = String::new();
    for comment in &inputs.comments_from_lms {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&comment.comment);
    }
    text
}
