//! The course's calls and the player's, once a page plays.

use super::*;

impl Page {
    /// One call of the engine, and the way of its entries into the outbox.
    pub(super) fn call(
        &mut self,
        urgent: bool,
        device: &mut Device,
        scene: &mut Scene<'_>,
        run: impl FnOnce(&mut Engine, Millis),
    ) {
        let Some(play) = &mut self.play else { return };
        let now = play.clock.now(device.wall(scene.now));
        run(&mut play.engine, now);
        let lines: Vec<Line> = play
            .engine
            .take_entries()
            .iter()
            .map(|entry| Line {
                seq: entry.seq,
                text: serde_json::to_string(entry).expect("an entry serialises"),
            })
            .collect();
        if lines.is_empty() {
            return;
        }
        let is_leaving = play.is_leaving;
        scene.effects.push(Effect::Noted { session: play.session.clone(), lines: lines.clone() });
        self.outbox.add(&lines, device, scene);
        let Some((sync, mut beside)) = self.parts(device) else { return };
        sync.changed(urgent, beside.outbox, scene);
        if is_leaving {
            sync.hurry(true, &mut beside, scene);
        }
    }

    /// A call of the content.
    pub(super) fn content(&mut self, what: &Move, device: &mut Device, scene: &mut Scene<'_>) {
        let mut done = false;
        match what {
            Move::Initialize => {
                self.call(false, device, scene, |engine, now| done = engine.initialize("", now).error == 0);
                if let Some(play) = self.play.as_mut().filter(|_| done) {
                    play.content = Content { is_initialized: true, ..Content::default() };
                }
            }
            Move::Terminate => {
                self.call(true, device, scene, |engine, now| done = engine.terminate("", now).error == 0);
                if let Some(play) = self.play.as_mut().filter(|_| done) {
                    play.content.is_terminated = true;
                }
            }
            Move::Commit => self.call(true, device, scene, |engine, now| drop(engine.commit("", now))),
            Move::Set(element, value) => {
                self.call(false, device, scene, |engine, now| drop(engine.set_value(element, value, now)));
            }
            Move::Get(element) => {
                self.call(false, device, scene, |engine, now| drop(engine.get_value(element, now)));
            }
            _ => {}
        }
    }

    /// What content says when it is taken out of the frame.
    pub(super) fn unload(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        let Some(play) = &self.play else { return };
        let (content, words) = (play.content.clone(), Words::of(&play.engine));
        if content.is_initialized && !content.is_terminated && scene.chance.permille(500) {
            self.content(&words.session_time(content.seconds), device, scene);
            let exit = words.exit(scene.chance);
            self.content(&exit, device, scene);
            self.content(&Move::Terminate, device, scene);
        }
    }

    /// A navigation request; answers whether the visit has ended. `by_content`: it is decided before the content is out.
    pub(super) fn navigate(
        &mut self,
        request: &str,
        by_content: bool,
        device: &mut Device,
        scene: &mut Scene<'_>,
    ) -> bool {
        if !by_content {
            self.unload(device, scene);
        }
        let mut next = None;
        self.call(true, device, scene, |engine, now| next = Some(engine.navigate(request, now)));
        let Some(next) = next else { return false };
        if by_content && next.stay.is_some() {
            return false;
        }
        if by_content {
            self.unload(device, scene);
        }
        self.call(true, device, scene, |engine, now| engine.leave(now));
        if next.ended.is_some() {
            self.phase = Phase::Ended;
            if let Some(play) = &mut self.play {
                play.sync.rest();
            }
            return true;
        }
        if let Some(id) = next.deliver.or(next.stay) {
            self.deliver(&id, device, scene);
        }
        false
    }

    pub(super) fn deliver(&mut self, id: &str, device: &mut Device, scene: &mut Scene<'_>) {
        self.call(true, device, scene, |engine, now| {
            engine.deliver(id, now);
        });
        if let Some(play) = &mut self.play {
            play.content = Content::default();
        }
    }

    /// Another page plays now.
    pub(crate) fn stop_playing(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        if !self.is_playing() {
            return;
        }
        self.unload(device, scene);
        self.call(true, device, scene, |engine, now| engine.leave(now));
        self.phase = Phase::Ended;
        if let Some((sync, beside)) = self.parts(device) {
            sync.rest();
            sync.flush(beside.outbox, scene);
        }
    }

    /// `pagehide`: first the page's own, then the course's in the frame.
    pub(crate) fn close(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        let Some(play) = &mut self.play else { return };
        play.is_leaving = true;
        self.outbox.leave(device, scene);
        if let Some((sync, mut beside)) = self.parts(device) {
            sync.hurry(true, &mut beside, scene);
        }
        if self.is_playing() {
            self.unload(device, scene);
        }
    }

    /// The next thing that the learner or the content does.
    pub(crate) fn act(&mut self, seconds: i64, device: &mut Device, scene: &mut Scene<'_>) -> Deed {
        let Some(play) = self.play.as_mut().filter(|_| matches!(self.phase, Phase::Playing)) else {
            return Deed::Ended;
        };
        play.content.seconds += seconds;
        play.patience = play.patience.saturating_sub(1);
        let now = play.clock.now(device.wall(scene.now));
        let is_over = play.patience == 0;
        if self.is_brief {
            self.navigate("suspendAll", false, device, scene);
            return Deed::Ended;
        }
        let words = Words::of(&play.engine);
        let what = words.next(&play.content, &mut play.engine, scene.chance, now, is_over);
        scene.tell(shown(&what));
        match &what {
            Move::Navigate(request) => {
                if self.navigate(request, false, device, scene) {
                    return Deed::Ended;
                }
            }
            Move::ReloadFrame => {
                let id = play.engine.delivered().map(str::to_owned);
                self.unload(device, scene);
                self.call(true, device, scene, |engine, now| engine.leave(now));
                if let Some(id) = id {
                    self.deliver(&id, device, scene);
                }
            }
            Move::Terminate => return self.terminate(device, scene),
            Move::Hide => {
                if let Some((sync, mut beside)) = self.parts(device) {
                    sync.hurry(false, &mut beside, scene);
                }
            }
            Move::Show => {
                if let Some((sync, beside)) = self.parts(device) {
                    sync.stay(beside.outbox, scene);
                }
            }
            Move::Close => {
                self.close(device, scene);
                return Deed::Closed;
            }
            Move::Crash => return Deed::Crashed,
            Move::PowerLoss => return Deed::PowerLoss,
            Move::Initialize | Move::Set(..) | Move::Get(_) | Move::Commit => {
                self.content(&what, device, scene);
            }
        }
        Deed::Done
    }

    pub(super) fn terminate(&mut self, device: &mut Device, scene: &mut Scene<'_>) -> Deed {
        let Some(play) = &self.play else { return Deed::Ended };
        let (seconds, words) = (play.content.seconds, Words::of(&play.engine));
        if scene.chance.permille(700) {
            self.content(&words.session_time(seconds), device, scene);
        }
        if scene.chance.permille(150) {
            self.content(&Move::Set("adl.nav.request".to_owned(), "continue".to_owned()), device, scene);
        }
        self.content(&Move::Terminate, device, scene);
        let request = self.play.as_ref().and_then(|play| play.engine.pending_navigation());
        match request {
            Some(request) if self.navigate(&request, true, device, scene) => Deed::Ended,
            _ => Deed::Done,
        }
    }
}

/// For the story: values at most so long.
fn shown(what: &Move) -> String {
    match what {
        Move::Set(element, value) => {
            format!("set {element} = {}", value.chars().take(20).collect::<String>())
        }
        other => format!("{other:?}"),
    }
}
