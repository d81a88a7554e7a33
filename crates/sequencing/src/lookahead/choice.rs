use alloc::{vec, vec::Vec};
use core::ops::Range;

use super::survey::Survey;
use crate::{sequencing::Direction, tree::Ix, view::View};

/// Which activities can be chosen with the result that something is delivered: SB.2.9 and DB.1.1 for all of them.
pub(super) struct Choices(Vec<bool>);

impl Choices {
    pub(super) fn leads_somewhere(&self, target: Ix) -> bool {
        self.0[target.index()]
    }
}

/// The way from the Current Activity to an activity: up to the deepest cluster around both, and down again.
#[derive(Clone, Copy)]
struct Way {
    common: Ix,
    /// In which direction the target lies, seen from there.
    direction: Direction,
    /// Nothing on the way down stops forward traversal or is closed, the target left out (SB.2.9 9.3).
    forward: bool,
    /// Nothing on the way down is closed, the target included (SB.2.9 11.9.2).
    backward: bool,
}

/// What holds for all targets that have the same deepest cluster in common with the Current Activity.
#[derive(Clone, Copy)]
struct Leaving {
    /// Everything below that cluster can be left (SB.2.9 10.3, 11.4).
    allowed: bool,
    /// The innermost cluster with `constrainChoice` below it (SB.2.9 11.5), and the activities before and behind
    /// that cluster.
    constrained: Option<(Ix, Ix, Ix)>,
}

impl View<'_> {
    pub(super) fn choices(&self, survey: &Survey) -> Choices {
        let ways = self.ways(survey);
        let leaving = self.leaving();
        let siblings = self.choosable_siblings(survey);
        let mut choices = vec![false; self.tree.len()];
        for target in survey.order() {
            let (facts, way) = (survey.facts(*target), ways[target.index()]);
            let parent = self.parent(*target);
            let offered = !facts.hidden && parent.is_none_or(|parent| self.tree.brief(parent).choice);
            choices[target.index()] = offered
                && self.way_is_free(*target, way, &leaving, &siblings)
                && self.delivers_something(*target, survey);
        }
        Choices(choices)
    }

    fn delivers_something(&self, target: Ix, survey: &Survey) -> bool {
        let found = if self.tree.brief(target).leaf {
            Some(target)
        } else {
            self.children(target).first().and_then(|first| survey.facts(*first).landing)
        };
        found.is_some_and(|found| !survey.facts(found).blocked)
    }

    /// See [`View::check_way`], of which this has the cases.
    fn way_is_free(&self, target: Ix, way: Way, leaving: &[(Ix, Leaving)], siblings: &Range<u32>) -> bool {
        let Some(current) = self.tracking.current() else { return way.forward };
        if current == target {
            return true;
        }
        if self.parent(current) == self.parent(target) {
            return self.tracking.place(target).is_some_and(|place| siblings.contains(&place));
        }
        if way.common == current {
            return way.forward;
        }
        let Some((_, leaving)) = leaving.iter().find(|(common, _)| *common == way.common) else {
            return false;
        };
        if target == way.common {
            return leaving.allowed;
        }
        let within_constraint = leaving.constrained.is_none_or(|(constrained, before, behind)| {
            let neighbour = if way.direction == Direction::Forward { behind } else { before };
            target == constrained || self.tree.is_within(target, neighbour)
        });
        let down = if way.direction == Direction::Forward || self.readings.choice_backward_can_be_stopped {
            way.forward
        } else {
            way.backward
        };
        leaving.allowed && within_constraint && down
    }

    /// The ways to all activities, each found from the one to its parent.
    fn ways(&self, survey: &Survey) -> Vec<Way> {
        let from = self.tracking.current().unwrap_or(Ix::ROOT);
        let at_home = |common| Way { common, direction: Direction::Forward, forward: true, backward: true };
        let mut ways = vec![at_home(Ix::ROOT); self.tree.len()];
        for ix in survey.order() {
            let Some(parent) = self.parent(*ix) else { continue };
            if self.tree.is_within(from, *ix) {
                ways[ix.index()] = at_home(*ix);
                continue;
            }
            let (way, around) = (ways[parent.index()], survey.facts(parent));
            let direction = if parent == way.common { self.direction(from, *ix).0 } else { way.direction };
            ways[ix.index()] = Way {
                common: way.common,
                direction,
                forward: way.forward && !around.stops && (parent == way.common || !around.closed),
                backward: way.backward && !survey.facts(*ix).closed,
            };
        }
        ways
    }

    fn leaving(&self) -> Vec<(Ix, Leaving)> {
        let Some(current) = self.tracking.current() else { return Vec::new() };
        let mut leaving = Leaving { allowed: true, constrained: None };
        let mut table = Vec::new();
        for common in self.tree.path_up(current) {
            table.push((common, leaving));
            if common == current && self.readings.choice_exit_of_clusters_only {
                continue;
            }
            leaving.allowed &= self.activity(common).definition().control.choice_exit;
            if leaving.constrained.is_none() && self.constrains_choice(common) {
                let neighbour = |direction| self.choice_flow(common, direction);
                leaving.constrained =
                    Some((common, neighbour(Direction::Backward), neighbour(Direction::Forward)));
            }
        }
        table
    }

    /// The places of the siblings of the Current Activity that traversal comes to (SB.2.9 8).
    fn choosable_siblings(&self, survey: &Survey) -> Range<u32> {
        let Some(current) = self.tracking.current() else { return 0..0 };
        let (Some(parent), Some(place)) = (self.parent(current), self.tracking.place(current)) else {
            return 0..0;
        };
        let first = if self.activity(parent).definition().control.forward_only { place } else { 0 };
        let onward = self.children(parent).iter().skip(place as usize);
        let passed = onward.take_while(|sibling| !survey.facts(**sibling).stops).count();
        first..place.saturating_add(passed as u32).saturating_add(1)
    }
}
