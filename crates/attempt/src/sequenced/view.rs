//! What a player shows of a sequenced course: controls and table of contents, from the sequencer's look-ahead.

use alloc::string::String;
use alloc::vec::Vec;

use lyceum_sequencing::definitions::LmsControl;
use lyceum_sequencing::{Ix, LookAhead, ObjectiveValues, Sequencer};

use crate::navigation::{Controls, TocItem};
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
pub(crate) fn toc(
    plan: &Plan,
    sequencer: &Sequencer,
    ahead: &LookAhead,
    live: Option<&(Ix, Status)>,
) -> Vec<TocItem> {
    let tree = sequencer.tree();
    let has_root = ahead.entry(Ix::ROOT).is_some_and(|root| root.visible && root.selectable);
    let entries = ahead.entries.iter().filter(|entry| has_root || entry.activity != Ix::ROOT);
    entries
        .map(|entry| {
            let activity = &plan.activities[entry.activity.index()];
            let status = match live {
                Some((ix, status)) if *ix == entry.activity => status.clone(),
                _ => of_values(&sequencer.status(entry.activity).values),
            };
            let parent =
                tree.activity(entry.activity).parent().filter(|parent| has_root || *parent != Ix::ROOT);
            TocItem {
                id: activity.id.clone(),
                title: activity.title.clone(),
                depth: if has_root { entry.depth } else { entry.depth - 1 },
                parent: parent.map(|parent| String::from(tree.activity(parent).id())),
                kind: activity.kind,
                visible: entry.visible,
                current: live.is_some_and(|(ix, _)| *ix == entry.activity),
                disabled: !entry.selectable,
                completion: status.completion,
                success: status.success,
            }
        })
        .collect()
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
        completion: match values.completed {
            Some(true) => Completion::Completed,
            Some(false) => Completion::Incomplete,
            None => Completion::Unknown,
        },
        success: match values.satisfied {
            Some(true) => Success::Passed,
            Some(false) => Success::Failed,
            None => Success::Unknown,
        },
        score: crate::summary::Score {
            scaled: text(values.measure),
            raw: text(values.raw),
            min: text(values.min),
            max: text(values.max),
        },
        progress: values.progress_measure.map(hundredths),
    }
}
