//! The content origin: player pages, the player's own files, sessions and commits, and the files of courses.
//!
//! | route | file |
//! |---|---|
//! | `GET /launch/{token}` | `launch.rs` |
//! | `GET /play/{token}/` | `page.rs` |
//! | `POST /play/{token}/sessions` | `sessions.rs` |
//! | `POST /play/{token}/commits` | `commits.rs` |
//! | `POST /play/{token}/renew` | `renew.rs` |
//! | `POST /play/{token}/attempts` | `attempts.rs` |
//! | `GET /player/{digest}/{file}` | `assets.rs` |
//! | `GET /course/{key}/{path}` | `course.rs`, `content/` |
//!
//! A token in the path is all that a request proves itself with: there are no cookies on this origin.
#![forbid(unsafe_code)]

mod answer;
mod assets;
mod attempts;
mod body;
mod commits;
pub mod content;
mod course;
mod edge;
mod headers;
mod host;
mod launch;
mod message;
mod page;
mod renew;
mod sessions;

pub use edge::router;
