//! A learner without a browser: launches, opens a session and sends commits as the player page does.

use std::fmt::Write as _;

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
        for (at, (element, value)) in values(round).iter().enumerate() {
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
            values(1).into_iter().map(|(name, value)| (name, value.into())).collect();
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

/// SCORM 1.2 names, so that the values mean something to the engine; nothing in them needs escaping in JSON. No comments: those of
/// SCORM 1.2 are added to what is there, and thousands of commits would measure a text that no learner writes.
fn values(round: u64) -> Vec<(String, String)> {
    let minutes = 10 + round % 49;
    let status = if round.is_multiple_of(7) { "completed" } else { "incomplete" };
    let scalars = [
        ("cmi.core.lesson_status", status.to_owned()),
        ("cmi.core.lesson_location", format!("page-{round}")),
        ("cmi.core.score.raw", (round % 101).to_string()),
        ("cmi.core.score.min", "0".to_owned()),
        ("cmi.core.score.max", "100".to_owned()),
        ("cmi.core.exit", "suspend".to_owned()),
        ("cmi.core.session_time", format!("00:{minutes}:00")),
        ("cmi.suspend_data", suspend_data(round)),
        ("cmi.student_preference.audio", "1".to_owned()),
        ("cmi.student_preference.language", "en".to_owned()),
        ("cmi.student_preference.speed", "0".to_owned()),
        ("cmi.student_preference.text", "1".to_owned()),
        ("cmi.objectives.0.id", "obj_0".to_owned()),
        ("cmi.objectives.0.status", "passed".to_owned()),
    ];
    let mut values: Vec<(String, String)> =
        scalars.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for question in 0.. {
        let result = if (question + round).is_multiple_of(2) { "wrong" } else { "correct" };
        let answer = ["a", "b", "c", "d"][usize::try_from((question + round) % 4).unwrap_or(0)];
        for (field, value) in [
            ("id", format!("int_{question}")),
            ("type", "choice".to_owned()),
            ("student_response", answer.to_owned()),
            ("result", result.to_owned()),
            ("time", format!("10:00:{}", 10 + question % 50)),
        ] {
            if values.len() == ELEMENTS {
                return values;
            }
            values.push((format!("cmi.interactions.{question}.{field}"), value));
        }
    }
    values
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
fn suspend_data(round: u64) -> String {
    let mut text = format!("{round}:");
    let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while text.len() < SUSPEND_DATA {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        write!(text, "{state:x}").unwrap_or_default();
    }
    text.truncate(SUSPEND_DATA);
    text
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, SUSPEND_DATA, values};

    #[test]
    fn a_commit_has_its_size() {
        let values = values(12);
        assert_eq!(values.len(), ELEMENTS);
        let suspend =
            values.iter().find(|(name, _)| name == "cmi.suspend_data").map(|(_, value)| value.len());
        assert_eq!(suspend, Some(SUSPEND_DATA));
        assert_eq!(values[ELEMENTS - 1].0, "cmi.interactions.5.id");
    }
}
