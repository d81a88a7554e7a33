//! Delivery of course files over HTTP, straight from the course archive.
//!
//! [`Delivery::respond`] answers one request for one path of one course. The caller has checked before that the client may
//! have this course; here only the file and the request's own headers count.
//!
//! | file | as identity or by range | as gzip |
//! |---|---|---|
//! | stored in the archive | as it lies | - |
//! | deflated in the archive | inflated once into the cache on disk | as it lies, in a gzip frame |
//! | up to [`SMALL_LEN`] bytes, either way | from memory | from memory |
//!
//! A range is always one of the identity: a request with `Range` gets no gzip, even when the range cannot be served.

mod body;
mod buffers;
mod conditions;
mod delivery;
mod encoding;
mod headers;
mod media_type;
mod range;
mod refusal;

pub use body::ContentBody;
pub use delivery::{Delivery, SMALL_LEN, Settings, StartError};
pub use headers::{BadOrigin, ContentHeaders};
pub use media_type::media_type;
