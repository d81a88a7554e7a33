//! A place behind the wall of a tenant of its own, where an operator's self-test can write into the real store.

use std::path::PathBuf;

use lyceum_archive::Digest;
use lyceum_store::{CourseId, Tenant, courses, scratch};

use crate::app::App;
use crate::error::AppError;
use crate::folder::object_key;

impl App {
    /// A new tenant for a short while. Its chains are not signed, and nothing of it stays after [`App::remove_scratch`]; what a
    /// program that died has left is removed by the next call, an hour later.
    ///
    /// # Errors
    /// When the database is in trouble.
    pub async fn begin_scratch(&self) -> Result<Tenant, AppError> {
        let now = self.now();
        Ok(self.0.db.write(move |tx| scratch::begin(tx, now)).await?)
    }

    /// Removes a scratch tenant with everything it has. Packages go when no other tenant has them, by the usual clearing.
    ///
    /// # Errors
    /// When the database is in trouble.
    pub async fn remove_scratch(&self, tenant: Tenant) -> Result<(), AppError> {
        Ok(self.0.db.write(move |tx| scratch::remove(tenant, tx)).await?)
    }

    /// The file of a course's newest version, as it was imported. Not to be changed.
    ///
    /// # Errors
    /// When there is no such course.
    pub async fn package_file(&self, tenant: Tenant, course: CourseId) -> Result<PathBuf, AppError> {
        let read = self.0.db.read(move |tx| {
            let Some(found) = courses::find(tenant, tx, course)? else { return Ok(None) };
            courses::version(tenant, tx, course, found.version)
        });
        let version =
            read.await?.ok_or_else(|| AppError::NotFound { what: "course", id: course.to_string() })?;
        Ok(self.0.folder.object(&object_key(&Digest::from_bytes(version.digest))))
    }
}
