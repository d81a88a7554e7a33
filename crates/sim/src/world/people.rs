//! What people do: they come, play, lose their tabs, their power and their network, and come back.

use super::*;
use crate::course::Course;

impl World {
    /// Learners with their devices, registered; and what will befall the servers anyway.
    pub(super) async fn people(&mut self) {
        for n in 0..1 + self.chance.index(3) {
            let mut devices = Vec::new();
            for _ in 0..if self.chance.permille(300) { 2 } else { 1 } {
                let (has_db, has_local) = (self.chance.permille(900), self.chance.permille(900));
                let room = if self.chance.permille(100) { 3_000 } else { 5_000_000 };
                let skew = if self.chance.permille(300) { self.chance.between(-2 * DAY, 2 * DAY) } else { 0 };
                devices.push(self.devices.len());
                self.devices.push(Device::new(has_db, has_local, room, skew));
            }
            let visits_left = 2 + u32::try_from(self.chance.below(3)).unwrap_or(0);
            let course = self.learner(n, devices, visits_left).await;
            if self.chance.permille(150) {
                self.rule(course).await;
            }
            self.after(0, Event::Visit(n));
        }
        if self.chance.permille(300) {
            self.caller().await;
        }
        for _ in 0..if self.chance.permille(400) { 1 + self.chance.below(3) } else { 0 } {
            let (at, long) = (self.chance.between(0, HOUR), self.chance.between(SECOND, 40 * MINUTE));
            self.after(at, Event::Outage(long));
        }
        for _ in 0..if self.weather.stops > 0 { self.chance.below(3) } else { 0 } {
            let (at, n) = (self.chance.between(0, HOUR), self.chance.index(self.site.count()));
            self.after(at, Event::Stop(n));
        }
    }

    /// Registers a learner on some course.
    pub(super) async fn learner(&mut self, n: usize, devices: Vec<usize>, visits_left: u32) -> Course {
        let course = Template::get().courses[self.chance.index(4)];
        let learner = NewLearner { id: format!("learner {n}"), name: None };
        let registered = self.site.app(0).register(course.tenant, course.id, learner).await;
        self.tell(&format!("learner {n} on {}, {} device(s)", course.name, devices.len()));
        self.truth.learners.push(Learner {
            tenant: course.tenant,
            registration: registered.expect("registers").registration,
            course,
            devices,
            has_caller: false,
            visits_left,
            corrections: Vec::new(),
            left: Vec::new(),
        });
        course
    }

    /// A launch of this course begins another attempt once one is completed.
    async fn rule(&mut self, course: Course) {
        let change = [("new_attempt".to_owned(), "WHEN_EXISTING_REG_IS_COMPLETE".to_owned())];
        let changed = self.site.app(0).change_course_settings(course.tenant, course.id, &change).await;
        changed.expect("the setting is one that there is");
        self.tell(&format!("{} begins anew once it is completed", course.name));
    }

    pub(super) fn visit(&mut self, learner: usize) {
        let of = &mut self.truth.learners[learner];
        if of.visits_left == 0 {
            return;
        }
        of.visits_left -= 1;
        let device =
            of.devices[if self.chance.permille(700) { 0 } else { self.chance.index(of.devices.len()) }];
        if self.chance.permille(self.weather.sets_clocks) {
            let skew = self.chance.between(-3 * HOUR, 3 * HOUR);
            self.devices[device].skew = skew;
            self.tell(&format!("the clock of device {device} is set to {skew} ms off"));
        }
        // `tabs.js`: where another page of this browser plays, it is asked to yield.
        let other =
            self.pages.values().find(|page| page.device == device && page.is_playing()).map(|page| page.id);
        if let Some(other) = other {
            self.tell(&format!("page {other} is taken over"));
            self.counts.taken_over += 1;
            self.scene(other, Page::stop_playing);
            self.after(30 * SECOND, Event::Close(other));
        }
        self.load(learner, device, false);
        if self.chance.permille(self.weather.overlaps) {
            let wait = self.chance.between(SECOND, 5 * MINUTE);
            self.after(wait, Event::Visit(learner));
        }
    }

    pub(super) fn load(&mut self, learner: usize, device: usize, is_brief: bool) {
        self.next_page += 1;
        let id = self.next_page;
        self.tell(&format!("learner {learner} opens page {id} on device {device}"));
        let mut scene = Scene {
            now: self.now,
            chance: &mut self.chance,
            effects: Vec::new(),
            next_request: &mut self.next_request,
        };
        let page = Page::load(id, (learner, device), &self.devices[device], is_brief, &mut scene);
        let effects = scene.effects;
        self.pages.insert(id, page);
        self.effects(id, effects);
        self.after(SECOND, Event::Act(id, 0));
    }

    pub(super) fn act(&mut self, id: u32, waited: u32) {
        const PATIENCE: u32 = 60;
        let Some(page) = self.pages.get(&id) else { return };
        if !page.is_playing() {
            // Not yet, or not any more.
            if page.is_failed() || waited > PATIENCE && page.session().is_none() {
                self.tell(&format!("page {id} is given up"));
                self.close(id);
            } else if page.session().is_none() {
                self.after(10 * SECOND, Event::Act(id, waited + 1));
            } else {
                let wait = self.chance.between(100, MINUTE);
                self.after(wait, Event::Close(id));
            }
            return;
        }
        let seconds =
            if self.chance.permille(15) { self.chance.between(60, 600) } else { self.chance.between(0, 20) };
        let mut deed = Deed::Done;
        self.scene(id, |page, device, scene| deed = page.act(seconds, device, scene));
        match deed {
            Deed::Done => self.after(seconds * SECOND + 50, Event::Act(id, 0)),
            Deed::Ended => self.act(id, 0),
            Deed::Closed => self.gone(id),
            Deed::Crashed => {
                self.counts.crashed_tabs += 1;
                // What was given to IndexedDB has left the process, mostly.
                if self.chance.permille(200) {
                    let device = self.pages[&id].device;
                    self.devices[device].lose_writes_of(id);
                }
                self.gone(id);
            }
            Deed::PowerLoss => self.power_loss(id),
        }
        if self.chance.permille(8) && self.weather.loses > 0 {
            self.offline(id);
        }
    }

    pub(super) fn power_loss(&mut self, id: u32) {
        self.counts.crashed_tabs += 1;
        let device = self.pages[&id].device;
        self.devices[device].lose_power();
        let all: Vec<u32> =
            self.pages.values().filter(|page| page.device == device).map(|page| page.id).collect();
        all.into_iter().for_each(|page| self.gone(page));
    }

    pub(super) fn offline(&mut self, page: u32) {
        let Some(device) = self.pages.get(&page).map(|page| page.device) else { return };
        self.devices[device].is_online = false;
        self.tell(&format!("device {device} has no network"));
        let wait = self.chance.between(SECOND, 30 * MINUTE);
        self.after(wait, Event::Online(device));
    }

    pub(super) fn online(&mut self, device: usize) {
        self.devices[device].is_online = true;
        self.tell(&format!("device {device} has a network"));
        let all: Vec<u32> =
            self.pages.values().filter(|page| page.device == device).map(|page| page.id).collect();
        all.into_iter().for_each(|page| self.scene(page, Page::online));
    }

    pub(super) fn close(&mut self, id: u32) {
        let Some(page) = self.pages.get(&id) else { return };
        let is_calm = self.weather.loses + self.weather.stops == 0;
        // At the end everybody waits until everything is saved.
        if is_calm && !page.is_saved() && page.session().is_some() && !self.site.is_away() {
            self.after(10 * SECOND, Event::Close(id));
            return;
        }
        self.scene(id, Page::close);
        self.gone(id);
    }

    /// The page is not there any more. The learner comes back.
    pub(super) fn gone(&mut self, id: u32) {
        let Some(page) = self.pages.remove(&id) else { return };
        self.tell(&format!("page {id} is gone"));
        let wait = Weather::pause(&mut self.chance);
        self.after(wait, Event::Visit(page.learner));
    }
}
