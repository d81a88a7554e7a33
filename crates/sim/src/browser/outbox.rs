//! Follows `outbox.js`: every entry from the moment it arises until the server says that it is durable.

use super::batch::Line;
use super::device::{Device, Op};
use super::{Effect, Scene};

#[derive(Debug)]
pub(super) struct Outbox {
    page: u32,
    session: String,
    has_db: bool,
    has_local: bool,
    /// In order, without gaps.
    lines: Vec<Line>,
    /// Entries up to here are in IndexedDB.
    written: u64,
    is_leaving: bool,
    /// What the server has confirmed.
    pub(super) durable_to: u64,
}

impl Outbox {
    pub(super) fn open(page: u32, device: &Device) -> Self {
        let (has_db, has_local) = (device.has_db(), device.has_local());
        let (session, lines) = (String::new(), Vec::new());
        Self { page, session, has_db, has_local, lines, written: 0, is_leaving: false, durable_to: 0 }
    }

    pub(super) fn begin(&mut self, session: &str) {
        session.clone_into(&mut self.session);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn last_seq(&self) -> u64 {
        self.lines.last().map_or(self.durable_to, |line| line.seq)
    }

    /// Entries from `seq` on.
    pub(super) fn since(&self, seq: u64) -> &[Line] {
        let first = self.lines.first().map_or(0, |line| line.seq);
        let from = usize::try_from(seq.saturating_sub(first)).unwrap_or(usize::MAX);
        self.lines.get(from..).unwrap_or_default()
    }

    pub(super) fn add(&mut self, lines: &[Line], device: &mut Device, scene: &mut Scene<'_>) {
        self.lines.extend(lines.iter().cloned());
        if self.has_db {
            let (page, session) = (self.page, self.session.clone());
            scene.effects.push(Effect::Db(Op::Put { page, session, lines: lines.to_vec() }));
        }
        if self.is_leaving || !self.has_db {
            self.write_local(lines, device, scene);
        }
    }

    /// The server has everything up to `seq` on disk.
    pub(super) fn release(&mut self, seq: u64, device: &mut Device, scene: &mut Scene<'_>) {
        if seq <= self.durable_to {
            return;
        }
        self.durable_to = seq;
        self.lines.retain(|line| line.seq > seq);
        let session = self.session.clone();
        self.forget(&session, seq, device, scene);
    }

    /// Clears the device of a session's entries up to `seq`.
    pub(super) fn forget(&self, session: &str, seq: u64, device: &mut Device, scene: &mut Scene<'_>) {
        if self.has_db {
            scene.effects.push(Effect::Db(Op::Remove { session: session.to_owned(), to: seq }));
        }
        if self.has_local {
            device.remove_local(session, seq);
        }
    }

    /// The page is being closed: what IndexedDB has not confirmed goes to localStorage, now.
    pub(super) fn leave(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        self.is_leaving = true;
        let rest = self.since(self.written + 1).to_vec();
        self.write_local(&rest, device, scene);
    }

    /// IndexedDB has them.
    pub(super) fn wrote(&mut self, to: u64) {
        self.written = self.written.max(to);
    }

    /// IndexedDB is full, or was taken away.
    pub(super) fn db_failed(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        self.has_db = false;
        let rest = self.since(self.written + 1).to_vec();
        self.write_local(&rest, device, scene);
    }

    fn write_local(&mut self, lines: &[Line], device: &mut Device, scene: &mut Scene<'_>) {
        let Some((first, last)) = lines.first().zip(lines.last()) else { return };
        if !self.has_local {
            return;
        }
        self.has_local = device.put_local(&self.session, lines);
        if self.has_local {
            let session = self.session.clone();
            scene.effects.push(Effect::Kept { session, from: first.seq, to: last.seq });
        }
    }
}
