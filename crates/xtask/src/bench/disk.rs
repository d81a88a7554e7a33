//! The anchor of latency: how long this disk takes to make a few kilobytes durable.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::figure::median;

/// Bytes between two flushes.
const BLOCK: [u8; 4096] = [42; 4096];

/// The middle of many `fdatasync` after 4 KB were appended, in milliseconds.
pub(crate) fn flush_ms(folder: &Path, duration: Duration) -> Result<f64> {
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("flushes"))?;
    let begun = Instant::now();
    let mut took = Vec::new();
    while begun.elapsed() < duration {
        file.write_all(&BLOCK)?;
        let flushing = Instant::now();
        file.sync_data()?;
        took.push(flushing.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(took))
}
