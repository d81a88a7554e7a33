//! The engine in the browser. Glue only: texts and numbers in, texts and numbers out; everything that decides is in
//! `lyceum_attempt`.
//!
//! Times are milliseconds since 1970 as `f64`, since a browser has no 64-bit integers without cost.

use std::sync::Arc;

use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::Entry;
use lyceum_attempt::navigation::{Controls, TocLine};
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_attempt::summary::Summary;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// Effort of [`deflate`], 0 to 10. From 3 on the gain for JSON is small and the time doubles.
const DEFLATE_LEVEL: u8 = 3;

/// The parts of the server's answer to the opening of a session that the engine reads.
#[derive(Deserialize)]
struct Opened {
    plan: Plan,
    opening: Opening,
    state: State,
}

/// Where the course stands, for the bar.
#[derive(Serialize)]
struct Standing {
    summary: Summary,
    controls: Controls,
}

/// The engine of one session.
#[wasm_bindgen]
pub struct Player(Engine);

#[wasm_bindgen]
impl Player {
    /// Takes the server's whole answer to the opening of a session, as it came.
    ///
    /// # Errors
    /// When it is not such an answer; the message says where.
    #[wasm_bindgen(constructor)]
    pub fn new(opened: &str) -> Result<Player, JsError> {
        let opened: Opened = serde_json::from_str(opened)?;
        Ok(Self(Engine::open(Arc::new(opened.plan), opened.opening, opened.state)))
    }

    /// `Initialize` / `LMSInitialize`; whether it was done.
    pub fn initialize(&mut self, argument: &str, now: f64) -> bool {
        self.0.initialize(argument, millis(now)).error == 0
    }

    /// `Terminate` / `LMSFinish`; whether it was done.
    pub fn terminate(&mut self, argument: &str, now: f64) -> bool {
        self.0.terminate(argument, millis(now)).error == 0
    }

    /// `Commit` / `LMSCommit`; whether it was done.
    pub fn commit(&mut self, argument: &str, now: f64) -> bool {
        self.0.commit(argument, millis(now)).error == 0
    }

    /// `SetValue` / `LMSSetValue`; whether it was done.
    #[wasm_bindgen(js_name = setValue)]
    pub fn set_value(&mut self, element: &str, value: &str, now: f64) -> bool {
        self.0.set_value(element, value, millis(now)).error == 0
    }

    /// `GetValue` / `LMSGetValue`.
    #[wasm_bindgen(js_name = getValue)]
    pub fn get_value(&mut self, element: &str, now: f64) -> String {
        self.0.get_value(element, millis(now)).value
    }

    /// `GetLastError` / `LMSGetLastError`, as a number.
    #[wasm_bindgen(js_name = lastError)]
    #[must_use]
    pub fn last_error(&self) -> u16 {
        self.0.last_error()
    }

    /// `GetErrorString` / `LMSGetErrorString`.
    #[wasm_bindgen(js_name = errorString)]
    #[must_use]
    pub fn error_string(&self, code: &str) -> String {
        self.0.error_string(code)
    }

    /// `GetDiagnostic` / `LMSGetDiagnostic`.
    #[must_use]
    pub fn diagnostic(&self, code: &str) -> String {
        self.0.diagnostic(code)
    }

    /// A navigation request; `Navigated` as JSON.
    pub fn navigate(&mut self, request: &str, now: f64) -> String {
        json(&self.0.navigate(request, millis(now)))
    }

    /// The activity's content is about to get its address. False where it has none.
    pub fn deliver(&mut self, activity: &str, now: f64) -> bool {
        self.0.deliver(activity, millis(now))
    }

    /// The content has left the frame.
    pub fn leave(&mut self, now: f64) {
        self.0.leave(millis(now));
    }

    /// The time that the delivered activity has left: `TimeLimit` as JSON; `null` where there is no limit that acts.
    #[wasm_bindgen(js_name = timeLimit)]
    #[must_use]
    pub fn time_limit(&self, now: f64) -> String {
        json(&self.0.time_limit(millis(now)))
    }

    /// The content was taken out because its time is used up; a word of `ExitAction` says what comes next.
    #[wasm_bindgen(js_name = timeOut)]
    pub fn time_out(&mut self, now: f64) -> String {
        self.0.time_out(millis(now)).as_str().to_owned()
    }

    /// The navigation that the content asked for before it terminated.
    #[wasm_bindgen(js_name = pendingNavigation)]
    #[must_use]
    pub fn pending_navigation(&self) -> Option<String> {
        self.0.pending_navigation()
    }

    /// What to do now that the content has terminated and asked for nothing: a word of `ExitAction`.
    #[wasm_bindgen(js_name = exitAction)]
    #[must_use]
    pub fn exit_action(&self) -> Option<String> {
        self.0.exit_action().map(|action| action.as_str().to_owned())
    }

    /// The entries since the last call of this function: one JSON object a line, without a last line break; empty for none.
    #[wasm_bindgen(js_name = takeEntries)]
    pub fn take_entries(&mut self) -> String {
        lines(&self.0.take_entries())
    }

    /// Number of the last entry, 0 before the first.
    #[wasm_bindgen(js_name = lastSeq)]
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // no session has 2^53 entries
    pub fn last_seq(&self) -> f64 {
        self.0.last_seq() as f64
    }

    /// Hash of the state after the last entry: 16 hexadecimal digits.
    #[wasm_bindgen(js_name = stateHash)]
    #[must_use]
    pub fn state_hash(&self) -> String {
        hex(self.0.state_hash())
    }

    /// Where the course stands and what the bar offers: `{"summary", "controls"}`.
    #[must_use]
    pub fn standing(&mut self, now: f64) -> String {
        json(&Standing { summary: self.0.summary(), controls: self.0.controls(millis(now)) })
    }

    /// What a navigation request would come to now, and why: `Explanation` as JSON; `null` in a course without rules.
    #[must_use]
    pub fn explain(&self, request: &str, now: f64) -> String {
        json(&self.0.explain(request, millis(now)))
    }

    /// The lines of the table of contents, each as a number (`TocLine::packed`).
    #[must_use]
    pub fn toc(&mut self, now: f64) -> Vec<u32> {
        self.0.toc_lines(millis(now)).into_iter().map(TocLine::packed).collect()
    }
}

/// Raw deflate (RFC 1951) of a text, for bodies marked `?z=1`.
#[wasm_bindgen]
#[must_use]
pub fn deflate(text: &str) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(text.as_bytes(), DEFLATE_LEVEL)
}

#[allow(clippy::cast_possible_truncation)] // whole milliseconds are meant
fn millis(now: f64) -> i64 {
    now as i64
}

fn json<T: Serialize>(value: &T) -> String {
    // The shapes are ours and have string keys only, so that nothing can fail.
    serde_json::to_string(value).unwrap_or_default()
}

fn lines(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&json(entry));
    }
    text
}

/// Sixteen lower-case digits, without the formatting machinery.
fn hex(n: u64) -> String {
    (0..16).rev().map(|i| char::from_digit(((n >> (4 * i)) & 15) as u32, 16).unwrap_or('0')).collect()
}
