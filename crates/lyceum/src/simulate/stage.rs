//! Carrying out commands on the engine.

use std::sync::Arc;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_cmi::Flags;

use super::answer::{Answer, Return};
use super::command::Command;
use super::place;
use super::sequence::Sequence;
use super::standing::Standing;

/// One learner's session on a course, without a browser. The clock stands.
pub(crate) struct Stage {
    engine: Engine,
    now: Millis,
    /// Answers tell the decisions on the way.
    traces: bool,
}

impl Stage {
    /// A session that begins, with nothing open.
    pub(crate) fn new(plan: Arc<Plan>, opening: Opening, traces: bool) -> Self {
        let (now, state) = (opening.opened_at, State::new(plan.edition));
        Self { engine: Engine::open(plan, opening, state), now, traces }
    }

    /// Carries out a line; `None` where nothing is to be answered.
    pub(crate) fn answer(&mut self, line: &str) -> Option<Answer> {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let answer = match Command::parse(line) {
            Ok(None) => return None,
            Ok(Some(command)) => self.perform(command),
            Err(error) => Err(error),
        };
        Some(answer.unwrap_or_else(Answer::wrong))
    }

    fn perform(&mut self, command: Command) -> Result<Answer, String> {
        match command {
            Command::Launch(item) => self.launch(&item),
            Command::State => {
                let of = Return::new("", self.engine.last_error());
                Ok(Answer::State { of, standing: Box::new(Standing::of(&self.engine)) })
            }
            Command::Navigate(request) => Ok(Answer::Navigated { seq: Box::new(self.navigate(&request)) }),
            Command::Terminate(argument) => self.terminate(argument),
            call => self.call(call).map(Answer::Call),
        }
    }

    /// A request of the learner or of the content, and the delivery it leads to.
    fn navigate(&mut self, request: &str) -> Sequence {
        self.engine.take_entries();
        let navigated = self.engine.navigate(request, self.now);
        let entry = self.engine.take_entries().pop();
        if navigated.stay.is_none() {
            self.engine.leave(self.now);
        }
        if let Some(next) = &navigated.deliver {
            self.engine.deliver(next, self.now);
        }
        Sequence::of(&mut self.engine, entry.as_ref(), self.now, self.traces)
    }

    fn terminate(&mut self, argument: String) -> Result<Answer, String> {
        let of = self.call(Command::Terminate(argument))?;
        let asked = if of.err == 0 { self.engine.pending_navigation() } else { None };
        Ok(match asked {
            None => Answer::Call(of),
            Some(request) => {
                let nav = request.splitn(2, ' ').map(str::to_owned).collect();
                Answer::Terminated { of, nav, seq: Box::new(self.navigate(&request)) }
            }
        })
    }

    /// A call of the API. The first one opens the first item.
    fn call(&mut self, call: Command) -> Result<Return, String> {
        self.open_first()?;
        let now = self.now;
        self.engine.take_entries();
        let told = |ret: String, engine: &Engine| Ok(Return::new(ret, engine.last_error()));
        let engine = &mut self.engine;
        let reply = match call {
            Command::Initialize(argument) => engine.initialize(&argument, now),
            Command::Terminate(argument) => engine.terminate(&argument, now),
            Command::Commit(argument) => engine.commit(&argument, now),
            Command::Get(element) => engine.get_value(&resolved(engine, &element)?, now),
            Command::Set(element, value) => engine.set_value(&resolved(engine, &element)?, &value, now),
            Command::LastError => return told(engine.last_error().to_string(), engine),
            Command::ErrorString(code) => return told(engine.error_string(&code), engine),
            Command::Diagnostic(code) => return told(engine.diagnostic(&code), engine),
            Command::Launch(_) | Command::Navigate(_) | Command::State => {
                return Err("this is no call of the API".to_owned());
            }
        };
        let recorded = engine.take_entries();
        let flags = recorded.last().map_or(Flags::NONE, |entry| Flags::from_bits(entry.flags));
        Ok(Return { flags: flags.names().collect(), ..reply.into() })
    }

    fn open_first(&mut self) -> Result<(), String> {
        if !self.engine.is_idle() || self.engine.ended().is_some() {
            return Ok(());
        }
        let navigated = self.engine.navigate("start", self.now);
        let first = match navigated.deliver {
            Some(first) => first,
            // A course without flow begins with the learner's choice.
            None => self.choose_first().ok_or_else(|| navigated.error.unwrap_or_default())?,
        };
        self.engine.deliver(&first, self.now);
        Ok(())
    }

    fn choose_first(&mut self) -> Option<String> {
        let contents = self.engine.toc(self.now);
        let open = contents.iter().find(|line| line.visible && !line.disabled)?;
        self.engine.navigate(&format!("choice {}", open.id), self.now).deliver
    }

    fn launch(&mut self, item: &str) -> Result<Answer, String> {
        let plan = self.engine.plan();
        let launches = plan.launchable().map(|(_, activity)| activity.id.as_str()).collect::<Vec<_>>();
        if !launches.contains(&item) {
            let known = launches.join(", ");
            return Err(format!("there is no item \"{item}\" that launches something; there are: {known}"));
        }
        let done = self.engine.deliver(item, self.now);
        let entry = self.engine.state().activity(item).and_then(|activity| activity.visits().last());
        Ok(Answer::Launched {
            of: Return::new(done.to_string(), self.engine.last_error()),
            delivered: item.to_owned(),
            entry: entry.map(|visit| visit.entry.clone()).unwrap_or_default(),
        })
    }
}

/// `{ID}` by what is stored for the open item.
fn resolved(engine: &Engine, element: &str) -> Result<String, String> {
    let open = engine.delivered().and_then(|id| engine.state().activity(id));
    open.map_or_else(|| Ok(element.to_owned()), |activity| place::resolve(element, activity.model()))
}
