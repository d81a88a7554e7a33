//! Fixtures that several crates' tests share.
#![forbid(unsafe_code)]

pub mod wasm_sources;
