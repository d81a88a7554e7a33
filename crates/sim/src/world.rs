//! The simulated world: one queue of events, one clock, and everything that happens at each event.

mod doors;
mod people;
mod servers;
mod staff;

use std::collections::BTreeMap;
use std::sync::Arc;

use lyceum_app::{Clock as _, CommitRequest, NewLearner};
use lyceum_attempt::Millis;
use lyceum_testkit::FixedClock;

use crate::browser::{Alarm, Deed, Device, Effect, Failure, Op, Outcome, Page, Purpose, Scene};
use crate::caller::Caller;
use crate::chance::Chance;
use crate::course::Template;
use crate::site::{Asked, Said, Site};
use crate::story::Story;
use crate::trouble::{Harm, STEPS};
use crate::truth::{Learner, Truth};
use crate::weather::{DAY, HOUR, MINUTE, SECOND, Weather};
use crate::{Counts, Violation};

/// `TIMEOUT_MS` of `http.js`.
const TIMEOUT: Millis = 30 * SECOND;
/// How often a server looks for sessions whose page vanished. Rarer than in truth: nothing depends on how often.
const JOBS: Millis = 5 * MINUTE;
/// Events after which a run is taken for one that does not end.
const MOST_EVENTS: u32 = 60_000;

/// What happens at a moment.
enum Event {
    /// A learner opens the course; on this device, where it is said.
    Visit(usize),
    /// The learner, or the content, does the next thing.
    Act(u32, u32),
    Alarm(u32, Alarm),
    /// IndexedDB of a device does the next thing.
    Db(usize),
    Close(u32),
    /// A request reaches a server; a second time, perhaps.
    Arrive(u64),
    /// An answer reaches the page, or the page knows that there will be none.
    Answer(u64, Outcome),
    Online(usize),
    Start(usize),
    Stop(usize),
    Outage(Millis),
    Back,
    Jobs(usize),
    /// A caller without our player does the next thing.
    Caller(usize),
    /// It sends a message, unless that has its answer.
    Knock(usize, usize),
    /// A message of it reaches a server.
    AtDoor(usize, usize),
    /// An answer reaches it.
    FromDoor(usize, usize, Said),
    Replay(usize, Millis),
}

/// A request on its way.
#[derive(Clone)]
struct Request {
    page: u32,
    learner: usize,
    token: String,
    purpose: Purpose,
    asked: Asked,
    outlives: bool,
}

pub(crate) struct World {
    now: Millis,
    events: BTreeMap<(Millis, u64), Event>,
    next_event: u64,
    next_request: u64,
    next_page: u32,
    chance: Chance,
    weather: Weather,
    clock: Arc<FixedClock>,
    pub(crate) site: Site,
    pub(crate) truth: Truth,
    devices: Vec<Device>,
    pages: BTreeMap<u32, Page>,
    pub(crate) callers: Vec<Caller>,
    requests: BTreeMap<u64, Request>,
    /// When something last happened that may leave work for the jobs.
    stirred: Millis,
    jobs_are_due: Vec<bool>,
    pub(crate) story: Story,
    pub(crate) counts: Counts,
    pub(crate) violations: Vec<Violation>,
}

impl World {
    pub(crate) async fn new(seed: u64, is_told: bool) -> Self {
        let mut chance = Chance::new(seed ^ 0x51D_C0DE);
        let weather = Weather::of(&mut chance);
        let clock = Arc::new(FixedClock::default());
        let servers = if chance.permille(300) { 2 } else { 1 };
        let site = Site::new(Arc::clone(&clock), seed, servers);
        let now = clock.now();
        let mut world = Self {
            now,
            events: BTreeMap::new(),
            next_event: 0,
            next_request: 0,
            next_page: 0,
            chance,
            weather,
            clock,
            site,
            truth: Truth::default(),
            devices: Vec::new(),
            pages: BTreeMap::new(),
            callers: Vec::new(),
            requests: BTreeMap::new(),
            stirred: now,
            jobs_are_due: vec![false; servers],
            story: Story::new(now, is_told),
            counts: Counts::default(),
            violations: Vec::new(),
        };
        world.tell(&format!("{servers} server(s), {weather:?}"));
        world.people().await;
        world
    }

    pub(crate) fn tell(&mut self, what: &str) {
        self.story.tell(self.now, what);
    }

    fn after(&mut self, wait: Millis, event: Event) {
        self.next_event += 1;
        self.events.insert((self.now + wait, self.next_event), event);
    }

    /// Runs until everybody is done and nothing is left on the way.
    pub(crate) async fn run(&mut self) {
        self.until_quiet().await;
        self.heal().await;
        for _ in 0..4 {
            let waiting: Vec<usize> =
                (0..self.devices.len()).filter(|n| !self.devices[*n].is_empty()).collect();
            if waiting.is_empty() {
                break;
            }
            for device in waiting {
                let owner = self.truth.learners.iter().position(|of| of.devices.contains(&device));
                self.load(owner.unwrap_or(0), device, true);
            }
            self.until_quiet().await;
        }
        let left = self.devices.iter().filter(|device| !device.is_empty()).count();
        if left > 0 {
            self.violate("settles", format!("{left} device(s) still hold entries although everything works"));
        }
    }

    /// From now on everything works.
    async fn heal(&mut self) {
        self.tell("everything works from now on");
        self.weather = Weather::default();
        self.database(false);
        for n in 0..self.site.count() {
            self.start(n);
        }
        self.devices.iter_mut().for_each(|device| device.is_online = true);
        self.until_quiet().await;
    }

    /// Time passes with nothing happening; answers what time it is then.
    pub(crate) fn pass(&mut self, time: Millis) -> Millis {
        self.go_to(self.now + time);
        self.now
    }

    pub(crate) fn violate(&mut self, invariant: &'static str, what: String) {
        self.tell(&format!("VIOLATION {invariant}: {what}"));
        self.violations.push(Violation { invariant, what });
    }

    async fn until_quiet(&mut self) {
        let mut events = 0;
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.go_to(at);
            self.happen(event).await;
            events += 1;
            if events > MOST_EVENTS {
                self.violate("settles", "the run does not come to its end".to_owned());
                self.events.clear();
            }
        }
    }

    fn go_to(&mut self, at: Millis) {
        if at > self.now {
            self.clock.advance(at - self.now);
            self.now = at;
        }
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::Visit(learner) => self.visit(learner),
            Event::Act(page, waited) => self.act(page, waited),
            Event::Alarm(page, alarm) => {
                self.scene(page, |page, device, scene| page.wake(alarm, device, scene));
            }
            Event::Db(device) => self.db(device),
            Event::Close(page) => self.close(page),
            Event::Arrive(id) => self.arrive(id).await,
            Event::Answer(id, outcome) => self.answer(id, &outcome),
            Event::Online(device) => self.online(device),
            Event::Start(n) => self.start(n),
            Event::Stop(n) => self.stop(n).await,
            Event::Outage(long) => {
                self.counts.outages += 1;
                self.database(true);
                self.after(long, Event::Back);
            }
            Event::Back => self.database(false),
            Event::Jobs(n) => self.jobs(n).await,
            Event::Caller(n) => self.call(n),
            Event::Knock(n, message) => self.knock(n, message),
            Event::AtDoor(n, message) => self.at_door(n, message).await,
            Event::FromDoor(n, message, said) => self.answered_at_door(n, message, &said),
            Event::Replay(n, wait) => self.replay(n, wait).await,
        }
    }

    /// Lets a page do something, and carries out what it wants.
    fn scene(&mut self, id: u32, play: impl FnOnce(&mut Page, &mut Device, &mut Scene<'_>)) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        let mut scene = Scene {
            now: self.now,
            chance: &mut self.chance,
            effects: Vec::new(),
            next_request: &mut self.next_request,
        };
        play(page, &mut self.devices[page.device], &mut scene);
        let effects = scene.effects;
        self.effects(id, effects);
    }

    fn effects(&mut self, id: u32, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send { id: request, purpose, asked, outlives } => {
                    self.send(request, id, purpose, asked, outlives);
                }
                Effect::Wake(at, alarm) => self.after(at - self.now, Event::Alarm(id, alarm)),
                Effect::Db(op) => {
                    let device = self.pages[&id].device;
                    self.devices[device].queue(op);
                    let wait = self.chance.between(0, 30);
                    self.after(wait, Event::Db(device));
                }
                Effect::Noted { session, lines } => self.truth.noted(&session, &lines),
                Effect::Kept { session, from, to } => self.truth.kept(&session, from..=to),
                Effect::Tell(what) => self.tell(&format!("page {id}: {what}")),
            }
        }
    }

    fn db(&mut self, device: usize) {
        let fails = self.chance.permille(self.weather.fails_storage);
        match if fails { self.devices[device].fail() } else { self.devices[device].step() } {
            Some(Op::Put { page, .. }) if fails => {
                self.tell(&format!("the storage of device {device} fails"));
                self.scene(page, Page::db_failed);
            }
            Some(Op::Put { page, session, lines }) => {
                self.truth.kept(&session, lines.iter().map(|line| line.seq));
                if let Some((page, last)) = self.pages.get_mut(&page).zip(lines.last()) {
                    page.wrote(last.seq);
                }
            }
            Some(Op::Remove { .. }) | None => {}
        }
    }

    fn send(&mut self, id: u64, page: u32, purpose: Purpose, asked: Asked, outlives: bool) {
        let of = &self.pages[&page];
        let (learner, device, token) = (of.learner, of.device, of.token.clone());
        self.requests.insert(id, Request { page, learner, token, purpose, asked, outlives });
        self.after(TIMEOUT, Event::Answer(id, Err(Failure::Unreachable)));
        if !self.devices[device].is_online {
            self.after(1, Event::Answer(id, Err(Failure::Unreachable)));
            return;
        }
        if self.chance.permille(self.weather.loses) {
            self.counts.lost += 1;
            self.tell(&format!("request {id} of page {page} is lost"));
            return;
        }
        let wait = self.weather.travel(&mut self.chance);
        self.after(wait, Event::Arrive(id));
        if self.chance.permille(self.weather.doubles) {
            self.counts.doubled += 1;
            let wait = self.weather.travel(&mut self.chance) * 3;
            self.after(wait, Event::Arrive(id));
        }
    }

    fn answer(&mut self, id: u64, outcome: &Outcome) {
        let Some(request) = self.requests.get(&id) else { return };
        let (page, purpose) = (request.page, request.purpose.clone());
        // The request itself may still arrive, late or for the second time; the page has its answer.
        if let Some(request) = self.requests.get_mut(&id) {
            if request.page == 0 {
                return;
            }
            request.page = 0;
        }
        self.scene(page, |page, device, scene| page.outcome(&purpose, outcome, device, scene));
    }
}
