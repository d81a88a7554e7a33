//! Identifiers, one type each, so that no session is ever taken for an attempt.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use uuid::Uuid;

/// The wall between organisations that share a server. Every store function takes it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(pub i64);

impl Tenant {
    /// The tenant of a server that has only one.
    pub const DEFAULT: Self = Self(1);

    /// Whether it is there for a short while only ([`crate::scratch`]).
    #[must_use]
    pub const fn is_scratch(self) -> bool {
        self.0 < 0
    }
}

/// Text that is no id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is no id: an id looks like 0193f2c4-7a10-7e3b-9c55-0123456789ab")]
pub struct BadId(pub String);

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),* $(,)?) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// From a UUID; new ones are version 7.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }
            /// From the stored sixteen bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
            /// The stored form.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
            /// 32 hexadecimal digits: fits a label of a host name.
            #[must_use]
            pub fn to_label(self) -> String {
                self.0.simple().to_string()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::try_parse(text).map(Self).map_err(|_| BadId(text.chars().take(64).collect()))
            }
        }
        impl crate::value::Kinded for &$name {
            const KIND: crate::value::Kind = crate::value::Kind::Blob;
        }
        impl<'a> From<&'a $name> for crate::value::Param<'a> {
            fn from(id: &'a $name) -> Self {
                Self::Blob(id.as_bytes())
            }
        }
    )*};
}

ids! {
    /// A course, over all its versions.
    CourseId,
    /// A learner.
    LearnerId,
    /// One learner on one course.
    RegistrationId,
    /// One attempt of a registration.
    AttemptId,
    /// One load of the player page.
    SessionId,
    /// An operator's key.
    KeyId,
}
