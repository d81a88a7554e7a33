use super::{Destination, Direction, Flow};
use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Choice Sequencing Request Process (SB.2.9), without its only side effect: if it ends in SB.2.9-9, the caller moves
    /// the current activity (14.1 to 14.3).
    pub(crate) fn choice(&self, target: Ix) -> Result<Destination, Exception> {
        self.check_choosable(target)?;
        self.check_way(target)?;
        if self.activity(target).is_leaf() {
            return Ok(Destination::Deliver(target));
        }
        match self.flow(target, Direction::Forward, true) {
            Flow::Found(ix) => Ok(Destination::Deliver(ix)),
            _ => Err(Exception::Sb29_9),
        }
    }

    /// The target as such: available, not hidden, choice allowed (SB.2.9 2 to 4).
    fn check_choosable(&self, target: Ix) -> Result<(), Exception> {
        for ix in self.tree.path_down(target) {
            if self.tracking.place(ix).is_none() {
                return Err(Exception::Sb29_2);
            }
            if self.is_hidden_from_choice(ix) {
                return Err(Exception::Sb29_3);
            }
        }
        match self.parent(target) {
            Some(parent) if !self.activity(parent).definition().control.choice => Err(Exception::Sb29_4),
            _ => Ok(()),
        }
    }

    /// The way from the current activity to the target (SB.2.9 5 to 11).
    fn check_way(&self, target: Ix) -> Result<(), Exception> {
        let Some(current) = self.tracking.current() else {
            return self.check_descent(Ix::ROOT, target);
        };
        let common = self.tree.common_ancestor(current, target);
        if current == target {
            Ok(())
        } else if self.parent(current) == self.parent(target) {
            self.check_siblings(current, target)
        } else if current == common {
            self.check_descent(common, target)
        } else if target == common {
            self.check_choice_exit(current, common)
        } else {
            self.check_choice_exit(current, common)?;
            self.check_constraint(current, common, target)?;
            self.check_cousin(current, common, target)
        }
    }

    /// Case 2: every activity from the current one to the target, without the target.
    fn check_siblings(&self, current: Ix, target: Ix) -> Result<(), Exception> {
        let (direction, offset) = self.direction(current, target);
        let mut at = current;
        while at != target {
            self.choice_traversal(at, direction)?;
            at = self.sibling(at, offset).ok_or(Exception::Sb29_5)?;
        }
        Ok(())
    }

    /// Case 3, and the forward part of case 5: every cluster from the common ancestor down to the target, without the target.
    fn check_descent(&self, common: Ix, target: Ix) -> Result<(), Exception> {
        let path = self.tree.path_down(target);
        for step in path.iter().filter(|step| **step >= common && **step != target) {
            self.choice_traversal(*step, Direction::Forward)?;
            self.check_activation(common, *step)?;
        }
        Ok(())
    }

    /// A cluster with preventActivation cannot be entered by choice unless it is active (SB.2.9 9.3.3, 11.8.1.3,
    /// 11.9.2.1).
    fn check_activation(&self, common: Ix, step: Ix) -> Result<(), Exception> {
        let prevents = self.activity(step).definition().constrained_choice.prevent_activation;
        if prevents && step != common && !self.state(step).active {
            return Err(Exception::Sb29_6);
        }
        Ok(())
    }

    /// Cases 4 and 5: everything that would be left must allow that (SB.2.9 10.3, 11.4.1).
    fn check_choice_exit(&self, current: Ix, common: Ix) -> Result<(), Exception> {
        let skip = usize::from(self.readings.choice_exit_of_clusters_only);
        let mut left = self.tree.path_up(current).skip(skip).take_while(|step| *step != common);
        if left.any(|step| !self.activity(step).definition().control.choice_exit) {
            return Err(Exception::Sb29_7);
        }
        Ok(())
    }

    /// Case 5: the innermost cluster with constrainChoice allows only its neighbours (SB.2.9 11.5). On a leaf it means nothing (SN
    /// 3.3.1; ADL's test case CM-07d depends on it).
    fn check_constraint(&self, current: Ix, common: Ix, target: Ix) -> Result<(), Exception> {
        let skip = usize::from(self.readings.choice_exit_of_clusters_only);
        let mut left = self.tree.path_up(current).skip(skip).take_while(|step| *step != common);
        let constrained = left.find(|step| self.constrains_choice(*step));
        let Some(constrained) = constrained else { return Ok(()) };
        let neighbour = self.choice_flow(constrained, self.direction(constrained, target).0);
        if target == constrained || self.tree.is_within(target, neighbour) {
            return Ok(());
        }
        Err(Exception::Sb29_8)
    }

    /// The activity is a cluster with constrainChoice.
    pub(crate) fn constrains_choice(&self, ix: Ix) -> bool {
        let activity = self.activity(ix);
        !activity.is_leaf() && activity.definition().constrained_choice.constrain_choice
    }

    /// Case 5: down to the target on another branch (SB.2.9 11.6 to 11.9).
    fn check_cousin(&self, current: Ix, common: Ix, target: Ix) -> Result<(), Exception> {
        if self.direction(current, target).0 == Direction::Forward
            || self.readings.choice_backward_can_be_stopped
        {
            return self.check_descent(common, target);
        }
        for step in self.tree.path_up(target).take_while(|step| *step != common) {
            self.check_activation(common, step)?;
        }
        Ok(())
    }

    /// Whether the target comes after or before an activity in the order in which children are available, and the offset of
    /// one step. Neither is above the other.
    pub(crate) fn direction(&self, from: Ix, target: Ix) -> (Direction, i64) {
        let common = self.tree.common_ancestor(from, target);
        let place = |ix: Ix| {
            let branch = self.tree.path_up(ix).take_while(|step| *step != common).last();
            branch.and_then(|branch| self.tracking.place(branch))
        };
        if place(target) >= place(from) { (Direction::Forward, 1) } else { (Direction::Backward, -1) }
    }
}
