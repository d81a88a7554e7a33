//! The session of a caller without our player: found by the caller's own name for it, or opened.

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_store::{
    AttemptId, DbError, RegistrationId, SessionId, Tenant, Tx, attempts, doors, registrations,
};

use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::limits::{MAX_PAGE_ID_BYTES, SESSION_LEASE};
use crate::live::{Live, LiveSession, Which};
use crate::session::OpenSession;
use crate::token::Owner;

/// What the names of pages begin with whose engine runs on the server.
const DOOR: &str = "door:";

/// Bytes of a caller's own name for a session.
pub const MAX_DOOR_NAME: usize = MAX_PAGE_ID_BYTES - DOOR.len();

/// How the session is named: by the caller, or not at all.
pub(super) struct Name(Option<String>);

impl Name {
    pub(super) fn new(given: Option<&str>) -> Result<Self, AppError> {
        let given = given.map(str::trim).filter(|name| !name.is_empty());
        match given.map(str::len) {
            Some(found) if found > MAX_DOOR_NAME => {
                let (found, limit) = (found as u64, MAX_DOOR_NAME as u64);
                Err(AppError::TooLarge { what: "the session's name", found, limit, unit: "bytes" })
            }
            _ => Ok(Self(given.map(str::to_owned))),
        }
    }

    fn page(&self) -> String {
        page_of(self.0.as_deref().unwrap_or_default())
    }

    /// What the caller is told that it is called: what it said, else our id.
    pub(super) fn shown(&self, session: SessionId) -> String {
        self.0.clone().unwrap_or_else(|| session.to_string())
    }
}

/// The page of the session that a caller names so.
pub(super) fn page_of(name: &str) -> String {
    format!("{DOOR}{name}")
}

/// A session that stands in the database.
type Found = Option<(AttemptId, SessionId)>;

/// What the database says before anything is done.
#[derive(Clone, Copy)]
pub(super) struct Stands {
    pub(super) found: Found,
    /// Of the registration; what is in memory under another one is another server's past.
    revision: u64,
}

impl App {
    pub(super) async fn find_door(&self, owner: Owner, name: &Name) -> Result<Stands, AppError> {
        let (page, id) = (name.page(), name.0.as_deref().and_then(|name| name.parse::<SessionId>().ok()));
        let read = self.0.db.read(move |tx| {
            let row = registrations::find(owner.tenant, tx, owner.registration)?;
            let found = find(owner.tenant, tx, owner.registration, &page, id)?;
            Ok((found, row.map(|row| row.revision)))
        });
        let (found, revision) = read.await?;
        Ok(Stands { found: found?, revision: revision.ok_or(AccessError::Gone)? })
    }

    /// The attempt that the session belongs to, the newest one where there is none; begins the first. `None`: look again.
    pub(super) async fn live_at_door(
        &self,
        owner: Owner,
        cached: Option<Live>,
        Stands { found, revision }: Stands,
        now: Millis,
    ) -> Result<Option<Live>, AppError> {
        // What only reads is not refused for what another server has written meanwhile.
        let cached = cached.filter(|live| live.registration.revision == revision);
        let cached =
            cached.filter(|live| found.map_or(live.is_newest, |(attempt, _)| live.attempt.id == attempt));
        let which = found.map_or(Which::Newest, |(attempt, _)| Which::Attempt(attempt));
        let live = match cached {
            Some(live) => Some(live),
            None => self.load(owner, which).await?,
        };
        match live {
            None => self.begin_first(owner, now).await.map(|()| None),
            Some(live) if live.registration.is_erased => Err(AccessError::Gone.into()),
            live => Ok(live),
        }
    }

    /// Opens a session in the newest attempt, or in a new one where the course's rule or the caller wants that.
    pub(super) async fn open_door(
        &self,
        mut live: Live,
        name: &Name,
        asked_anew: bool,
        now: Millis,
    ) -> Result<(Live, SessionId), AppError> {
        let owner = live.owner;
        if !live.is_newest {
            // The caller's last session was of an attempt that another one has followed.
            live = self.load(owner, Which::Newest).await?.ok_or(DbError::Conflict)?;
        }
        let next = if asked_anew && live.attempt.sessions > 0 {
            self.next_on_request(owner.tenant, owner.registration).await?
        } else {
            self.attempt_due(owner).await?.unwrap_or_default()
        };
        if next > live.attempt.number {
            live = self.attempt_for_launch(live).await?.0;
        }
        let request = OpenSession { client_clock: None, page: name.page() };
        let session = self.begin_session_after_all(&mut live, &request, now).await?;
        Ok((live, session))
    }
}

fn find(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    page: &str,
    id: Option<SessionId>,
) -> Result<Result<Found, AppError>, DbError> {
    if let Some(found) = doors::session_named(tenant, tx, registration, page)? {
        return Ok(Ok(Some(found)));
    }
    let Some(id) = id else { return Ok(Ok(None)) };
    // It may be the id that we gave it.
    Ok(match attempts::find_session(tenant, tx, id)? {
        None => Ok(None),
        Some(of) if of.registration != registration || !of.session.page.starts_with(DOOR) => {
            Err(AppError::ForeignSession(id.to_string()))
        }
        Some(of) => Ok(Some((of.session.attempt, id))),
    })
}

/// Whether a session that nobody has named can be gone on with.
pub(super) fn goes_on(live: &Live, of: &LiveSession, name: &Name, now: Millis) -> bool {
    let is_over = of.row.ended.is_some() || now - of.row.last_seen_at >= SESSION_LEASE;
    name.0.is_some() || (live.is_newest && !is_over)
}

/// Brings the activity into the frame that there is not: the one that is asked for, else where the learner left the course.
pub(super) fn deliver(engine: &mut Engine, activity: Option<&str>, now: Millis) -> Result<(), AppError> {
    let request = match activity {
        Some(id) if engine.delivered() == Some(id) => return Ok(()),
        None if engine.delivered().is_some() => return Ok(()),
        Some(id) => format!("choice {id}"),
        None => "start".to_owned(),
    };
    let navigated = engine.navigate(&request, now);
    engine.leave(now);
    let delivered = navigated.deliver.is_some_and(|id| engine.deliver(&id, now));
    if delivered {
        return Ok(());
    }
    let why = navigated
        .error
        .unwrap_or_else(|| "The course leaves the choice of a part to the learner.".to_owned());
    Err(AppError::Malformed(format!("{why} Name another part by `activity`")))
}

/// The content ends: as it asks to, suspended or for good.
pub(super) fn leave(engine: &mut Engine, now: Millis) {
    let id = engine.delivered().map(str::to_owned);
    let known = id.and_then(|id| engine.state().activity(&id));
    let is_suspended = known.is_some_and(|known| known.model().exit().as_str() == "suspend");
    engine.navigate(if is_suspended { "suspendAll" } else { "exitAll" }, now);
    engine.leave(now);
}
