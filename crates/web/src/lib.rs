//! Pages for people, on the application's origin: server-rendered, usable from the keyboard, without scripts, in light and
//! dark and on a phone.
//!
//! A request passes three doors before an action sees it: the shield (nothing that only a foreign page would send, and
//! the security headers on every answer), proof (changes come from our own pages), and the door (who may come in until there
//! are accounts: see [`Access`]).
#![forbid(unsafe_code)]

mod access;
mod actions;
mod assets;
mod page;
mod pages;
mod problem;
mod proof;
mod shield;
mod view;
mod visitor;
mod wording;

pub use access::{Access, Operator, Refusal};
pub use pages::{Pages, router};
