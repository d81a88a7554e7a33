//! A learner without a browser: launches, opens a session and sends commits as the player page does.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::http::{Address, Client};

/// Elements of one commit, as a course of an authoring tool sends them.
pub(crate) const ELEMENTS: usize = 40;

/// Characters of suspend data in each commit.
pub(crate) const SUSPEND_DATA: usize = 4096;

/// A session of one learner.
pub(crate) struct Learner {
    client: Client,
    /// `/play/{token}`.
    player: String,
    session: String,
    activity: String,
    /// Where the course's files are.
    pub(crate) content: String,
    /// The round whose commit this session found, if an earlier one has left any.
    pub(crate) resumed_round: Option<u64>,
    next_seq: u64,
    clock: i64,
}

impl Learner {
    /// Follows a launch link.
    pub(crate) fn launch(launch_url: &str) -> Result<Self> {
        let address = Address::parse(launch_url)?;
        let mut client = Client::connect(&address.authority)?;
        let redirect = client.get(&address.path, "")?.expect(303)?;
        let location = redirect.header("location").context("a redirect says where to")?;
        let player = location.strip_prefix(&format!("http://{}", address.authority)).unwrap_or(location);
        let player = player.trim_end_matches('/').to_owned();
        let body = json!({"client_clock": 0, "page": "bench"}).to_string();
        let opened =
            client.send("POST", &format!("{player}/sessions"), JSON, body.as_bytes())?.expect(200)?.json()?;
        let text =
            |value: &Value| value.as_str().map(str::to_owned).context("the answer to opening lacks a text");
        let activities = opened["plan"]["activities"].as_array().context("a plan has activities")?;
        let launchable = activities
            .iter()
            .find(|activity| activity["launch"].is_string())
            .context("something to launch")?;
        Ok(Self {
            session: text(&opened["session"])?,
            content: text(&opened["content_base"])?,
            activity: text(&launchable["id"])?,
            clock: opened["server_clock"].as_i64().context("the server's clock")?,
            resumed_round: find(&opened["state"], "cmi.suspend_data").and_then(round_of),
            client,
            player,
            next_seq: 1,
        })
    }

    /// What the page and the course do before the first value: start, deliver, initialize.
    pub(crate) fn begin(&mut self) -> Result<()> {
        let activity = self.activity.clone();
        let entries = [
            json!({"call": "navigate", "value": "start", "result": activity}),
            json!({"activity": activity, "call": "deliver", "result": "ab-initio"}),
            json!({"activity": activity, "call": "initialize"}),
        ];
        let numbered = entries.into_iter().enumerate().map(|(at, mut entry)| {
            entry["seq"] = json!(at + 1);
            entry["at"] = json!(self.clock);
            entry
        });
        let text = Value::Array(numbered.collect()).to_string();
        self.send(&text, 3)
    }

    /// One commit of [`ELEMENTS`] values, different in every `round`.
    pub(crate) fn commit(&mut self, round: u64) -> Result<()> {
        self.clock += 1000;
        let mut text = String::with_capacity(8192);
        text.push('[');
        for (at, (element, value)) in values(round).enumerate() {
            let (seq, now, activity) = (self.next_seq + at as u64, self.clock, &self.activity);
            write!(
                text,
                r#"{{"seq":{seq},"at":{now},"activity":"{activity}","call":"set","element":"{element}","value":"{value}"}},"#
            )?;
        }
        let (seq, now, activity) = (self.next_seq + ELEMENTS as u64, self.clock, &self.activity);
        write!(text, r#"{{"seq":{seq},"at":{now},"activity":"{activity}","call":"commit"}}]"#)?;
        self.send(&text, ELEMENTS as u64 + 1)
    }

    /// Bytes of a commit's values and names, as a course sends them.
    pub(crate) fn commit_bytes() -> usize {
        let commit: serde_json::Map<String, Value> =
            values(1).map(|(name, value)| (name.to_owned(), value.into_owned().into())).collect();
        Value::Object(commit).to_string().len()
    }

    fn send(&mut self, entries: &str, count: u64) -> Result<()> {
        let (session, from, clock) = (&self.session, self.next_seq, self.clock);
        let body = format!(
            r#"{{"session":"{session}","from_seq":{from},"confirmed":{},"client_clock":{clock},"entries":{entries}}}"#,
            from - 1
        );
        let answer = self
            .client
            .send("POST", &format!("{}/commits", self.player), JSON, body.as_bytes())?
            .expect(200)?;
        self.next_seq += count;
        let durable = answer.json()?["durable_to"].as_u64();
        anyhow::ensure!(
            durable == Some(self.next_seq - 1),
            "durable to {durable:?}, sent to {}",
            self.next_seq - 1
        );
        Ok(())
    }
}

const JSON: &str = "Content-Type: application/json\r\n";

/// SCORM 1.2 names, so that the values mean something to the engine. No comments: those of SCORM 1.2 are added to what is there, and
/// thousands of commits would measure a text that no learner writes.
static NAMES: LazyLock<[String; ELEMENTS]> = LazyLock::new(|| {
    let scalars = [
        "core.lesson_status",
        "core.lesson_location",
        "core.score.raw",
        "core.score.min",
        "core.score.max",
        "core.exit",
        "core.session_time",
        "suspend_data",
        "student_preference.audio",
        "student_preference.language",
        "student_preference.speed",
        "student_preference.text",
        "objectives.0.id",
        "objectives.0.status",
    ];
    let fields = ["id", "type", "student_response", "result", "time"];
    std::array::from_fn(|at| match at.checked_sub(scalars.len()) {
        None => format!("cmi.{}", scalars[at]),
        Some(at) => format!("cmi.interactions.{}.{}", at / fields.len(), fields[at % fields.len()]),
    })
});

/// The elements of one commit with their values, of which nothing needs escaping in JSON. Cheap to make: what the load costs, the
/// server on the same processors does not get.
pub(crate) fn values(round: u64) -> impl Iterator<Item = (&'static str, Cow<'static, str>)> {
    let status = if round.is_multiple_of(7) { "completed" } else { "incomplete" };
    let scalars: [Cow<'static, str>; 14] = [
        status.into(),
        format!("page-{round}").into(),
        (round % 101).to_string().into(),
        "0".into(),
        "100".into(),
        "suspend".into(),
        format!("00:{}:00", 10 + round % 49).into(),
        suspend_data(round).into(),
        "1".into(),
        "en".into(),
        "0".into(),
        "1".into(),
        "obj_0".into(),
        "passed".into(),
    ];
    let questions = (0_usize..).flat_map(move |question| {
        let turn = question + usize::try_from(round % 4).unwrap_or(0);
        [
            ["int_0", "int_1", "int_2", "int_3", "int_4", "int_5"][question],
            "choice",
            ["a", "b", "c", "d"][turn % 4],
            ["wrong", "correct"][turn % 2],
            ["10:00:10", "10:00:11", "10:00:12", "10:00:13", "10:00:14", "10:00:15"][question],
        ]
        .map(Cow::from)
    });
    NAMES.iter().map(String::as_str).zip(scalars.into_iter().chain(questions))
}

/// The round in which this suspend data was set.
fn round_of(suspend_data: &str) -> Option<u64> {
    suspend_data.split_once(':')?.0.parse().ok()
}

/// The value of an element in a state, which lists elements as pairs of name and value.
fn find<'a>(state: &'a Value, element: &str) -> Option<&'a str> {
    match state {
        Value::Array(pair) if pair.len() == 2 && pair[0] == element => pair[1].as_str(),
        Value::Array(items) => items.iter().find_map(|value| find(value, element)),
        Value::Object(fields) => fields.values().find_map(|value| find(value, element)),
        _ => None,
    }
}

/// Text that looks like the packed state of an authoring tool: little of it repeats.
static PACKED: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::with_capacity(16 * SUSPEND_DATA);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    while text.len() < 16 * SUSPEND_DATA {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        write!(text, "{state:x}").unwrap_or_default();
    }
    text
});

/// Another part of that text in every round.
fn suspend_data(round: u64) -> String {
    let begin = usize::try_from(round.wrapping_mul(7919) % (15 * SUSPEND_DATA as u64)).unwrap_or(0);
    let mut text = format!("{round}:");
    let missing = SUSPEND_DATA - text.len();
    text.push_str(&PACKED[begin..begin + missing]);
    text
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, SUSPEND_DATA, values};

    #[test]
    fn a_commit_has_its_size() {
        let values: Vec<_> = values(12).collect();
        assert_eq!(values.len(), ELEMENTS);
        let suspend =
            values.iter().find(|(name, _)| *name == "cmi.suspend_data").map(|(_, value)| value.len());
        assert_eq!(suspend, Some(SUSPEND_DATA));
        let (last, value) = &values[ELEMENTS - 1];
        assert_eq!((*last, &**value), ("cmi.interactions.5.id", "int_5"));
    }
}
