//! Follows `entry-db.js` and `entry-local.js`: what a device keeps of its pages' entries. IndexedDB works a little later than it
//! is told to, localStorage at once.

use std::collections::{BTreeMap, VecDeque};

use lyceum_attempt::Millis;

use super::batch::Line;

/// A browser on a device, for one registration: its storage and its clock.
#[derive(Debug)]
pub(crate) struct Device {
    /// IndexedDB; `None` where the browser gives none.
    db: Option<BTreeMap<(String, u64), String>>,
    /// What IndexedDB was told and has not done yet, in order.
    ops: VecDeque<Op>,
    /// localStorage; `None` where the browser gives none.
    local: Option<Vec<Run>>,
    /// Bytes that localStorage takes.
    room: usize,
    /// How wrong the clock is.
    pub(crate) skew: Millis,
    /// Whether it has a network.
    pub(crate) is_online: bool,
}

/// A write of IndexedDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Put { page: u32, session: String, lines: Vec<Line> },
    Remove { session: String, to: u64 },
}

/// One key of localStorage: a run of neighbours.
#[derive(Debug)]
struct Run {
    session: String,
    lines: Vec<Line>,
}

impl Device {
    pub(crate) fn new(has_db: bool, has_local: bool, room: usize, skew: Millis) -> Self {
        let local = has_local.then(Vec::new);
        Self { db: has_db.then(BTreeMap::new), ops: VecDeque::new(), local, room, skew, is_online: true }
    }

    pub(crate) fn has_db(&self) -> bool {
        self.db.is_some()
    }

    pub(crate) fn has_local(&self) -> bool {
        self.local.is_some()
    }

    pub(crate) fn wall(&self, now: Millis) -> Millis {
        now + self.skew
    }

    pub(crate) fn queue(&mut self, op: Op) {
        self.ops.push_back(op);
    }

    /// IndexedDB does the next thing it was told; answers which.
    pub(crate) fn step(&mut self) -> Option<Op> {
        let op = self.ops.pop_front()?;
        let db = self.db.as_mut()?;
        match &op {
            Op::Put { session, lines, .. } => {
                db.extend(lines.iter().map(|line| ((session.clone(), line.seq), line.text.clone())));
            }
            Op::Remove { session, to } => db.retain(|(of, seq), _| of != session || seq > to),
        }
        Some(op)
    }

    /// IndexedDB does not do the next thing, nor anything any more; answers what it did not do.
    pub(crate) fn fail(&mut self) -> Option<Op> {
        let op = self.ops.pop_front();
        self.ops.clear();
        op
    }

    /// The device loses its power: what IndexedDB has not done is not done.
    pub(crate) fn lose_power(&mut self) {
        self.ops.clear();
    }

    /// A page's process ends in the middle of its writes.
    pub(crate) fn lose_writes_of(&mut self, page: u32) {
        self.ops.retain(|op| !matches!(op, Op::Put { page: of, .. } if *of == page));
    }

    /// Writes a run to localStorage, now. False when it is full or gone.
    pub(super) fn put_local(&mut self, session: &str, lines: &[Line]) -> bool {
        let Some(runs) = &mut self.local else { return false };
        let size = |lines: &[Line]| lines.iter().map(|line| line.text.len() + 1).sum::<usize>();
        let used: usize = runs.iter().map(|run| size(&run.lines)).sum();
        if used + size(lines) > self.room {
            return false;
        }
        let ends =
            |lines: &[Line]| lines.first().zip(lines.last()).map(|(first, last)| (first.seq, last.seq));
        runs.retain(|run| run.session != session || ends(&run.lines) != ends(lines));
        runs.push(Run { session: session.to_owned(), lines: lines.to_vec() });
        true
    }

    /// Forgets runs of a session that end at or before `to`.
    pub(super) fn remove_local(&mut self, session: &str, to: u64) {
        if let Some(runs) = &mut self.local {
            runs.retain(|run| run.session != session || run.lines.last().is_some_and(|line| line.seq > to));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.db.as_ref().is_none_or(BTreeMap::is_empty) && self.local.as_ref().is_none_or(Vec::is_empty)
    }

    /// `Outbox.leftovers`: what is kept, by session, in order. A read waits for the writes before it.
    pub(super) fn leftovers(&mut self) -> Vec<(String, Vec<Line>)> {
        while self.step().is_some() {}
        let mut found: Vec<(String, Line)> = Vec::new();
        for ((session, seq), text) in self.db.iter().flatten() {
            found.push((session.clone(), Line { seq: *seq, text: text.clone() }));
        }
        for run in self.local.iter().flatten() {
            found.extend(run.lines.iter().map(|line| (run.session.clone(), line.clone())));
        }
        found.sort_by_key(|(_, line)| line.seq);
        let mut sessions: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for (session, line) in found {
            let lines = sessions.entry(session).or_default();
            if lines.last().is_none_or(|last| last.seq != line.seq) {
                lines.push(line);
            }
        }
        sessions.into_iter().collect()
    }
}
