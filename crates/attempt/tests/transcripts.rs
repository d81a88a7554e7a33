//! Plays the transcripts beside this file: learners' browsers and the server, from the first call to the folded state.
//!
//! One command a line; `#` begins a comment. `N>` names the browser session that acts.
//!
//! | command | does |
//! |---|---|
//! | `course EDITION` | begins a course: `1.2`, `2004-2`, `2004-3`, `2004-4` |
//! | `activity ID sco\|asset [mastery=N] [threshold=N] [passing=N] [in=PARENT] [after=SCRIPT] [max=TIME] [action=WORDS]` | adds an activity; `cluster` launches nothing |
//! | `setting NAME VALUE` | changes a setting of the course for the sessions opened from now on |
//! | `rules ID JSON` | a sequencing definition; with the first one the course has rules |
//! | `wait MS` | time passes |
//! | `open N` | the server opens session N on what it holds |
//! | `N> start`, `continue`, `previous`, `choice ID`, `exit`, `suspendAll` | navigates and delivers |
//! | `N> init`, `term`, `commit`, `set E V`, `get E`, `leave` | acts; ` = VALUE` after `get`, ` ! ERROR` after any compares |
//! | `N> left = MS`, `N> timeout = ACTION` | compares the time that is left (`-` for no limit); takes the content out because it is used up |
//! | `N> offers = WORDS` | compares what can be pressed and, after a `:`, what can be chosen |
//! | `N> send` | the entries reach the server, which does them again |
//! | `restart` | the server forgets its engines and folds its journal anew |
//! | `value ACTIVITY E = V` | compares the server's state |
//! | `status [ACTIVITY] = COMPLETION SUCCESS SCALED` | compares the rollup (`-` for no score) |
//! | `time [ACTIVITY] = HUNDREDTHS` | compares the counted time |
//! | `current = ID` | compares the activity the learner is at |

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::{Entry, Recorded};
use lyceum_attempt::opening::{Learner, Opening, Settings};
use lyceum_attempt::plan::{Activity, Kind, Plan, Sequencing};
use lyceum_attempt::rollup;
use lyceum_attempt::settings::catalog;
use lyceum_attempt::state::State;
use lyceum_attempt::summary::{Completion, Summary};
use lyceum_cmi::Edition;
use lyceum_sequencing::definitions::Definition;

#[test]
fn transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut failures = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut stage = Stage::new();
        for (number, line) in text.lines().enumerate() {
            let command = line.split('#').next().unwrap_or("").trim();
            if command.is_empty() {
                continue;
            }
            if let Err(why) = stage.play(command) {
                let _ = writeln!(failures, "{}:{}: `{command}`: {why}", file.display(), number + 1);
            }
        }
        if let Err(why) = stage.fold_equals_live() {
            let _ = writeln!(failures, "{}: {why}", file.display());
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Journals from before comments were added to those that are there have no flag that says so, and fold as they were recorded.
#[test]
fn comments_without_the_flag_replace() {
    let mut state = State::new(Edition::Scorm12);
    for (flags, value, folded) in [(0, "One.", "One."), (0, "Two.", "Two."), (512, "Three.", "Two.Three.")] {
        let entry = serde_json::json!({"seq": 1, "at": 1, "activity": "a", "call": "set", "element": "cmi.comments",
            "value": value, "flags": flags});
        state.apply(&serde_json::from_value(entry).unwrap(), 1);
        assert_eq!(state.activity("a").and_then(|known| known.model().comments()), Some(folded));
    }
}

struct Stage {
    plan: Plan,
    settings: Settings,
    openings: BTreeMap<u32, Opening>,
    rules: BTreeMap<String, Definition>,
    now: i64,
    browsers: BTreeMap<u32, Engine>,
    server: Server,
}

struct Server {
    engines: BTreeMap<u32, Engine>,
    state: State,
    journal: Vec<(u32, Recorded)>,
}

impl Stage {
    fn new() -> Self {
        let plan = Plan {
            edition: Edition::Scorm12,
            title: String::new(),
            activities: Vec::new(),
            sequencing: None,
        };
        let server =
            Server { engines: BTreeMap::new(), state: State::new(plan.edition), journal: Vec::new() };
        Self {
            plan,
            settings: Settings::default(),
            openings: BTreeMap::new(),
            rules: BTreeMap::new(),
            now: 1_000_000,
            browsers: BTreeMap::new(),
            server,
        }
    }

    fn play(&mut self, command: &str) -> Result<(), String> {
        if let Some((session, command)) = command.split_once('>') {
            let session = session.trim().parse().map_err(|_| "no session number".to_owned())?;
            return self.act(session, command.trim());
        }
        let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
        match word {
            "course" => self.course(rest),
            "activity" => self.activity(rest),
            "setting" => {
                let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
                let set = catalog::find(name).and_then(|entry| entry.set(&mut self.settings, value));
                set.map(drop).map_err(|e| e.to_string())
            }
            "rules" => self.rules(rest),
            "wait" => {
                self.now += rest.parse::<i64>().map_err(|e| e.to_string())?;
                Ok(())
            }
            "open" => self.open(rest.parse().map_err(|_| "no session number".to_owned())?),
            "restart" => {
                self.server.engines.clear();
                self.server.state = self.folded();
                Ok(())
            }
            _ => self.compare(word, rest),
        }
    }

    fn course(&mut self, edition: &str) -> Result<(), String> {
        self.plan.edition = match edition {
            "1.2" => Edition::Scorm12,
            "2004-2" => Edition::Scorm2004Ed2,
            "2004-3" => Edition::Scorm2004Ed3,
            "2004-4" => Edition::Scorm2004Ed4,
            _ => return Err("unknown edition".into()),
        };
        let root =
            Activity { id: "root".into(), title: "Course".into(), visible: true, ..Activity::default() };
        self.plan.activities = vec![root];
        self.server.state = State::new(self.plan.edition);
        Ok(())
    }

    fn activity(&mut self, rest: &str) -> Result<(), String> {
        let mut words = rest.split(' ');
        let id = words.next().unwrap_or_default().to_owned();
        let kind = match words.next() {
            Some("sco") => Kind::Sco,
            Some("asset") => Kind::Asset,
            Some("cluster") => Kind::Cluster,
            _ => return Err("sco, asset or cluster?".into()),
        };
        let launch = (kind != Kind::Cluster).then(|| format!("{id}.html"));
        let mut activity = Activity {
            title: id.clone(),
            id,
            parent: Some(0),
            launch,
            kind,
            visible: true,
            ..Activity::default()
        };
        for word in words {
            let (name, value) = word.split_once('=').ok_or("name=value?")?;
            let value = value.to_owned();
            match name {
                "mastery" => activity.mastery_score = Some(value),
                "threshold" => activity.completion_threshold = Some(value),
                "after" => activity.prerequisites = Some(value),
                "max" => activity.max_time_allowed = Some(value),
                "action" => activity.time_limit_action = Some(value.replace('_', " ")),
                "passing" => activity.scaled_passing_score = Some(value),
                "in" => activity.parent = self.plan.index_of(&value).map(|i| u32::try_from(i).unwrap()),
                _ => return Err(format!("what is {name}?")),
            }
        }
        self.plan.activities.push(activity);
        Ok(())
    }

    fn rules(&mut self, rest: &str) -> Result<(), String> {
        let (id, definition) = rest.split_once(' ').ok_or("rules ID JSON")?;
        let definition = serde_json::from_str(definition).map_err(|e| e.to_string())?;
        self.rules.insert(id.to_owned(), definition);
        let plain = Definition::default();
        let of_all = self.plan.activities.iter().map(|a| self.rules.get(&a.id).unwrap_or(&plain));
        self.plan.sequencing = Some(Sequencing::new(of_all, true, true));
        Ok(())
    }

    fn open(&mut self, ordinal: u32) -> Result<(), String> {
        let opening = self.opening(ordinal);
        self.openings.insert(ordinal, opening.clone());
        let text = serde_json::to_string(&self.server.state).map_err(|e| e.to_string())?;
        let state: State = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        if state.hash() != self.server.state.hash() {
            return Err("the stored form of the state gives another hash".into());
        }
        let plan = Arc::new(self.plan.clone());
        self.server
            .engines
            .insert(ordinal, Engine::open(plan.clone(), opening.clone(), self.server.state.clone()));
        self.browsers.insert(ordinal, Engine::open(plan, opening, state));
        Ok(())
    }

    fn opening(&self, ordinal: u32) -> Opening {
        let before = self.openings.last_key_value().map(|_| self.summary());
        let is_completed = before.as_ref().is_some_and(|s| s.completion == Completion::Completed);
        Opening {
            engine: "test".into(),
            session: format!("session-{ordinal}"),
            ordinal,
            attempt: 1,
            opened_at: self.now,
            learner: Learner { id: "learner-1".into(), name: "Curie, Marie".into() },
            settings: self.settings.clone().for_session(is_completed),
            before,
            seed: 1,
            objectives: BTreeMap::new(),
            shared_data: BTreeMap::new(),
        }
    }

    /// Where the course stands, by the settings of the newest session that counts.
    fn summary(&self) -> Summary {
        let newest = self.openings.values().rfind(|opening| opening.settings.counts());
        let default = Settings::default();
        let (settings, before) = newest.map_or((&default, None), |o| (&o.settings, o.before.as_ref()));
        rollup::course(&self.plan, settings, before, &self.server.state)
    }

    fn act(&mut self, session: u32, command: &str) -> Result<(), String> {
        let now = self.now;
        if command == "send" {
            return self.send(session);
        }
        let engine = self.browsers.get_mut(&session).ok_or("no such session")?;
        let (command, error) = match command.split_once(" ! ") {
            Some((command, error)) => (command, error.parse::<u16>().map_err(|e| e.to_string())?),
            None => (command, 0),
        };
        let (command, expected) = match command.split_once(" = ") {
            Some((command, value)) => (command, Some(value)),
            None => (command.strip_suffix(" =").unwrap_or(command), command.ends_with(" =").then_some("")),
        };
        let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
        let reply = match word {
            "init" => engine.initialize("", now),
            "term" => engine.terminate("", now),
            "commit" => engine.commit("", now),
            "get" => engine.get_value(rest, now),
            "set" => {
                let (element, value) = rest.split_once(' ').unwrap_or((rest, ""));
                engine.set_value(element, value, now)
            }
            "leave" => {
                engine.leave(now);
                return Ok(());
            }
            "left" => {
                let left = engine.time_limit(now).map_or_else(|| "-".to_owned(), |of| of.left_ms.to_string());
                return if Some(&*left) == expected { Ok(()) } else { Err(format!("is {left}")) };
            }
            "timeout" => {
                let action = engine.time_out(now).as_str();
                return if Some(action) == expected { Ok(()) } else { Err(format!("is {action}")) };
            }
            "offers" => {
                let offers = offers(engine, now);
                return if Some(&*offers) == expected { Ok(()) } else { Err(format!("is `{offers}`")) };
            }
            _ => {
                let navigated = engine.navigate(command, now);
                if let Some(id) = &navigated.deliver {
                    engine.leave(now);
                    engine.deliver(id, now);
                }
                return match (navigated.error, error) {
                    (Some(_), 1) | (None, 0) => Ok(()),
                    (why, _) => Err(format!("{why:?}")),
                };
            }
        };
        if reply.error != error {
            return Err(format!("error {} ({})", reply.error, engine.diagnostic("")));
        }
        match expected {
            Some(expected) if reply.value != expected => Err(format!("got \"{}\"", reply.value)),
            _ => Ok(()),
        }
    }

    fn send(&mut self, session: u32) -> Result<(), String> {
        let entries = self.browsers.get_mut(&session).ok_or("no such session")?.take_entries();
        let text = serde_json::to_string(&entries).map_err(|e| e.to_string())?;
        let entries: Vec<Entry> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        if !self.server.engines.contains_key(&session) {
            let plan = Arc::new(self.plan.clone());
            let engine = Engine::open(plan, self.openings[&session].clone(), self.server.state.clone());
            self.server.engines.insert(session, engine);
        }
        let engine = self.server.engines.get_mut(&session).unwrap();
        for entry in entries {
            let outcome = engine.execute(&entry);
            let differs = outcome != entry.outcome();
            let recorded = Recorded { server: differs.then_some(outcome), entry };
            self.server.state.apply(&recorded, session);
            self.server.journal.push((session, recorded));
        }
        match self.server.journal.iter().find(|(_, r)| r.server.is_some()) {
            Some((_, recorded)) => Err(format!("browser and server differ: {recorded:?}")),
            None => Ok(()),
        }
    }

    fn folded(&self) -> State {
        let mut state = State::new(self.plan.edition);
        for (session, recorded) in &self.server.journal {
            state.apply(recorded, *session);
        }
        state
    }

    fn fold_equals_live(&self) -> Result<(), String> {
        let folded = self.folded();
        if folded.hash() != self.server.state.hash() {
            return Err("state is not the fold of the journal".into());
        }
        Ok(())
    }

    fn compare(&self, word: &str, rest: &str) -> Result<(), String> {
        let (what, expected) = rest.split_once('=').ok_or("unknown command")?;
        let (what, expected) = (what.trim(), expected.trim());
        let state = &self.server.state;
        let got = match word {
            "value" => {
                let (id, element) = what.split_once(' ').ok_or("value ACTIVITY ELEMENT = V")?;
                let activity = state.activity(id).ok_or("not visited")?;
                activity.model().value(element).unwrap_or_default().to_string()
            }
            "status" if what.is_empty() => {
                let s = self.summary();
                format!("{:?} {:?} {}", s.completion, s.success, s.score.scaled.as_deref().unwrap_or("-"))
            }
            "status" => {
                let index = self.plan.index_of(what).ok_or("no such activity")?;
                let s = &rollup::activities(&self.plan, &self.settings, state)[index];
                format!("{:?} {:?} {}", s.completion, s.success, s.score.scaled.as_deref().unwrap_or("-"))
            }
            "time" if what.is_empty() => self.summary().total_time.to_string(),
            "time" => state.activity(what).ok_or("not visited")?.counted_time().to_string(),
            "current" => state.current().unwrap_or("-").to_owned(),
            _ => return Err("unknown command".into()),
        };
        if got.eq_ignore_ascii_case(expected) { Ok(()) } else { Err(format!("is `{got}`")) }
    }
}

fn offers(engine: &mut Engine, now: i64) -> String {
    let controls = serde_json::to_value(engine.controls(now)).unwrap();
    let words = ["continue", "previous", "exit", "exitAll", "suspend", "abandon", "abandonAll", "retry"];
    let offered: Vec<&str> = words.into_iter().filter(|word| controls[word] == true).collect();
    let lines = engine.toc(now);
    let open: Vec<&str> = lines.iter().filter(|i| i.visible && !i.disabled).map(|i| i.id.as_str()).collect();
    format!("{} : {}", offered.join(" "), open.join(" "))
}
