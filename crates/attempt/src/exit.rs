//! What the player does when content has exited and has asked for no navigation.

use lyceum_cmi::Family;

use crate::engine::Engine;
use crate::plan::Kind;
use crate::rollup::{self, Status};
use crate::settings::{ExitAction, ExitCase, ExitKind};
use crate::summary::{Completion, Success};
use crate::visit::VisitEnd;

impl Engine {
    /// The action for the content that has just terminated, by the course's settings
    /// ([`ExitActions`](crate::settings::ExitActions)); `None` while it has not. In a SCORM 2004 course of several activities
    /// the author's rules decide what comes next: there the learner is only told that the part is finished.
    #[must_use]
    pub fn exit_action(&self) -> Option<ExitAction> {
        let (plan, opening, state) = (self.plan(), self.opening(), self.view());
        let id = self.delivered()?;
        let activity = state.activity(id)?;
        let is_over = activity.latest_visit(opening.ordinal)?.end == Some(VisitEnd::Terminated);
        if !is_over {
            return None;
        }
        if plan.edition.family() == Family::Ieee && !plan.is_single() {
            return Some(ExitAction::DisplayMessage);
        }
        self.action_for(activity.model().exit().into())
    }

    /// What the settings say of the delivered activity's exit.
    pub(crate) fn action_for(&self, kind: ExitKind) -> Option<ExitAction> {
        let (plan, opening) = (self.plan(), self.opening());
        let id = self.delivered()?;
        let activity = self.view().activity(id)?;
        let at = plan.index_of(id)?;
        let is_final = !plan.launchable().any(|(i, unit)| i > at && unit.kind != Kind::Cluster);
        let is_satisfied = if is_final {
            let course = self.summary();
            is_satisfied(course.completion, course.success)
        } else {
            let Status { completion, success, .. } =
                rollup::activity(plan.edition, &opening.settings, &plan.activities[at], Some(activity));
            is_satisfied(completion, success)
        };
        let case = ExitCase { kind, is_final, is_satisfied };
        Some(opening.settings.exits.decide(plan.edition, case, plan.is_single()))
    }
}

/// Success decides; where it is not judged, completion does.
fn is_satisfied(completion: Completion, success: Success) -> bool {
    match success {
        Success::Passed => true,
        Success::Failed => false,
        Success::Unknown => completion == Completion::Completed,
    }
}
