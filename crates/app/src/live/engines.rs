//! The one state of an attempt, and the engines of its sessions that take turns in holding it.

use std::sync::Arc;

use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::Recorded;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_store::SessionId;

use crate::error::AppError;
use crate::limits::LIVE_ENGINES;

/// Nearly always there is one session and its engine holds the state. A second tab's engine gets a copy when its turn comes.
pub(crate) struct Engines {
    /// The engine that holds the state.
    front: Option<(SessionId, Engine)>,
    /// The state while no engine holds it.
    base: State,
    /// Engines of other sessions with states of earlier moments, the latest one first.
    resting: Vec<(SessionId, Engine)>,
}

impl Engines {
    pub(crate) fn new(state: State) -> Self {
        Self { front: None, base: state, resting: Vec::new() }
    }

    pub(crate) fn state(&self) -> &State {
        self.front.as_ref().map_or(&self.base, |(_, engine)| engine.state())
    }

    /// The session's engine, with the attempt's present state.
    pub(crate) fn of(
        &mut self,
        session: SessionId,
        plan: &Arc<Plan>,
        opening: impl FnOnce() -> Result<Opening, AppError>,
    ) -> Result<&mut Engine, AppError> {
        let engine = match self.front.take() {
            Some((id, engine)) if id == session => engine,
            before => {
                let resting = self.resting.iter().position(|(id, _)| *id == session);
                let rested = resting.map(|at| self.resting.remove(at).1);
                let state = self.release(before);
                match rested {
                    Some(mut engine) => {
                        engine.replace_state(state);
                        engine
                    }
                    None => Engine::open(Arc::clone(plan), opening()?, state),
                }
            }
        };
        Ok(&mut self.front.insert((session, engine)).1)
    }

    /// Takes the state from whoever held it; an engine rests with its own copy.
    fn release(&mut self, before: Option<(SessionId, Engine)>) -> State {
        let Some((id, engine)) = before else {
            let edition = self.base.edition();
            return std::mem::replace(&mut self.base, State::new(edition));
        };
        let state = engine.state().clone();
        self.resting.insert(0, (id, engine));
        self.resting.truncate(LIVE_ENGINES);
        state
    }

    /// Folds an entry in by its recorded outcome, past any engine.
    pub(crate) fn fold(&mut self, recorded: &Recorded, ordinal: u32) {
        match &mut self.front {
            None => self.base.apply(recorded, ordinal),
            Some((_, engine)) => {
                let mut state = engine.state().clone();
                state.apply(recorded, ordinal);
                engine.replace_state(state);
            }
        }
    }
}
