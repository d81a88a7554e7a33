//! Course files over HTTP: whole requests against whole answers.

mod answers;
mod damage;
mod support;
mod wire;
