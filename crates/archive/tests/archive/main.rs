//! The archive from outside, on zips made byte by byte and on real packages.

mod inflated;
mod lookup;
mod open;
mod pack;
mod packages;
mod pool;
mod properties;
mod read;
mod support;
