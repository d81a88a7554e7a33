//! What a content key opens: a course's archive.

use std::sync::Arc;

use lyceum_archive::{CourseObject, Digest};
use lyceum_store::{RegistrationId, courses, registrations};

use crate::app::App;
use crate::error::AccessError;
use crate::folder::object_key;
use crate::token::Owner;

/// The files of a course for one registration. Paths start at the package's root.
#[derive(Clone, Debug)]
pub struct Content {
    /// The archive, with its digest.
    pub archive: Arc<CourseObject>,
    /// Whose content it is.
    pub registration: RegistrationId,
    /// The label that the host must begin with; `None` where all share one host.
    pub host_label: Option<String>,
}

impl App {
    /// Opens a course by its content key. Costs a keyed digest and a look into memory; only the first request for a key, or
    /// for an archive that was closed meanwhile, reads the database or the file.
    ///
    /// # Errors
    /// When the key is forged, or the course is gone or unreadable.
    pub async fn content(&self, key: &str) -> Result<Content, AccessError> {
        let (owner, version) = self.0.signer.check_content(key)?;
        let known = self.0.contents.get(&(owner.registration, version));
        let digest = match known {
            Some(digest) => digest,
            None => self.look_up_content(owner, version).await?,
        };
        let archive = match self.0.archives.get(&digest) {
            Some(archive) => archive,
            None => self.open_archive(digest).await?,
        };
        Ok(Content {
            archive,
            registration: owner.registration,
            host_label: self.host_label(owner.registration),
        })
    }

    async fn look_up_content(&self, owner: Owner, version: u32) -> Result<Digest, AccessError> {
        let read = self.0.db.read(move |tx| {
            let Some(registration) = registrations::find(owner.tenant, tx, owner.registration)? else {
                return Ok(None);
            };
            courses::version(owner.tenant, tx, registration.course, version)
        });
        let digest = Digest::from_bytes(read.await?.ok_or(AccessError::Gone)?.digest);
        self.0.contents.insert((owner.registration, version), digest);
        Ok(digest)
    }

    pub(crate) async fn open_archive(&self, digest: Digest) -> Result<Arc<CourseObject>, AccessError> {
        let app = self.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let path = app.0.folder.object(&object_key(&digest));
            app.0.archives.get_or_open(&digest, &path)
        });
        match opened.await {
            Ok(Ok(archive)) => Ok(archive),
            Ok(Err(e)) => Err(AccessError::Course(e.to_string())),
            Err(e) => Err(AccessError::Course(e.to_string())),
        }
    }
}
