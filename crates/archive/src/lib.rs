//! Safe random access into a course zip. Nothing is ever unpacked: the central directory becomes an index in memory, and
//! every file of the course is read from where it lies.
//!
//! | wanted | use |
//! |---|---|
//! | open and judge a zip | [`Archive::open`], [`OpenOptions`], [`OpenError`], [`Problem`] |
//! | find a file by the course's own href | [`Archive::lookup`] |
//! | read a file, checked | [`Archive::read`], [`Archive::reader`] |
//! | send a file as it lies | [`Archive::stored`], [`Archive::gzip`] |
//! | take in an upload, with its digest | [`Intake`] |
//! | check everything | [`Archive::verify`] |
//! | serve a folder as a course | [`pack_folder`] |
//! | keep archives open, inflated files at hand | [`Pool`], [`Inflated`], [`SmallFiles`] |
//!
//! The zip structures are those of PKWARE's APPNOTE.TXT 6.3.10 (section numbers in the comments). Everything in this
//! crate blocks; asynchronous callers use their runtime's blocking threads, or [`Source::read_cached_at`].
#![forbid(unsafe_code)]

mod archive;
mod cache;
mod digest;
mod directory;
mod entry;
mod index;
mod intake;
mod limits;
mod lookup;
mod name;
mod pack;
mod pool;
mod problem;
mod read;
mod source;
mod verify;

pub use archive::{Archive, GzipParts, OpenOptions, Span};
pub use cache::{CacheKey, FillJob, Form, Inflated, Request, SmallFiles};
pub use digest::{Digest, Digester};
pub use entry::{Entry, EntryId, EntryKind, Method, NameEncoding};
pub use intake::{Intake, Received};
pub use limits::Limits;
pub use pack::{PackError, Packed, Skipped, pack_folder};
pub use pool::{CourseObject, Pool};
pub use problem::{Code, OpenError, Policy, Problem, Severity};
pub use read::{Damage, EntryReader, ReadError};
pub use source::Source;
pub use verify::Verification;
