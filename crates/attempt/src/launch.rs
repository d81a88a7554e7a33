//! What an activity's content is told at its launch.

use lyceum_cmi::{Edition, Inputs};

use crate::opening::{Mode, Opening, ResetRunTimeData, Settings};
use crate::plan::Activity;
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
    let resets = match settings.reset_run_time_data {
        ResetRunTimeData::Never => false,
        ResetRunTimeData::WhenExitIsNotSuspend => true,
        ResetRunTimeData::Standard => edition.is_2004(),
    };
    if resets { "ab-initio" } else { "" }
}

pub(crate) fn inputs(activity: Option<&Activity>, opening: &Opening, entry: &str, total_time: u64) -> Inputs {
    let settings = &opening.settings;
    let mut inputs = Inputs {
        learner_id: opening.learner.id.clone(),
        learner_name: opening.learner.name.clone(),
        credit: settings.credit && settings.mode == Mode::Normal,
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
        ..Inputs::default()
    };
    if let Some(activity) = activity {
        inputs.launch_data.clone_from(&activity.launch_data);
        inputs.mastery_score.clone_from(&activity.mastery_score);
        inputs.scaled_passing_score.clone_from(&activity.scaled_passing_score);
        inputs.completion_threshold.clone_from(&activity.completion_threshold);
        inputs.max_time_allowed.clone_from(&activity.max_time_allowed);
        inputs.time_limit_action.clone_from(&activity.time_limit_action);
        inputs.objectives = activity.objectives.iter().map(|id| lyceum_cmi::ObjectiveSeed::with_id(id)).collect();
    }
    inputs
}
