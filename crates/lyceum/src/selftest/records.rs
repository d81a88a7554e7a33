//! History, corrections, export and erasure of what the values left behind.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use lyceum_app::{
    Actor, App, HistoryItem, HistoryQuery, Point, RegistrationId, RegistrationReport, Scope, Standing, Target,
};
use lyceum_attempt::summary::Success;

use super::{Bench, Wrong, expect, wrong};

/// Longest page of history that is asked for.
const PAGE: usize = 10_000;

impl Bench<'_> {
    pub(super) async fn records(&mut self, name: &str, registration: RegistrationId) {
        let done = self.history(registration).await;
        self.note(format!("{name}: history"), done);
        let done = self.rollback(registration).await;
        self.note(format!("{name}: rollback and back"), done);
        let done = self.corrections(registration).await;
        self.note(format!("{name}: override and reset"), done);
        let done = self.exported(registration).await;
        self.note(format!("{name}: export, verify, import"), done);
        let done = self.erased(registration).await;
        self.note(format!("{name}: erase"), done);
    }

    fn actor(&self) -> Actor {
        Actor { by: "lyceum selftest".to_owned(), reason: "self-test".to_owned() }
    }

    async fn report(&self, registration: RegistrationId) -> Result<RegistrationReport, Wrong> {
        self.app.registration_report(self.tenant, registration).await.map_err(wrong)
    }

    async fn items(
        &self,
        registration: RegistrationId,
        query: HistoryQuery,
    ) -> Result<Vec<HistoryItem>, Wrong> {
        let query = HistoryQuery { limit: PAGE, ..query };
        Ok(self.app.history(self.tenant, registration, &query).await.map_err(wrong)?.items)
    }

    async fn hash_at(&self, registration: RegistrationId, point: Point) -> Result<(u64, String), Wrong> {
        let found = self.app.differences(self.tenant, registration, None, (point, point)).await;
        let stand = found.map_err(wrong)?.to;
        Ok((stand.commit, stand.state_hash))
    }

    /// Each value that differs between the first commit and the last has a change in the history that led to it.
    async fn history(&self, registration: RegistrationId) -> Result<String, Wrong> {
        let items = self.items(registration, HistoryQuery::default()).await?;
        let refused =
            self.items(registration, HistoryQuery { refused: true, ..HistoryQuery::default() }).await?;
        if refused.is_empty() || refused.iter().any(|item| item.error == 0) {
            return Err(format!("{} refused calls are told, not all with their code", refused.len()));
        }
        let now = self.hash_at(registration, Point::At(i64::MAX)).await?.0;
        let ends = (Point::Commit(0), Point::Commit(now));
        let differences =
            self.app.differences(self.tenant, registration, None, ends).await.map_err(wrong)?.values;
        for value in &differences {
            let of_it = |item: &&HistoryItem| item.element == value.element && item.error == 0;
            let last = items.iter().rev().find(of_it).and_then(|item| item.new.clone());
            if last.is_none() {
                return Err(format!("nothing tells how {} came about", value.element));
            }
            expect(&value.element, last, value.new.clone())?;
        }
        Ok(format!("{} steps, {} refused, {} values followed", items.len(), refused.len(), differences.len()))
    }

    /// Back to the first commit, and back again: the state is the same to the last bit.
    async fn rollback(&self, registration: RegistrationId) -> Result<String, Wrong> {
        let target = Target { registration, attempt: None };
        let (last, hash) = self.hash_at(registration, Point::At(i64::MAX)).await?;
        let (_, first) = self.hash_at(registration, Point::Commit(1)).await?;
        let act =
            self.app.rollback(self.tenant, target, Point::Commit(1), &self.actor()).await.map_err(wrong)?;
        let values = |(_, hash): (u64, String)| hash;
        let after = values(self.hash_at(registration, Point::Commit(act.commit)).await?);
        expect("the state after the rollback", after, first)?;
        let act = self
            .app
            .rollback(self.tenant, target, Point::Commit(last), &self.actor())
            .await
            .map_err(wrong)?;
        let again = values(self.hash_at(registration, Point::Commit(act.commit)).await?);
        expect("the state after its withdrawal", again, hash)?;
        Ok(format!("from commit {last} to 1 and back"))
    }

    async fn corrections(&self, registration: RegistrationId) -> Result<String, Wrong> {
        let target = Target { registration, attempt: None };
        let before = self.report(registration).await?;
        let standing = Standing { success: Some(Success::Failed), ..Standing::default() };
        self.app.override_standing(self.tenant, target, &standing, &self.actor()).await.map_err(wrong)?;
        let over = self.report(registration).await?;
        expect("success and its mark", (over.success, over.overridden), (Success::Failed, true))?;
        self.app.withdraw_override(self.tenant, target, &self.actor()).await.map_err(wrong)?;
        let under = self.report(registration).await?;
        expect("success and its mark", (under.success, under.overridden), (before.success, false))?;
        self.app.reset(self.tenant, registration, &self.actor()).await.map_err(wrong)?;
        let after = self.report(registration).await?;
        expect("the number of attempts", after.attempt_count, before.attempt_count + 1)?;
        let kept = after.attempts.first().map(|attempt| attempt.activities.len());
        expect("the old attempt's activities", kept, before.attempts.first().map(|a| a.activities.len()))?;
        Ok("set by hand, withdrawn, and a new attempt beside the old one".to_owned())
    }

    async fn exported(&self, registration: RegistrationId) -> Result<String, Wrong> {
        let path = self.export(registration).await?;
        let found = App::verify_export(&path).map_err(wrong)?;
        expect("that the export is sound", found.sound, true)?;
        self.touched(&path)?;
        let other = self.app.begin_scratch().await.map_err(wrong)?;
        let taken = self.app.take_over(other, &path).await;
        let there =
            self.app.differences(other, registration, Some(1), (Point::Commit(0), Point::At(i64::MAX))).await;
        self.app.remove_scratch(other).await.map_err(wrong)?;
        let commits = taken.map_err(wrong)?.commits;
        let ends = (Point::Commit(0), Point::At(i64::MAX));
        let here = self.app.differences(self.tenant, registration, Some(1), ends).await.map_err(wrong)?;
        expect("the state of the import", there.map_err(wrong)?.to.state_hash, here.to.state_hash)?;
        Ok(format!("{commits} commits; a changed byte is found"))
    }

    /// One letter of a value in another file: the verification is to say so.
    fn touched(&self, path: &PathBuf) -> Result<(), Wrong> {
        let text = std::fs::read_to_string(path).map_err(wrong)?;
        let other = self.folder.join("touched.json");
        let changed = text.replacen("page 3 of 7", "page 4 of 7", 1);
        expect("that there is a value to change", changed != text, true)?;
        std::fs::write(&other, changed).map_err(wrong)?;
        let is_sound = App::verify_export(&other).is_ok_and(|found| found.sound);
        expect("that a changed export is sound", is_sound, false)
    }

    async fn export(&self, registration: RegistrationId) -> Result<PathBuf, Wrong> {
        let path = self.folder.join("export.json");
        let mut file = File::create(&path).map_err(wrong)?;
        self.app.export(self.tenant, &Scope::Registration(registration), &mut file).await.map_err(wrong)?;
        file.flush().map_err(wrong)?;
        Ok(path)
    }

    /// The values are gone, the chain still verifies.
    async fn erased(&self, registration: RegistrationId) -> Result<String, Wrong> {
        let erased = self.app.erase_learner(self.tenant, self.learner, &self.actor()).await.map_err(wrong)?;
        let path = self.export(registration).await?;
        let text = std::fs::read_to_string(&path).map_err(wrong)?;
        expect("that a value of hers is left", text.contains("page 3 of 7"), false)?;
        let found = App::verify_export(&path).map_err(wrong)?;
        expect("that the chain verifies", found.sound, true)?;
        Ok(format!("{} commits emptied, the chain still verifies", erased.commits))
    }
}
