//! The doors for other players beside our player: the engine runs in the server there, and a key takes the place of the page's token.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::commits::start;
use super::figure::{Anchor, Bar, Figure, median};
use super::http::{Address, Client};
use super::learner::values;
use super::load::{Run, enrol, load, measure, refuse_refusals};
use super::program::json_of;
use super::tools::Tools;

/// Learners at a time, one after the other.
const LEARNERS: [usize; 2] = [1, 16];

/// What others take for the same, in the words of who asked for this program. Not measured here.
const QUOTED: [&str; 2] = [
    "quoted: a Django view with a JSON history column 3.6 ms, after 1,000 entries 252 ms",
    "quoted: an Express endpoint per SetValue 33 ms",
];

/// The runs of one number of learners: through our player, with a whole model in one request, with a SetValue and a Commit.
#[derive(Default)]
struct Runs([Vec<Run>; 3]);

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let data = tools.folder("doors")?;
    let program = start(tools, &data, &[])?;
    let folder = data.to_string_lossy();
    let key = json_of(&tools.binary, &["key", "create", "bench", "--json", "--data", &folder])?;
    let doors = Doors {
        authority: Address::parse(program.text("app_url")?)?.authority,
        course: program.text("course_id")?.to_owned(),
        headers: format!(
            "Content-Type: application/json\r\nAuthorization: Bearer {}\r\n",
            key["secret"].as_str().context("the key's secret")?
        ),
    };
    let enrolled = enrol(&program, LEARNERS[1])?;
    let duration = Duration::from_secs(tools.seconds);
    let mut cells: Vec<(usize, Runs)> =
        LEARNERS.iter().map(|&learners| (learners, Runs::default())).collect();
    for round in 0..tools.rounds {
        for (learners, Runs([ours, progress, calls])) in &mut cells {
            ours.push(load(&program, &enrolled[..*learners], duration)?);
            let named = |n: usize| format!("load-{round}-{learners}-{n}");
            let whole = (0..*learners).map(|n| doors.progress(n, named(n))).collect::<Result<_>>()?;
            progress.push(measure(&program, whole, duration)?);
            let single = enrolled[..*learners].iter().enumerate();
            let single =
                single.map(|(n, of)| doors.calls(&of.registration, named(n))).collect::<Result<_>>()?;
            calls.push(measure(&program, single, duration)?);
        }
    }
    refuse_refusals(&program)?;
    Ok(cells.iter().flat_map(cell_figures).collect())
}

fn cell_figures((learners, Runs([ours, progress, calls])): &(usize, Runs)) -> Vec<Figure> {
    let middle = |runs: &[Run], of: fn(&Run) -> f64| median(runs.iter().map(of).collect());
    let who = if *learners == 1 { "1 learner".to_owned() } else { format!("{learners} learners") };
    let anchor = |of| Anchor { name: "the same through our player".into(), value: middle(ours, of) };
    let kinds = [("progress door, 40 elements", progress), ("API door, SetValue of 4 KB and Commit", calls)];
    let figures = kinds.iter().zip(QUOTED).flat_map(|((name, runs), quoted)| {
        let latency =
            format!("p50 {:.2} ms, p99 {:.2} ms", middle(runs, |run| run.p50), middle(runs, |run| run.p99));
        let rate = middle(runs, |run| run.rate);
        let cpu = middle(runs, |run| run.cpu_ms);
        [
            Figure::rate(format!("{name}, {who}"), rate, "/s", anchor(|run| run.rate), Bar::None)
                .note(latency),
            Figure::time(
                format!("server processor time, {name}, {who}"),
                cpu,
                "ms",
                anchor(|run| run.cpu_ms),
                Bar::None,
            )
            .note(quoted),
        ]
    });
    figures.collect()
}

struct Doors {
    authority: String,
    course: String,
    headers: String,
}

impl Doors {
    /// Sends the values of one of our commits, and waits for the answer that they are on disk.
    fn progress(&self, learner: usize, session: String) -> Result<impl FnMut(u64) -> Result<()> + Send> {
        let mut client = Client::connect(&self.authority)?;
        let (path, headers) = (format!("/scorm/progress/{}/", self.course), self.headers.clone());
        Ok(move |round| {
            let mut body: Map<String, Value> = values(round)
                .map(|(element, value)| (element.to_owned(), value.into_owned().into()))
                .collect();
            body.insert("learner".into(), format!("door {learner}").into());
            body.insert("session_id".into(), session.clone().into());
            body.insert("sequence".into(), round.into());
            let body = Value::Object(body).to_string();
            let answer = client.send("POST", &path, &headers, body.as_bytes())?.expect(200)?.json()?;
            anyhow::ensure!(answer["ok"] == true && answer["refused"] == json!([]), "{answer}");
            Ok(())
        })
    }

    /// Sets the suspend data and commits, a request each.
    fn calls(&self, registration: &str, session: String) -> Result<impl FnMut(u64) -> Result<()> + Send> {
        let mut client = Client::connect(&self.authority)?;
        let (path, headers) = (format!("/scorm/api/{registration}"), self.headers.clone());
        let mut call = move |mut call: Value| -> Result<()> {
            call["session_id"] = session.clone().into();
            let answer =
                client.send("POST", &path, &headers, call.to_string().as_bytes())?.expect(200)?.json()?;
            anyhow::ensure!(answer["success"] == true, "{answer}");
            Ok(())
        };
        call(json!({ "action": "Initialize" }))?;
        Ok(move |round| {
            let suspend_data = values(round).find(|(element, _)| *element == "cmi.suspend_data");
            let (element, value) = suspend_data.context("a commit has suspend data")?;
            call(json!({ "action": "SetValue", "element": element, "value": value }))?;
            call(json!({ "action": "Commit" }))
        })
    }
}
