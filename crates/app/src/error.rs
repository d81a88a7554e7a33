//! Errors with stable codes, and sentences that say what to do.

use lyceum_attempt::settings::catalog::SettingError;
use lyceum_store::DbError;
use thiserror::Error;

/// What an error means to a caller, whatever its protocol. In brackets the HTTP status that edges answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request makes no sense (400).
    Malformed,
    /// The token or key is missing, forged or expired (401).
    Unauthorized,
    /// It is valid, but for something else (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// It was there, and is not any more (410).
    Gone,
    /// It makes sense, but not as things stand now (409).
    Conflict,
    /// Over a limit that repeating does not help against (413).
    TooLarge,
    /// The package cannot be used as it is (422).
    Unusable,
    /// Too much at once; again after so many milliseconds (429 with Retry-After).
    TooMany {
        /// Milliseconds to wait.
        retry_after: u64,
    },
    /// The disk or the database is in trouble; repeating helps (503).
    Unavailable,
}

impl ErrorKind {
    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::Unusable => 422,
            Self::TooMany { .. } => 429,
            Self::Unavailable => 503,
        }
    }
}

/// Why the application cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// A folder or file of the data folder.
    #[error("{path} cannot be used: {source}; choose another data folder or correct its permissions")]
    Folder {
        /// What was tried.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The secret key file holds something else.
    #[error(
        "{0} does not hold a key of 32 bytes: restore it from a backup, or delete it (all links given out so far end then)"
    )]
    BadSecret(String),
    /// The content address cannot be used.
    #[error(
        "the content address \"{0}\" is not usable: write it as http://host:port or https://*.courses.example"
    )]
    BadAddress(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Why a link, token or content key does not open.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AccessError {
    /// Not made by this server, or cut.
    #[error("this link is not valid: it was cut off or made by another server; ask for a new one")]
    Forged,
    /// No key came, or one that is unknown or revoked.
    #[error(
        "this takes a key (Authorization: Bearer KEY, made by `lyceum key create`) or a session token, and none that is known came"
    )]
    Key,
    /// Its time is over.
    #[error("this link has expired; open the course again from where you got it")]
    Expired,
    /// The registration it stands for is gone.
    #[error("what this link leads to is not there any more; ask for a new one")]
    Gone,
    /// The course's file cannot be opened.
    #[error("the course's file cannot be opened: {0}; import the course again or restore it from a backup")]
    Course(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl AccessError {
    /// Stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forged => "token-invalid",
            Self::Expired => "token-expired",
            Self::Key => "key-invalid",
            Self::Gone => "registration-gone",
            Self::Course(_) => "course-unreadable",
            Self::Database(e) => e.code(),
        }
    }
    /// What it means to a caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Forged | Self::Expired | Self::Key => ErrorKind::Unauthorized,
            Self::Gone => ErrorKind::Gone,
            Self::Course(_) | Self::Database(_) => ErrorKind::Unavailable,
        }
    }
}

/// Why a use case failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AppError {
    /// The token.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request makes no sense.
    #[error("the request cannot be understood: {0}")]
    Malformed(String),
    /// A setting of a course.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A session id that this server never gave out.
    #[error("there is no session {0}; open a new one by loading the player page again")]
    UnknownSession(String),
    /// A session of somebody else.
    #[error("session {0} belongs to another registration than the token")]
    ForeignSession(String),
    /// Something that the key or token does not reach.
    #[error("this {0} is not within the reach of the key or token that came with the request")]
    OutOfReach(&'static str),
    /// There is no such thing in this tenant.
    #[error("there is no {what} {id}")]
    NotFound {
        /// course, registration, key.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A value, a name or the number of entries.
    #[error("{what} has {found} {unit}, and at most {limit} are taken; send less at once")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// How much it is.
        found: u64,
        /// How much it may be.
        limit: u64,
        /// bytes or entries.
        unit: &'static str,
    },
    /// The course's settings allow so many attempts.
    #[error(
        "this course allows {limit} attempts, and the last one has begun; set max_attempts of the course higher"
    )]
    AttemptLimit {
        /// Attempts that are allowed.
        limit: u32,
    },
    /// The course's settings allow no launch to ask for a new attempt.
    #[error("this course begins no attempts on request; set new_attempt_on_request=yes for it")]
    NoNewAttempt,
    /// The attempt has filled its storage.
    #[error("this attempt has filled its storage of {limit} bytes; ask for a new attempt")]
    StorageFull {
        /// Bytes that an attempt may fill.
        limit: u64,
    },
    /// The flood budget is used up.
    #[error("too many requests for this registration; try again in {} s", .retry_after.div_ceil(1_000))]
    Flood {
        /// Milliseconds to wait.
        retry_after: u64,
    },
    /// What was to be written, such as an export, could not be.
    #[error("it could not be written: {0}")]
    Output(String),
    /// Stored data cannot be read.
    #[error(
        "stored data of this registration cannot be read: {0}; run the newest version, or restore a backup"
    )]
    Unreadable(String),
    /// The database.
    #[error("the change could not be stored: {0}")]
    Database(DbError),
}

impl From<DbError> for AppError {
    fn from(e: DbError) -> Self {
        Self::Database(e)
    }
}

impl AppError {
    /// Stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Access(e) => e.code(),
            Self::Malformed(_) => "malformed-request",
            Self::Setting(SettingError::Unknown(_)) => "unknown-setting",
            Self::Setting(SettingError::Value { .. }) => "bad-setting",
            Self::UnknownSession(_) => "unknown-session",
            Self::ForeignSession(_) => "foreign-session",
            Self::OutOfReach(_) => "out-of-reach",
            Self::NotFound { .. } => "not-found",
            Self::TooLarge { .. } => "too-large",
            Self::AttemptLimit { .. } => "attempt-limit",
            Self::NoNewAttempt => "no-new-attempt",
            Self::StorageFull { .. } => "storage-full",
            Self::Flood { .. } => "too-many-requests",
            Self::Output(_) => "output-failed",
            Self::Unreadable(_) => "unreadable-data",
            Self::Database(e) => e.code(),
        }
    }
    /// What it means to a caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Access(e) => e.kind(),
            Self::Malformed(_) | Self::Setting(_) => ErrorKind::Malformed,
            Self::UnknownSession(_) | Self::NotFound { .. } => ErrorKind::NotFound,
            Self::ForeignSession(_) | Self::OutOfReach(_) => ErrorKind::Forbidden,
            Self::AttemptLimit { .. } | Self::NoNewAttempt => ErrorKind::Conflict,
            Self::TooLarge { .. } | Self::StorageFull { .. } => ErrorKind::TooLarge,
            Self::Flood { retry_after } => ErrorKind::TooMany { retry_after: *retry_after },
            Self::Output(_) | Self::Unreadable(_) | Self::Database(_) => ErrorKind::Unavailable,
        }
    }
}
