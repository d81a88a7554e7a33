//! How bad the world of a seed is.

use lyceum_attempt::Millis;

use crate::chance::Chance;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// In so many of a thousand cases.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weather {
    /// A request or an answer is lost.
    pub(crate) loses: u64,
    /// A request arrives twice.
    pub(crate) doubles: u64,
    /// A request or an answer is late by seconds to hours.
    pub(crate) delays: u64,
    /// A server stops at a step of a request.
    pub(crate) stops: u64,
    /// A step of a request fails.
    pub(crate) fails: u64,
    /// A device's clock is set, before a visit.
    pub(crate) sets_clocks: u64,
    /// A device's IndexedDB fails, at a write.
    pub(crate) fails_storage: u64,
    /// Another page of the same learner is opened while one plays.
    pub(crate) overlaps: u64,
    /// Somebody tries another learner's session.
    pub(crate) attacks: u64,
    /// Somebody corrects the attempt of the learner whose request has just been served.
    pub(crate) corrects: u64,
    /// Somebody begins another attempt for that learner.
    pub(crate) resets: u64,
}

impl Weather {
    /// Some seeds have one kind of trouble, most have several; a few none at all.
    pub(crate) fn of(chance: &mut Chance) -> Self {
        let mut some =
            |strengths: [u64; 2]| if chance.permille(550) { strengths[chance.index(2)] } else { 0 };
        Self {
            loses: some([30, 150]),
            doubles: some([30, 150]),
            delays: some([30, 100]),
            stops: some([10, 40]),
            fails: some([20, 80]),
            sets_clocks: some([200, 700]),
            fails_storage: some([5, 30]),
            overlaps: some([150, 500]),
            attacks: some([10, 30]),
            corrects: some([5, 20]),
            resets: some([3, 10]),
        }
    }

    /// How long a request or an answer is on its way.
    pub(crate) fn travel(&self, chance: &mut Chance) -> Millis {
        if !chance.permille(self.delays) {
            return chance.between(5, 250);
        }
        match chance.below(10) {
            0 => chance.between(MINUTE, 3 * HOUR),
            1..=3 => chance.between(5 * SECOND, 2 * MINUTE),
            _ => chance.between(250, 5 * SECOND),
        }
    }

    /// How long until a learner comes back.
    pub(crate) fn pause(chance: &mut Chance) -> Millis {
        match chance.below(10) {
            0..=3 => chance.between(200, 20 * SECOND),
            4..=6 => chance.between(MINUTE, 2 * HOUR),
            _ => chance.between(6 * HOUR, 2 * DAY),
        }
    }
}
