//! What an activity's content is told at its launch.

use alloc::string::String;
use alloc::vec::Vec;

use lyceum_cmi::{Credit, Edition, Family, Inputs, LmsComment, Model, SeedObjective, SharedData};

use crate::opening::{Mode, Opening, ResetRunTimeData, Settings};
use crate::plan::Activity;
use crate::settings::Threshold;
use crate::state::ActivityState;

/// `cmi.entry` (RTE 4.2.7) and `cmi.core.entry` (1.2 RTE 3.4.4) for the next visit. `ab-initio` on an activity that was
/// visited before means that its data starts afresh.
pub(crate) fn entry(edition: Edition, settings: &Settings, known: Option<&ActivityState>) -> &'static str {
    let Some(known) = known else { return "ab-initio" };
    if !known.was_initialized() {
        return "ab-initio";
    }
    let suspended = known.visits().last().is_some_and(crate::visit::Visit::is_suspended);
    if suspended {
        return "resume";
    }
    // What is to be looked at again must be there.
    if settings.mode == Mode::Review {
        return "";
    }
    let resets = match settings.reset_run_time_data {
        ResetRunTimeData::Never => false,
        ResetRunTimeData::WhenExitIsNotSuspend | ResetRunTimeData::OnEachNewSequencingAttempt => true,
        ResetRunTimeData::Standard => edition.family() == Family::Ieee,
    };
    if resets { "ab-initio" } else { "" }
}

/// What does not come from the manifest: objectives and shared data of a sequenced course as they are tracked.
#[derive(Default)]
pub(crate) struct Known {
    /// `None`: the manifest's objectives without values.
    pub(crate) objectives: Option<Vec<SeedObjective>>,
    pub(crate) shared_data: Vec<SharedData>,
}

pub(crate) fn inputs(
    activity: Option<&Activity>,
    opening: &Opening,
    entry: &str,
    total_time: u64,
    known: Known,
) -> Inputs {
    let settings = &opening.settings;
    let mut inputs = Inputs {
        learner_id: opening.learner.id.clone(),
        learner_name: opening.learner.name.clone(),
        credit: if settings.counts() { Credit::Credit } else { Credit::NoCredit },
        mode: match settings.mode {
            Mode::Normal => lyceum_cmi::Mode::Normal,
            Mode::Browse => lyceum_cmi::Mode::Browse,
            Mode::Review => lyceum_cmi::Mode::Review,
        },
        entry: match entry {
            "ab-initio" => lyceum_cmi::Entry::AbInitio,
            "resume" => lyceum_cmi::Entry::Resume,
            _ => lyceum_cmi::Entry::Other,
        },
        total_time,
        comments_from_lms: comments(&settings.comments_from_lms),
        ..Inputs::default()
    };
    if let Some(activity) = activity {
        inputs.launch_data.clone_from(&activity.launch_data);
        let over = |threshold: &Threshold, manifest: &Option<String>| {
            threshold.or(manifest.as_deref()).map(String::from)
        };
        inputs.mastery_score = over(&settings.mastery_score, &activity.mastery_score);
        inputs.scaled_passing_score = over(&settings.passing_score, &activity.scaled_passing_score);
        inputs.completion_threshold = over(&settings.completion_threshold, &activity.completion_threshold);
        inputs.max_time_allowed.clone_from(&activity.max_time_allowed);
        inputs.time_limit_action.clone_from(&activity.time_limit_action);
        let without_values = |id: &String| SeedObjective { id: id.clone(), ..SeedObjective::default() };
        inputs.objectives =
            known.objectives.unwrap_or_else(|| activity.objectives.iter().map(without_values).collect());
        inputs.shared_data = known.shared_data;
    }
    inputs
}

/// A record for each line that says something.
fn comments(text: &str) -> Vec<LmsComment> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| LmsComment { comment: line.into(), ..LmsComment::default() }).collect()
}

/// The model that a visit starts with, and what the LMS itself put into it, as (element, value). `goes_on`: the visit has
/// begun, its exit and session time are its own.
pub(crate) fn model(mut saved: Model, inputs: &Inputs, goes_on: bool) -> (Model, Vec<(String, String)>) {
    if !goes_on {
        saved.start_session();
    }
    if inputs.objectives.is_empty() && inputs.shared_data.is_empty() && inputs.initial.is_empty() {
        return (saved, Vec::new());
    }
    let mut seeded = saved.clone();
    // A model that is full keeps what it holds; the objectives that do not fit are missing for the content, no more.
    let _ = seeded.seed(inputs);
    let seeds = seeded
        .iter()
        .filter(|(element, value)| saved.value(element) != Some(*value))
        .map(|(element, value)| (element, String::from(value)))
        .collect();
    (seeded, seeds)
}
