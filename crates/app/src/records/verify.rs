//! Whether records are what they were when they were written, and what was touched if not.
//!
//! | what somebody did | what shows it |
//! |---|---|
//! | altered a row | its digests, or its hash |
//! | removed a row, or put one in | the next row's link and its predecessor's hash |
//! | cut the tail | the registration's chain length; where that was adapted, a signed head |
//! | wrote the whole chain anew | a signed head's hash |
//! | altered a state or an outcome | folding the journal gives another state than the row names |
//! | altered a status or a score | the summary is not what the state gives |
//! | altered what a session was given (whose it is, settings) | its rows' digests |
//! | gave a registration to another learner | its sessions were opened for somebody else |
//! | removed a registration | a signed head of it beside the database |
//! | altered what courses share | no attempt of the learner has left it |

use std::collections::BTreeSet;

use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_cmi::Edition;
use lyceum_store::attempts::Attempt;
use lyceum_store::commits::{LogRow, NO_SESSION};
use lyceum_store::heads::Head;
use lyceum_store::{RegistrationId, Tenant, chain, records, tenants};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::heads::{InFile, is_signed};
use crate::journal::unpack_entries;
use crate::limits::{MAX_FINDINGS, PAGE};
use crate::live::{judge, together};

use super::export::Scope;
use super::gather::{AttemptRows, Gathered};
use super::sessions::Sessions;
use super::verify_shared::Left;

/// What kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Trouble {
    /// A row is not what it was.
    Altered,
    /// A row is missing, or one too many.
    Removed,
    /// The end is missing.
    Cut,
    /// The chain is sound, and not the one that was signed.
    Rewritten,
    /// The journal leads to another state.
    State,
    /// Status or score are not what the journal gives.
    Summary,
    /// What courses share is not what the learner's attempts have left.
    Shared,
    /// A head's signature is wrong.
    Signature,
    /// A part of a file is not what its manifest says.
    File,
    /// It cannot be read.
    Unreadable,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind.
    pub trouble: Trouble,
    /// The registration; empty for the file as a whole.
    pub registration: String,
    /// Number of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Number of the commit in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<u64>,
    /// In a sentence.
    pub message: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verification {
    /// Nothing was touched.
    pub sound: bool,
    /// Registrations looked at.
    pub registrations: u64,
    /// Commits looked at.
    pub commits: u64,
    /// Commits whose contents were erased.
    pub erased: u64,
    /// Signed heads that fit.
    pub signed_heads: u64,
    /// Public keys that heads were signed with, hexadecimal.
    pub public_keys: Vec<String>,
    /// What was found; no more than some thousand.
    pub findings: Vec<Finding>,
}

impl Verification {
    pub(super) fn tell(
        &mut self,
        trouble: Trouble,
        registration: &str,
        place: (Option<u32>, Option<u64>),
        message: impl Into<String>,
    ) {
        if self.findings.len() < MAX_FINDINGS {
            let (attempt, commit) = place;
            let (registration, message) = (registration.to_owned(), message.into());
            self.findings.push(Finding { trouble, registration, attempt, commit, message });
        }
    }

    pub(super) fn close(mut self) -> Self {
        self.sound = self.findings.is_empty();
        self.public_keys.sort();
        self.public_keys.dedup();
        self
    }
}

const WRONG_SIGNATURE: &str = "the signature of a head is wrong";

/// A link of a chain: place, predecessor's hash, own hash; attempt and commit for people.
type Link = (u64, [u8; 32], [u8; 32], (u32, u64));

/// Verifies one registration as its rows come by.
pub(super) struct Chain<'a> {
    id: RegistrationId,
    name: String,
    links: Vec<Link>,
    emptied: u64,
    is_erased: bool,
    to: &'a mut Verification,
}

/// Follows one attempt's state.
pub(super) struct Follow {
    number: u32,
    state: Option<State>,
}

impl Follow {
    pub(super) fn new(number: u32, edition: Option<Edition>) -> Self {
        Self { number, state: edition.map(State::new) }
    }
}

impl<'a> Chain<'a> {
    pub(super) fn new(id: RegistrationId, to: &'a mut Verification) -> Self {
        to.registrations += 1;
        Self { id, name: id.to_string(), links: Vec::new(), emptied: 0, is_erased: false, to }
    }

    /// The next row of an attempt.
    pub(super) fn row(&mut self, follow: &mut Follow, row: &LogRow, sessions: &Sessions) {
        self.to.commits += 1;
        let place = (Some(follow.number), Some(row.n));
        self.links.push((row.link, row.previous_hash, row.hash, (follow.number, row.n)));
        let opening = sessions.digest(row.session);
        if !chain::verifies(self.id, &row.previous_hash, opening, row) {
            self.to.tell(
                Trouble::Altered,
                &self.name,
                place,
                "this commit, or what its session was given, is not what it was when it was stored",
            );
        }
        if row.salt.is_none() {
            self.emptied += 1;
            self.to.erased += 1;
            follow.state = None;
            return;
        }
        let entries = match unpack_entries(&row.entries) {
            Ok(entries) => entries,
            Err(e) => {
                self.to.tell(Trouble::Unreadable, &self.name, place, e.to_string());
                follow.state = None;
                return;
            }
        };
        use lyceum_attempt::act::{Act, Deed};
        let is_erasure = |value: &str| Act::from_value(value).is_some_and(|act| act.deed == Deed::Erase);
        self.is_erased |= row.session == NO_SESSION && entries.iter().any(|e| is_erasure(&e.entry.value));
        let Some(state) = &mut follow.state else { return };
        let Some(ordinal) = sessions.ordinal(row.session) else {
            self.to.tell(Trouble::Removed, &self.name, place, "the session of this commit is gone");
            return;
        };
        entries.iter().for_each(|recorded| state.apply(recorded, ordinal));
        if state.hash().to_be_bytes() != row.state_hash {
            let message = "the entries up to here lead to another state than the one that was stored";
            self.to.tell(Trouble::State, &self.name, place, message);
            // Told once: what follows on it differs too.
            follow.state = None;
        }
    }

    /// All rows of an attempt came by.
    pub(super) fn end_attempt(
        &mut self,
        follow: &Follow,
        attempt: &Attempt,
        plan: Option<&Plan>,
        (sessions, learner): (&Sessions, &str),
    ) {
        if let Some(session) = sessions.of_another(learner) {
            let message =
                format!("session {session} was opened for another learner than the one that it belongs to");
            self.to.tell(Trouble::Altered, &self.name, (Some(attempt.number), None), message);
        }
        let (Some(state), Some(plan)) = (&follow.state, plan) else { return };
        // A later session may have been opened with other settings, and have said nothing yet.
        let judged = sessions.openings().rev().map(|opening| judge(plan, Some(opening), state));
        if !judged.chain([judge(plan, None, state)]).any(|found| found == attempt.summary) {
            let message = "status, score or time of this attempt are not what its journal gives";
            self.to.tell(Trouble::Summary, &self.name, (Some(attempt.number), None), message);
        }
    }

    /// An attempt has fewer commits, or more, than it says.
    pub(super) fn cut(&mut self, attempt: u32) {
        let message = "commits of this attempt are missing";
        self.to.tell(Trouble::Cut, &self.name, (Some(attempt), None), message);
    }

    pub(super) fn summary(&mut self, message: &str) {
        self.to.tell(Trouble::Summary, &self.name, (None, None), message);
    }

    /// All rows came by. A part of a chain (one attempt) has gaps and no end of its own.
    pub(super) fn finish(mut self, (length, head): (u64, [u8; 32]), signed: &[Head], is_part: bool) {
        self.links.sort_unstable_by_key(|link| link.0);
        let mut next = (1, [0; 32]);
        for (link, previous, hash, (attempt, commit)) in std::mem::take(&mut self.links) {
            let place = (Some(attempt), Some(commit));
            if link != next.0 && !is_part {
                let message =
                    format!("the chain goes from {} to {link}: what was between is missing", next.0 - 1);
                self.to.tell(Trouble::Removed, &self.name, place, message);
            } else if link == next.0 && previous != next.1 {
                self.to.tell(
                    Trouble::Altered,
                    &self.name,
                    place,
                    "this commit does not follow on the one before it",
                );
            }
            for head in signed.iter().filter(|head| head.link == link) {
                self.head(head, hash, place);
            }
            next = (link + 1, hash);
        }
        let none = (None, None);
        let last = next.0 - 1;
        if !is_part && (last, next.1) != (length, head) {
            let message = format!("the chain ends at {last}, and the registration says {length}");
            self.to.tell(
                if last < length { Trouble::Cut } else { Trouble::Altered },
                &self.name,
                none,
                message,
            );
        }
        for head in signed.iter().filter(|head| head.link > last && !is_part) {
            if is_signed(self.id, head) {
                let message =
                    format!("the chain ends at {last}; when it was signed, it had {} commits", head.link);
                self.to.tell(Trouble::Cut, &self.name, none, message);
            } else {
                self.to.tell(Trouble::Signature, &self.name, none, WRONG_SIGNATURE);
            }
        }
        if self.emptied > 0 && !self.is_erased {
            let message = "contents were destroyed, and no erasure says by whom and why";
            self.to.tell(Trouble::Removed, &self.name, none, message);
        }
    }

    fn head(&mut self, head: &Head, hash: [u8; 32], place: (Option<u32>, Option<u64>)) {
        if !is_signed(self.id, head) {
            self.to.tell(Trouble::Signature, &self.name, place, WRONG_SIGNATURE);
        } else if head.hash != hash {
            let message = "the chain up to here was written anew: another one had been signed";
            self.to.tell(Trouble::Rewritten, &self.name, place, message);
        } else {
            self.to.signed_heads += 1;
            self.to.public_keys.push(super::form::hex(&head.public_key));
        }
    }
}

impl App {
    /// Verifies every registration in the database: chain, states, summaries, signed heads. Reads everything, and changes
    /// nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verify_chains(&self) -> Result<Verification, AppError> {
        let mut found = Verification::default();
        let app = self.clone();
        let beside = tokio::task::spawn_blocking(move || app.0.heads.in_file()).await.unwrap_or_default();
        let mut present = BTreeSet::new();
        for tenant in self.0.db.read(tenants::all).await? {
            let mut left = Left::new(self.now());
            let mut after = None;
            loop {
                let ids =
                    self.0.db.read(move |tx| records::ids(tenant, tx, (None, None), after, PAGE)).await?;
                let Some(last) = ids.last().copied() else { break };
                after = Some(last);
                for id in ids {
                    present.insert((tenant, id));
                    self.verify_registration(tenant, id, &beside, &mut left, &mut found).await?;
                }
            }
            self.verify_shared(tenant, left, &mut found).await?;
        }
        for ((tenant, id), heads) in &beside {
            if !present.contains(&(*tenant, *id)) && heads.iter().any(|head| is_signed(*id, head)) {
                let message = "this registration is gone; signed heads of its chain say that it was here";
                found.tell(Trouble::Removed, &id.to_string(), (None, None), message);
            }
        }
        Ok(found.close())
    }

    async fn verify_registration(
        &self,
        tenant: Tenant,
        id: RegistrationId,
        beside: &InFile,
        left: &mut Left,
        found: &mut Verification,
    ) -> Result<(), AppError> {
        let Some(of) = self.gather(tenant, &Scope::Registration(id), id).await? else { return Ok(()) };
        let Gathered { registration: row, mut signed, attempts, .. } = of;
        // Of the same place both count: who altered one of them shows by the other.
        signed.extend(beside.get(&(tenant, id)).cloned().unwrap_or_default());
        signed.sort_by_key(|head| (head.link, head.signature));
        signed.dedup();
        let mut chain = Chain::new(id, found);
        let mut summaries = Vec::new();
        for AttemptRows { attempt, sessions, log, surplus, .. } in attempts {
            let plan = self.plan(tenant, row.course, attempt.version).await?;
            let mut follow = Follow::new(attempt.number, Some(plan.edition));
            let sessions = sessions.into_iter().map(|session| (session.id, session.ordinal, session.opening));
            let sessions = Sessions::new(sessions);
            let mut batch = log;
            while let Some(after) = batch.last().map(|last| last.n) {
                batch.iter().for_each(|row| chain.row(&mut follow, row, &sessions));
                tokio::task::yield_now().await;
                batch = self.log_after(tenant, &attempt, after).await?;
            }
            surplus.iter().for_each(|row| chain.row(&mut follow, row, &sessions));
            chain.end_attempt(&follow, &attempt, Some(&plan), (&sessions, &row.learner.external_id));
            left.attempt(&row, &plan, follow.state.as_ref());
            summaries.push(attempt.summary);
        }
        if let Some(newest) = summaries.last()
            && together(summaries.iter(), newest) != row.summary
        {
            chain.summary("status, score or time of the registration are not what its attempts give");
        }
        chain.finish((row.chain_length, row.chain_head), &signed, false);
        Ok(())
    }
}
