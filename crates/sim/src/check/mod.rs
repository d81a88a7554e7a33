//! What must hold when everything has come to rest, each under the name by which a violation is reported.
//!
//! | invariant | says |
//! |---|---|
//! | `durable` | every entry that the server said to have is in the journal, as the page had it |
//! | `kept` | every entry that a device had written down is in the journal |
//! | `once` | no entry is in the journal twice, none that no page made, none disputed, none left waiting without a gap |
//! | `fold` | the state is the fold of the journal; report, export and stored summaries say the same |
//! | `chain` | the chain verifies |
//! | `time` | the total time is the sum of all visits, each once; a vanished page's time ends at its last sign of life |
//! | `order` | the rows of a journal stand in the order in which they arrived |
//! | `newest` | where sessions overlapped, place and bookmark are those of the newest session that set them |
//! | `perfect` | where sessions did not overlap, state and outcomes are those of a network on which nothing goes wrong |
//! | `acts` | what people corrected is in the journal once, with who and why, and is what the attempt shows |
//! | `doors` | what callers without our player were told to be stored is in the journal, once, and in the order of their numbers |
//! | `attempts` | what sessions of an attempt said is in that one alone; an attempt that another one followed is over, and kept |
//! | `enrollment` | it shows what its attempts come to: the newest one's status and score, the time of all |
//! | `walls` | nothing came in by a foreign token, nothing is seen through another tenant |
//! | `taken` | the database takes every commit that was accepted without it |
//! | `settles` | with everything working, every device and every spool becomes empty |

mod acts;
mod doors;
mod enrollment;
mod journal;
mod perfect;
mod time;

use lyceum_app::{AttemptReport, Scope, Tenant};
use lyceum_attempt::Millis;

use crate::Counts;
use crate::truth::Learner;
use crate::weather::MINUTE;
use crate::world::World;
use journal::{Attempt, Document, Row, Truths};

/// Longer than the lease of a session.
const LEASE: Millis = 21 * MINUTE;
/// Rounds in which the spools of all servers must become empty.
const ROUNDS: u32 = 5;

/// Looks at everything, through a server that has just started.
pub(crate) async fn all(world: &mut World) {
    for n in 0..world.site.count() {
        world.site.end(n).await;
    }
    world.site.start(0);
    settle(world).await;
    refused(world);
    match world.site.app(0).verify_chains().await {
        Ok(found) if found.sound => {}
        Ok(found) => {
            let findings: Vec<String> =
                found.findings.iter().map(|of| format!("{:?}: {}", of.trouble, of.message)).collect();
            world.violate("chain", findings.join("; "));
        }
        Err(e) => world.violate("chain", e.to_string()),
    }
    for tenant in [Tenant::DEFAULT, Tenant(2)] {
        if let Err(what) = enrollment::problems(world.site.app(0), tenant).await {
            world.violate("enrollment", what);
        }
    }
    for learner in 0..world.truth.learners.len() {
        if let Err((invariant, what)) = one(world, learner).await {
            world.violate(invariant, format!("learner {learner}: {what}"));
        }
    }
}

/// What is wrong, and by which invariant.
type Wrong = (&'static str, String);

/// Brings what waits in any spool into the database, and ends what has vanished.
async fn settle(world: &mut World) {
    for _ in 0..ROUNDS {
        let now = world.pass(LEASE);
        let app = world.site.app(0);
        let (replayed, ended) = (app.replay_spool().await, app.end_stale_sessions(now).await);
        if let (Ok(0), Ok(0)) = (&replayed, &ended) {
            break;
        }
        if let Some(e) = replayed.err().or(ended.err()) {
            world.violate("settles", e.to_string());
            return;
        }
    }
    let waiting = world.site.app(0).ready().await.spool.length;
    if waiting > 0 {
        world.violate("settles", format!("{waiting} commits wait although the database is there"));
    }
}

/// Only what an attacker sent may have been refused after it was accepted.
fn refused(world: &mut World) {
    let text = std::fs::read_to_string(world.site.data().join("spool/refused.jsonl")).unwrap_or_default();
    for line in text.lines().filter(|line| !line.contains("stolen")) {
        world.violate("taken", line.chars().take(300).collect());
    }
}

async fn one(world: &mut World, n: usize) -> Result<(), Wrong> {
    let of = world.truth.learners[n].clone();
    walls(world, &of).await?;
    let sessions = world.truth.sessions_of(n);
    if sessions.is_empty() && !of.has_caller {
        return Ok(());
    }
    let (app, scope) = (world.site.app(0), Scope::Registration(of.registration));
    let mut text = Vec::new();
    app.export(of.tenant, &scope, &mut text).await.map_err(|e| ("fold", e.to_string()))?;
    let document: Document = serde_json::from_slice(&text).map_err(|e| ("fold", e.to_string()))?;
    let registration = document.only().map_err(|what| ("fold", what))?;
    enrollment::rolls_up(registration)?;
    let report =
        app.registration_report(of.tenant, of.registration).await.map_err(|e| ("fold", e.to_string()))?;
    let hashes = |all: &[AttemptReport]| all.iter().map(|of| of.state_hash.clone()).collect::<Vec<_>>();
    if !registration.attempts.iter().map(|of| &of.state_hash).eq(&hashes(&report.attempts)) {
        return Err(("fold", "report and export have other states".to_owned()));
    }
    let has_one_server = world.site.count() == 1;
    let mut found = Counts { further: registration.attempt_count.saturating_sub(1), ..Counts::default() };
    for attempt in &registration.attempts {
        enrollment::is_apart(attempt, &sessions)?;
        found += holds(attempt, &sessions, &of, has_one_server)?;
    }
    for caller in world.callers.iter().filter(|caller| caller.learner == n) {
        doors::is_stored(registration, caller)?;
    }
    world.counts += found;
    for attempt in &registration.attempts {
        let (number, hash) = (attempt.number, &attempt.state_hash);
        world.story.tell(0, &format!("learner {n} on {}, attempt {number}: {hash}", of.course.name));
    }
    Ok(())
}

/// Everything about one attempt. `all`: the sessions of the registration.
fn holds(attempt: &Attempt, all: &Truths<'_>, of: &Learner, has_one_server: bool) -> Result<Counts, Wrong> {
    let mut found = Counts::default();
    let own = all.iter().filter(|(_, truth)| truth.opening.attempt == attempt.number);
    let sessions: Vec<_> = own.copied().collect();
    for (id, truth) in &sessions {
        attempt.holds(id, truth)?;
    }
    attempt.folds(of.course.edition())?;
    if has_one_server {
        attempt.is_in_order()?;
    }
    enrollment::is_as_it_was(attempt, &of.left)?;
    if acts::are_kept(attempt, &of.corrections)? {
        // Where it stands is what somebody put back; time, values and outcomes are no longer those of the calls alone.
        found.rolled_back += 1;
        return Ok(found);
    }
    time::adds_up(attempt, &sessions, has_one_server)?;
    if attempt.sessions.iter().any(Row::is_of_door) {
        attempt.newest_counts()?;
        found.foreign += 1;
        return Ok(found);
    }
    if sessions.is_empty() {
        return Ok(found);
    }
    let is_apart = perfect::are_apart(attempt, &sessions);
    let compared = if is_apart { perfect::is_same(attempt, &sessions)? } else { attempt.newest_counts()? };
    match (is_apart, compared) {
        (true, true) => found.perfect += 1,
        (true, false) => found.torn += 1,
        (false, _) => found.overlapped += 1,
    }
    Ok(found)
}

async fn walls(world: &World, of: &Learner) -> Result<(), Wrong> {
    let other = Tenant(3 - of.tenant.0);
    let app = world.site.app(0);
    let seen = app.registration_report(other, of.registration).await.is_ok()
        || app.launch_link(other, of.registration, lyceum_app::LaunchKind::Short).await.is_ok();
    if seen { Err(("walls", "another tenant sees it".to_owned())) } else { Ok(()) }
}

/// Whether an attempt's journal holds something that an attack sent.
fn is_stolen(attempt: &Attempt) -> bool {
    attempt.commits.iter().flat_map(|row| &row.entries).any(|recorded| recorded.entry.value == "stolen")
        || attempt.aside.iter().any(|aside| aside.entry.value == "stolen")
}
