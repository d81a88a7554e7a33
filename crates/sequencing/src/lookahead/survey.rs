use alloc::{vec, vec::Vec};

use crate::{
    tree::{Ix, Tree},
    view::View,
};

/// What the processes want to know about every available activity, found out once.
pub(super) struct Survey {
    /// The available activities, each cluster before its children.
    order: Vec<Ix>,
    facts: Vec<Facts>,
}

/// Facts about one activity.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts {
    /// It or a cluster around it is hidden from choice.
    pub(super) hidden: bool,
    /// It or a cluster around it is disabled or over its limit.
    pub(super) blocked: bool,
    /// A rule stops forward traversal at it.
    pub(super) stops: bool,
    /// It cannot be entered by choice: `preventActivation`, and it is not active.
    pub(super) closed: bool,
    /// The leaf at which flow ends that comes to it going forward, see [`View::flow_activity`].
    pub(super) landing: Option<Ix>,
}

impl Survey {
    pub(super) fn order(&self) -> &[Ix] {
        &self.order
    }

    pub(super) fn facts(&self, ix: Ix) -> &Facts {
        &self.facts[ix.index()]
    }

    /// Place in the order plus one, per activity of the tree.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places = vec![0; self.facts.len()];
        for (place, ix) in (1..).zip(&self.order) {
            places[ix.index()] = place;
        }
        places
    }
}

impl View<'_> {
    /// Looks at every available activity.
    pub(super) fn survey(&self) -> Survey {
        let order = self.available_activities();
        let mut facts = vec![Facts::default(); self.tree.len()];
        for ix in &order {
            let around = self.parent(*ix).map(|parent| facts[parent.index()]).unwrap_or_default();
            let prevents = self.tree.brief(*ix).prevents_activation;
            facts[ix.index()] = Facts {
                hidden: around.hidden || self.is_hidden_from_choice(*ix),
                blocked: self.is_blocked(*ix),
                stops: self.stops_forward_traversal(*ix),
                closed: prevents && !self.state(*ix).active,
                landing: None,
            };
        }
        self.find_landings(&order, &mut facts);
        spread_blocks(self.tree, &order, &mut facts);
        Survey { order, facts }
    }

    fn available_activities(&self) -> Vec<Ix> {
        let mut order = Vec::with_capacity(self.tree.len());
        let mut waiting = vec![Ix::ROOT];
        while let Some(ix) = waiting.pop() {
            order.push(ix);
            waiting.extend(self.children(ix).iter().rev());
        }
        order
    }

    /// Flow going forward only ever looks further ahead, so the last activity comes first.
    fn find_landings(&self, order: &[Ix], facts: &mut [Facts]) {
        for ix in order.iter().rev() {
            let flows = self.parent(*ix).is_some_and(|parent| self.tree.brief(parent).flow);
            let landing = if !flows {
                None
            } else if self.is_skipped(*ix) {
                self.next_outside(*ix).and_then(|next| facts[next.index()].landing)
            } else if facts[ix.index()].blocked {
                None
            } else if self.tree.brief(*ix).leaf {
                Some(*ix)
            } else {
                self.children(*ix).first().and_then(|first| facts[first.index()].landing)
            };
            facts[ix.index()].landing = landing;
        }
    }
}

/// Until here, `blocked` is about the activity alone.
fn spread_blocks(tree: &Tree, order: &[Ix], facts: &mut [Facts]) {
    for ix in order {
        let parent = tree.brief(*ix).parent;
        facts[ix.index()].blocked |= parent.is_some_and(|parent| facts[parent.index()].blocked);
    }
}
