//! Follows `batch.js`: entries as text, and the bodies of commits.

use std::fmt::Write as _;

use lyceum_attempt::Millis;

/// An entry on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) seq: u64,
    pub(crate) text: String,
}

/// The longest run of neighbours from the front that fits into `max_bytes`; at least one entry, however large.
pub(super) fn first_batch(lines: &[Line], max_bytes: usize) -> &[Line] {
    let (mut bytes, mut n) = (0, 0);
    for line in lines {
        let is_neighbour = n == 0 || line.seq == lines[n - 1].seq + 1;
        if n > 0 && (!is_neighbour || bytes + line.text.len() > max_bytes) {
            break;
        }
        bytes += line.text.len() + 1;
        n += 1;
    }
    &lines[..n]
}

/// The body of a commit. No entries: a heartbeat.
pub(super) fn commit_body(
    session: &str,
    from_seq: u64,
    confirmed: u64,
    lines: &[Line],
    client_clock: Millis,
    state_hash: Option<u64>,
) -> String {
    let mut body =
        format!(r#"{{"session":"{session}","from_seq":{from_seq},"confirmed":{confirmed},"entries":["#);
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            body.push(',');
        }
        body.push_str(&line.text);
    }
    let hash = state_hash.map_or_else(|| "null".to_owned(), |hash| format!("\"{hash:016x}\""));
    let _ = write!(body, r#"],"client_clock":{client_clock},"state_hash":{hash}}}"#);
    body
}
