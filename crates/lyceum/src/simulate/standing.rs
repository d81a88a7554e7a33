//! The answer to `state`: where course, items and the open item's data stand.

use lyceum_attempt::engine::Engine;
use lyceum_attempt::rollup::{self, Status};
use lyceum_attempt::summary::{Completion, Score, Success, Summary};
use lyceum_attempt::visit::{Visit, VisitEnd};
use lyceum_cmi::{Edition, Model};
use serde::{Serialize, Serializer};

/// Everything that can be known from outside.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Standing {
    /// By which standard the course is played.
    standard: Edition,
    /// The item that is open.
    activity: Option<String>,
    /// Where its API instance stands: `not initialized`, `running`, `terminated`; `none` when nothing is open.
    api: &'static str,
    /// The course as a whole.
    course: Summary,
    /// The items that launch something.
    activities: Vec<Item>,
    /// What is stored for the open item.
    #[serde(serialize_with = "as_map")]
    cmi: Vec<(String, String)>,
    /// Hash of the whole state: equal in the browser and on the server.
    hash: String,
}

/// One item.
#[derive(Clone, Debug, Serialize)]
struct Item {
    id: String,
    completion: Completion,
    success: Success,
    score: Score,
}

impl Standing {
    pub(crate) fn of(engine: &Engine) -> Self {
        let (plan, state) = (engine.plan(), engine.state());
        let open = engine.delivered().and_then(|id| state.activity(id));
        let statuses = rollup::activities(plan, &engine.opening().settings, state);
        Self {
            standard: plan.edition,
            activity: engine.delivered().map(str::to_owned),
            api: open.and_then(|activity| activity.visits().last()).map_or("none", api),
            course: engine.summary(),
            activities: plan
                .launchable()
                .map(|(index, activity)| item(&activity.id, &statuses[index]))
                .collect(),
            cmi: open.map(|activity| values(activity.model())).unwrap_or_default(),
            hash: format!("{:016x}", engine.state_hash()),
        }
    }
}

fn item(id: &str, status: &Status) -> Item {
    Item {
        id: id.to_owned(),
        completion: status.completion,
        success: status.success,
        score: status.score.clone(),
    }
}

fn api(visit: &Visit) -> &'static str {
    match (visit.initialized, visit.end) {
        (_, Some(VisitEnd::Terminated | VisitEnd::TimedOut)) => "terminated",
        (Some(_), _) => "running",
        (None, _) => "not initialized",
    }
}

fn values(model: &Model) -> Vec<(String, String)> {
    model.iter().map(|(element, value)| (element, value.to_owned())).collect()
}

/// In the order of the data model, which a sorted map would not keep.
fn as_map<S: Serializer>(values: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(element, value)| (element, value)))
}
