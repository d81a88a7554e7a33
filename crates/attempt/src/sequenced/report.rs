//! Between the data model of the content and the sequencer (RTE 4.2, SN 4.2).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{CompletionStatus, Exit, Runtime, SeedObjective, SuccessStatus};
use lyceum_sequencing::definitions::Decimal;
use lyceum_sequencing::{ObjectiveSeed, Reported, RuntimeData, RuntimeObjective};

/// What the content has reported in its visit. `seeds`: the objectives that the visit began with.
pub(crate) fn report(runtime: &Runtime, seeds: &[SeedObjective]) -> RuntimeData {
    let (model, inputs) = (runtime.model(), runtime.inputs());
    let by_content = |element: &str| model.value(element).is_some();
    RuntimeData {
        completion: Reported {
            value: completed(Some(runtime.completion_status())),
            by_content: by_content("cmi.completion_status") && inputs.completion_threshold.is_none(),
        },
        success: Reported {
            value: passed(Some(runtime.success_status())),
            by_content: by_content("cmi.success_status") && inputs.scaled_passing_score.is_none(),
        },
        scaled: decimal(model.score().scaled),
        progress_measure: decimal(model.progress_measure()),
        objectives: model.objectives().filter_map(|objective| of_objective(&objective, seeds)).collect(),
        suspend: model.exit() == Exit::Suspend,
        // By the clock: what content reports here is as often cumulative as not.
        session_time: None,
    }
}

fn of_objective(objective: &lyceum_cmi::Objective<'_>, seeds: &[SeedObjective]) -> Option<RuntimeObjective> {
    let id = objective.id()?;
    let seed = seeds.iter().find(|seed| seed.id == id);
    let (success, completion) = (objective.success_status(), objective.completion_status());
    let differs = |now: Option<&str>, seeded: Option<&String>| now != seeded.map(String::as_str);
    let score = objective.score();
    Some(RuntimeObjective {
        id: id.to_string(),
        success: Reported {
            value: passed(success),
            by_content: differs(
                success.map(|status| status.as_str()),
                seed.and_then(|seed| seed.success_status.as_ref()),
            ),
        },
        completion: Reported {
            value: completed(completion),
            by_content: differs(
                completion.map(|status| status.as_str()),
                seed.and_then(|seed| seed.completion_status.as_ref()),
            ),
        },
        scaled: decimal(score.scaled),
        raw: decimal(score.raw),
        min: decimal(score.min),
        max: decimal(score.max),
        progress_measure: decimal(objective.progress_measure()),
    })
}

fn decimal(value: Option<lyceum_cmi::Decimal>) -> Option<Decimal> {
    value.and_then(|value| Decimal::parse(&value.to_string()).ok())
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

/// What `cmi.objectives` begins with.
pub(crate) fn seeds(seeds: Vec<ObjectiveSeed>) -> Vec<SeedObjective> {
    seeds.into_iter().map(seed).collect()
}

fn seed(seed: ObjectiveSeed) -> SeedObjective {
    let word = |value: Option<bool>, yes: &str, no: &str| {
        value.map(|value| if value { yes } else { no }.to_string())
    };
    let number = |value: Option<Decimal>| value.map(|value| value.to_string());
    SeedObjective {
        id: seed.id,
        success_status: word(seed.values.satisfied, "passed", "failed"),
        completion_status: word(seed.values.completed, "completed", "incomplete"),
        progress_measure: number(seed.values.progress_measure),
        score_scaled: number(seed.values.measure),
        score_raw: number(seed.values.raw),
        score_min: number(seed.values.min),
        score_max: number(seed.values.max),
        description: None,
    }
}
