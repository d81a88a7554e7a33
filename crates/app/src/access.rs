//! From a launch link to the player page: the tokens on the way.

use lyceum_store::{RegistrationId, Tenant, registrations};
use serde::Serialize;

use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::limits::{LASTING_LAUNCH_LIFE, LAUNCH_LIFE, SESSION_LIFE};
use crate::token::{Owner, Pass};
use crate::views::standard_title;

/// How long a launch link lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchKind {
    /// For now: [`LAUNCH_LIFE`].
    Short,
    /// For `lyceum play`: [`LASTING_LAUNCH_LIFE`], to be opened again and again.
    Lasting,
}

/// A launch link that was opened.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// Opens the player page and sessions.
    pub session_token: String,
    /// Whose it is.
    pub registration: RegistrationId,
    /// The label that the host must begin with; `None` where all share one host.
    pub host_label: Option<String>,
}

/// What the player page shows before anything else.
#[derive(Clone, Debug, Serialize)]
pub struct PageInfo {
    /// Title of the course.
    pub title: String,
    /// The standard for people, `SCORM 1.2`.
    pub standard: String,
    /// Name of the learner.
    pub learner: String,
    /// The label that the host must begin with; `None` where all share one host.
    pub host_label: Option<String>,
}

impl App {
    /// A link that opens the course for this learner.
    ///
    /// # Errors
    /// When there is no such registration.
    pub async fn launch_link(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        kind: LaunchKind,
    ) -> Result<String, AppError> {
        let found = self.0.db.read(move |tx| registrations::find(tenant, tx, registration)).await?;
        if found.is_none() {
            return Err(AppError::NotFound { what: "registration", id: registration.to_string() });
        }
        Ok(self.link(Owner { tenant, registration }, kind, 0))
    }

    /// A link that begins a new attempt when it is first opened; after that, and from then on, it resumes that one.
    ///
    /// # Errors
    /// When there is no such registration, the course's settings allow no attempts on request, or it has had its last one.
    pub async fn new_attempt_link(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        kind: LaunchKind,
    ) -> Result<String, AppError> {
        let next = self.next_on_request(tenant, registration).await?;
        Ok(self.link(Owner { tenant, registration }, kind, next))
    }

    fn link(&self, owner: Owner, kind: LaunchKind, attempt: u32) -> String {
        let life = match kind {
            LaunchKind::Short => LAUNCH_LIFE,
            LaunchKind::Lasting => LASTING_LAUNCH_LIFE,
        };
        let token = self.0.signer.launch(Pass { owner, expires: self.now().saturating_add(life), attempt });
        format!("{}/launch/{token}", self.0.content_url.origin(owner.registration))
    }

    /// Turns a launch token into a session token. Here it is decided which attempt the launch is for
    /// ([`Settings::new_attempt`](lyceum_attempt::settings::Settings::new_attempt)); it begins with the page's session.
    ///
    /// # Errors
    /// When it is forged or expired, or the registration is gone.
    pub async fn redeem_launch(&self, launch_token: &str) -> Result<Redeemed, AccessError> {
        let now = self.now();
        let launch = self.0.signer.check_launch(launch_token, now)?;
        let owner = launch.owner;
        let due = self.attempt_due(owner).await?.ok_or(AccessError::Gone)?;
        let (expires, attempt) = (now.saturating_add(SESSION_LIFE), launch.attempt.max(due));
        Ok(Redeemed {
            session_token: self.0.signer.session(Pass { owner, expires, attempt }),
            registration: owner.registration,
            host_label: self.host_label(owner.registration),
        })
    }

    /// What the player page shows.
    ///
    /// # Errors
    /// When the token is forged or expired, or the registration is gone.
    pub async fn player_page(&self, session_token: &str) -> Result<PageInfo, AccessError> {
        let owner = self.0.signer.check_session(session_token, self.now())?.owner;
        let read = self.0.db.read(move |tx| {
            let Some(registration) = registrations::find(owner.tenant, tx, owner.registration)? else {
                return Ok(None);
            };
            let version =
                lyceum_store::courses::version(owner.tenant, tx, registration.course, registration.version)?;
            Ok(version.map(|version| (registration, version.standard)))
        });
        let (registration, standard) = read.await?.ok_or(AccessError::Gone)?;
        Ok(PageInfo {
            title: registration.course_title,
            standard: standard_title(&standard),
            learner: registration.learner.name,
            host_label: self.host_label(owner.registration),
        })
    }

    /// A session token with a later expiry.
    ///
    /// # Errors
    /// When the token is forged or expired.
    pub fn renew(&self, session_token: &str) -> Result<String, AccessError> {
        let now = self.now();
        let token = self.0.signer.check_session(session_token, now)?;
        Ok(self.0.signer.session(Pass { expires: now.saturating_add(SESSION_LIFE), ..token }))
    }

    /// The registration a session token is for, also in the grace of commits: for edges that compare it with the host.
    ///
    /// # Errors
    /// When the token is forged or long expired.
    pub fn registration_of(&self, session_token: &str) -> Result<RegistrationId, AccessError> {
        let token = self.0.signer.check_session_with_grace(session_token, self.now())?;
        Ok(token.owner.registration)
    }
}
