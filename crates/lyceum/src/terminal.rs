//! The answer of a command, on the standard output.

use std::io::Write as _;

/// Writes `text` and makes sure that it is out. A reader that went away (`lyceum check … | head`) is no error.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// One line.
pub(crate) fn say_line(text: &str) {
    say(&format!("{text}\n"));
}
