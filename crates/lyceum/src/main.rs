//! The executable.
#![forbid(unsafe_code)]

mod logging;
mod origin;
mod server;

fn main() {}
