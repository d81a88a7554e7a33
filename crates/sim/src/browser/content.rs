//! The course's content and the learner in front of it: which call comes next. Values are all different, so that none can be
//! taken for another.

use lyceum_attempt::engine::Engine;

use crate::chance::Chance;

/// One thing that happens in the frame, or that the learner does with the player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Initialize,
    Set(String, String),
    /// A read; refused ones are journaled.
    Get(String),
    Commit,
    Terminate,
    /// A control of the player.
    Navigate(String),
    ReloadFrame,
    Hide,
    Show,
    /// The tab is closed, or the page loaded again.
    Close,
    /// The tab's process dies.
    Crash,
    /// The device's power goes.
    PowerLoss,
}

/// The present content, as far as it knows itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) is_initialized: bool,
    pub(super) is_terminated: bool,
    /// Seconds that it would report.
    pub(super) seconds: i64,
}

/// Names of the elements that differ between the editions.
pub(super) struct Words {
    is_2004: bool,
}

impl Words {
    pub(super) fn of(engine: &Engine) -> Self {
        Self { is_2004: engine.plan().sequencing.is_some() }
    }

    fn core(&self, name: &str) -> String {
        if self.is_2004 { format!("cmi.{name}") } else { format!("cmi.core.{name}") }
    }

    fn location(&self) -> String {
        if self.is_2004 { "cmi.location".to_owned() } else { "cmi.core.lesson_location".to_owned() }
    }

    pub(super) fn session_time(&self, seconds: i64) -> Move {
        let text = if self.is_2004 {
            format!("PT{seconds}S")
        } else {
            format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
        };
        Move::Set(self.core("session_time"), text)
    }

    pub(super) fn exit(&self, chance: &mut Chance) -> Move {
        let word = chance.pick(&["suspend", "suspend", "", if self.is_2004 { "normal" } else { "time-out" }]);
        Move::Set(self.core("exit"), word.to_owned())
    }

    fn status(&self, chance: &mut Chance) -> Move {
        if !self.is_2004 {
            let word = chance.pick(&["incomplete", "completed", "passed", "failed"]);
            return Move::Set("cmi.core.lesson_status".to_owned(), word.to_owned());
        }
        if chance.permille(500) {
            let word = chance.pick(&["incomplete", "completed"]);
            Move::Set("cmi.completion_status".to_owned(), word.to_owned())
        } else {
            Move::Set("cmi.success_status".to_owned(), chance.pick(&["passed", "failed"]).to_owned())
        }
    }

    fn score(&self, chance: &mut Chance) -> Move {
        if self.is_2004 {
            Move::Set("cmi.score.scaled".to_owned(), format!("0.{:02}", chance.below(100)))
        } else {
            // Some of them are refused.
            Move::Set("cmi.core.score.raw".to_owned(), chance.below(110).to_string())
        }
    }

    /// A record of a collection: the next one, or more about the last one.
    fn record(&self, engine: &mut Engine, chance: &mut Chance, now: i64) -> Move {
        let count: u64 = engine.get_value("cmi.interactions._count", now).value.parse().unwrap_or(0);
        if count == 0 || chance.permille(600) {
            return Move::Set(
                format!("cmi.interactions.{count}.id"),
                format!("q{}", chance.below(1_000_000)),
            );
        }
        let element = if self.is_2004 { "latency" } else { "result" };
        let value = if self.is_2004 {
            format!("PT{}S", chance.below(600))
        } else {
            chance.pick(&["correct", "wrong"]).to_owned()
        };
        Move::Set(format!("cmi.interactions.{}.{element}", count - 1), value)
    }

    /// Something that content sets.
    fn set(&self, engine: &mut Engine, chance: &mut Chance, now: i64, seconds: i64) -> Move {
        match chance.below(12) {
            0..=2 => Move::Set(self.location(), format!("page {}", chance.below(1_000_000))),
            3 | 4 => {
                // Some are too big for the last requests of a page.
                let length = if chance.permille(40) { 30_000 } else { chance.below(300) };
                let filling = "x".repeat(usize::try_from(length).unwrap_or(0));
                Move::Set("cmi.suspend_data".to_owned(), format!("{} {filling}", chance.below(1_000_000)))
            }
            5 => self.score(chance),
            6 => self.status(chance),
            7 => self.session_time(seconds),
            8 => self.exit(chance),
            9 => Move::Set(self.core("nonsense"), "x".to_owned()),
            _ => self.record(engine, chance, now),
        }
    }

    /// Where the learner wants to go.
    fn request(&self, engine: &Engine, chance: &mut Chance, leaves: bool) -> Move {
        let word = if leaves { chance.below(3) + 4 } else { chance.below(4) };
        let parts: Vec<&str> = engine.plan().launchable().map(|(_, part)| part.id.as_str()).collect();
        let request = match word {
            0 | 1 => "continue".to_owned(),
            2 => "previous".to_owned(),
            3 => format!("choice {}", chance.pick(&parts)),
            4 => "suspendAll".to_owned(),
            5 => "exit".to_owned(),
            _ => "exitAll".to_owned(),
        };
        Move::Navigate(request)
    }

    /// What happens next. `is_over`: the learner has had enough.
    pub(super) fn next(
        &self,
        content: &Content,
        engine: &mut Engine,
        chance: &mut Chance,
        now: i64,
        is_over: bool,
    ) -> Move {
        let several = !engine.plan().is_single();
        if is_over {
            return match chance.below(10) {
                0 | 1 if content.is_initialized && !content.is_terminated => Move::Terminate,
                0..=4 => self.request(engine, chance, true),
                5..=7 => Move::Close,
                8 => Move::Crash,
                _ => {
                    if chance.permille(300) {
                        Move::PowerLoss
                    } else {
                        Move::Crash
                    }
                }
            };
        }
        if engine.is_idle() {
            return if several { self.request(engine, chance, false) } else { Move::Close };
        }
        if !content.is_initialized {
            return if chance.permille(950) {
                Move::Initialize
            } else {
                Move::Get("cmi.nonsense".to_owned())
            };
        }
        if content.is_terminated {
            return match chance.below(4) {
                0 => Move::ReloadFrame,
                1 => Move::Set(self.location(), "too late".to_owned()),
                _ if several => self.request(engine, chance, false),
                _ => self.request(engine, chance, true),
            };
        }
        match chance.below(100) {
            0..=69 => self.set(engine, chance, now, content.seconds),
            70..=77 => Move::Commit,
            78..=80 => Move::Get(self.core(chance.pick(&["nonsense", "session_time", "entry"]))),
            81..=86 => Move::Terminate,
            87..=89 if several => self.request(engine, chance, false),
            90 | 91 => Move::ReloadFrame,
            92..=94 => Move::Hide,
            95..=97 => Move::Show,
            98 => Move::Crash,
            _ => Move::Commit,
        }
    }
}
