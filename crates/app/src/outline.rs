//! What is inside a course, and how it came to be.

use std::sync::Arc;

use lyceum_attempt::plan::Plan;
use lyceum_store::{CourseId, Tenant, courses};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::views::rfc3339;

/// A version of a course in a list.
#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    /// From 1.
    pub version: u32,
    /// RFC 3339.
    pub imported: String,
    /// Bytes of the package.
    pub size: u64,
    /// SHA-256 of the package, 64 hexadecimal digits.
    pub digest: String,
    /// What is known of its files' checksums: pending, sound or damaged.
    pub verified: &'static str,
}

impl App {
    /// The activities of a course's version.
    ///
    /// # Errors
    /// When there is no such version, or it cannot be read.
    pub async fn outline(&self, tenant: Tenant, course: CourseId, version: u32) -> Result<Arc<Plan>, AppError> {
        self.plan(tenant, course, version).await
    }

    /// The versions of a course, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(&self, tenant: Tenant, course: CourseId) -> Result<Vec<VersionView>, AppError> {
        let rows = self.0.db.read(move |tx| courses::versions(tenant, tx, course)).await?;
        Ok(rows
            .into_iter()
            .map(|row| VersionView {
                version: row.version,
                imported: rfc3339(row.imported_at),
                size: row.size,
                digest: lyceum_archive::Digest::from_bytes(row.digest).to_string(),
                verified: row.verified.word(),
            })
            .collect())
    }
}
