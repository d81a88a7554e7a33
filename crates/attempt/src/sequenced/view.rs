//! What a player shows of a sequenced course: controls and table of contents, from the sequencer's look-ahead.

use alloc::vec::Vec;

use lyceum_sequencing::definitions::LmsControl;
use lyceum_sequencing::{Ix, LookAhead, ObjectiveValues, Sequencer};

use crate::navigation::{Controls, TocLine};
use crate::plan::Plan;
use crate::rollup::Status;
use crate::summary::{Completion, Success};

/// Which controls make sense. `delivered`: the activity in the frame, whose author may have hidden some of them (SN 5.4).
pub(crate) fn controls(
    plan: &Plan,
    sequencer: &Sequencer,
    ahead: &LookAhead,
    delivered: Option<Ix>,
) -> Controls {
    let is_open = sequencer.current().is_some();
    if plan.is_single() {
        return Controls { exit: true, ..Controls::default() };
    }
    let presentation = delivered.map(|ix| &sequencer.tree().activity(ix).definition().presentation);
    let shows = |control| presentation.is_none_or(|presentation| !presentation.hides(control));
    Controls {
        continue_: ahead.continue_request && shows(LmsControl::Continue),
        previous: ahead.previous && shows(LmsControl::Previous),
        choice: ahead.has_choices(),
        // Outside of a session it closes the page.
        exit: (ahead.exit || !is_open) && shows(LmsControl::Exit),
        exit_all: ahead.exit_all && shows(LmsControl::ExitAll),
        suspend: ahead.exit_all && shows(LmsControl::SuspendAll),
        abandon: ahead.exit && shows(LmsControl::Abandon),
        abandon_all: ahead.exit_all && shows(LmsControl::AbandonAll),
        retry: ahead.retry && delivered.is_some(),
    }
}

/// The lines of the table of contents. `live`: the activity in the frame, and how it stands by what its content has said. The
/// course itself is a line where it can be chosen, which begins it anew (SN 4.4; ADL's CM-04b, CM-07d and SX-04b ask for it).
pub(crate) fn toc(sequencer: &Sequencer, ahead: &LookAhead, live: Option<&(Ix, Status)>) -> Vec<TocLine> {
    let has_root = ahead.entry(Ix::ROOT).is_some_and(|root| root.visible && root.selectable);
    let entries = ahead.entries.iter().filter(|entry| has_root || entry.activity != Ix::ROOT);
    entries
        .map(|entry| {
            let (completion, success) = match live {
                Some((ix, status)) if *ix == entry.activity => (status.completion, status.success),
                _ => {
                    let values = sequencer.status(entry.activity).values;
                    (completion_of(&values), success_of(&values))
                }
            };
            TocLine {
                activity: entry.activity.index() as u32,
                visible: entry.visible,
                current: live.is_some_and(|(ix, _)| *ix == entry.activity),
                disabled: !entry.selectable,
                completion,
                success,
            }
        })
        .collect()
}

fn completion_of(values: &ObjectiveValues) -> Completion {
    match values.completed {
        Some(true) => Completion::Completed,
        Some(false) => Completion::Incomplete,
        None => Completion::Unknown,
    }
}

fn success_of(values: &ObjectiveValues) -> Success {
    match values.satisfied {
        Some(true) => Success::Passed,
        Some(false) => Success::Failed,
        None => Success::Unknown,
    }
}

/// Completion, success and measures of an objective in the words of reports.
pub(crate) fn of_values(values: &ObjectiveValues) -> Status {
    use alloc::string::ToString;
    use lyceum_sequencing::definitions::Decimal;

    let text = |number: Option<Decimal>| number.map(|number| number.to_string());
    let hundredths = |measure: Decimal| {
        let share = measure.units().clamp(0, Decimal::UNITS_PER_ONE) / (Decimal::UNITS_PER_ONE / 10_000);
        u32::try_from(share).unwrap_or(0)
    };
    Status {
        completion: completion_of(values),
        success: success_of(values),
        score: crate::summary::Score {
            scaled: text(values.measure),
            raw: text(values.raw),
            min: text(values.min),
            max: text(values.max),
        },
        progress: values.progress_measure.map(hundredths),
    }
}
