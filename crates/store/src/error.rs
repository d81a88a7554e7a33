//! What can go wrong between a use case and the database.

use rusqlite::ErrorCode;
use thiserror::Error;

/// Failure of a database job. Nothing of a failed job is on disk, except for [`DbError::Unknown`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DbError {
    /// Somebody else held the write lock, or a row's, for longer than [`crate::BUSY_TIMEOUT`] or what the server allows.
    #[error("the database is busy: another process holds what this one waits for; try again in a moment")]
    Busy,
    /// The database server cannot be reached, or does not answer any more.
    #[error("the database server cannot be reached: {0}; check that it runs, and try again in a moment")]
    Away(String),
    /// The database server is there and does not let this program in: a wrong password, no such database, encryption that one of
    /// both wants and the other has not.
    #[error("the database server refuses this program: {0}")]
    Denied(String),
    /// The certificate of the database server is not one that [`crate::Remote::url`] trusts.
    #[error(
        "the certificate of the database server is not trusted: {0}; \
         name its authority's file with sslrootcert=FILE in the address of the database, and the host as the certificate does"
    )]
    Untrusted(String),
    /// The server's address cannot be used.
    #[error(
        "the address of the database is not usable: {0}; write it as postgres://user:password@host:5432/database"
    )]
    Address(String),
    /// The disk, or the limit on the database's size, is full.
    #[error("the disk that holds the database is full: free some space, then try again ({0})")]
    Full(String),
    /// Reading or writing the file failed.
    #[error("the database file cannot be read or written: check the disk and the folder's permissions ({0})")]
    Io(String),
    /// The file is damaged or is no database.
    #[error("the database file is damaged: restore it from a backup ({0})")]
    Corrupt(String),
    /// A uniqueness, reference or check rule refused a row. Two writers met, or the code is wrong.
    #[error("a rule of the database refused the row: {0}")]
    Constraint(String),
    /// The optimistic check failed: somebody else changed the same records since they were read. Read again and redo.
    #[error("the records were changed by another writer meanwhile: read them again and repeat the change")]
    Conflict,
    /// A statement is wrong or a column holds what it should not.
    #[error("a statement failed, which is a defect of this program: {0}")]
    Sql(String),
    /// An earlier statement of the same job failed, so the whole job is void, whatever it answered.
    #[error("an earlier statement of this job failed, so none of it was stored")]
    Doomed,
    /// The job's code panicked; its changes were rolled back.
    #[error(
        "the job stopped with a panic, which is a defect of this program, and nothing of it was stored: {0}"
    )]
    Panicked(String),
    /// COMMIT itself failed: none of the group's jobs is acknowledged.
    #[error("the database could not confirm that the change is on disk: {0}; try again")]
    Unknown(String),
    /// A copy needs an empty target.
    #[error("the target holds rows in {0} already: copy into an empty database")]
    NotEmpty(String),
    /// The database was closed.
    #[error("the server is shutting down and takes no more work; try again in a moment")]
    Closed,
    /// The schema is from a newer program.
    #[error(
        "the data folder was written by a newer version (schema {found}, this program knows {known}): \
         use the newer program, or restore a backup from before the upgrade"
    )]
    SchemaNewer {
        /// Version found in the file.
        found: i64,
        /// Newest version this program has.
        known: i64,
    },
    /// A migration that was applied is not the one this program has.
    #[error(
        "migration {0} in the data folder differs from the one of this program: it was made by another build; \
         use that build, or restore a backup"
    )]
    SchemaChanged(i64),
}

impl DbError {
    /// Whether the database is in trouble, rather than the job wrong: the same job may well succeed later.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        // An operator may put right what the server refuses; what is accepted meanwhile must not get lost.
        let is_refused = matches!(self, Self::Denied(_) | Self::Untrusted(_));
        is_refused
            || matches!(self, Self::Busy | Self::Away(_) | Self::Full(_) | Self::Io(_) | Self::Unknown(_))
    }

    /// Stable word for programs and metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy => "database-busy",
            Self::Away(_) => "database-away",
            Self::Denied(_) => "database-denied",
            Self::Untrusted(_) => "database-untrusted",
            Self::Address(_) => "database-address",
            Self::Full(_) => "database-full",
            Self::Io(_) => "database-io",
            Self::Corrupt(_) => "database-corrupt",
            Self::Constraint(_) => "database-constraint",
            Self::Conflict => "database-conflict",
            Self::Sql(_) => "database-statement",
            Self::Doomed => "database-doomed",
            Self::Panicked(_) => "database-panic",
            Self::Unknown(_) => "database-unconfirmed",
            Self::NotEmpty(_) => "database-not-empty",
            Self::Closed => "database-closed",
            Self::SchemaNewer { .. } => "schema-newer",
            Self::SchemaChanged(_) => "schema-changed",
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(e: rusqlite::Error) -> Self {
        let text = e.to_string();
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full(text),
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::Io(text),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(text),
            Some(ErrorCode::ConstraintViolation) => Self::Constraint(text),
            _ => Self::Sql(text),
        }
    }
}
