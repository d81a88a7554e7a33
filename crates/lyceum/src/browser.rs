//! Opening a link in the person's browser.

use std::process::{Command, Stdio};

/// Opens `url` with whatever the system opens links with.
pub(crate) fn open(url: &str) -> std::io::Result<()> {
    let mut command = opener(url);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    // Some openers live as long as the browser: nobody waits for them here.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(target_os = "macos")]
fn opener(url: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(url);
    command
}

#[cfg(windows)]
fn opener(url: &str) -> Command {
    let mut command = Command::new("cmd");
    // The empty argument is the window's title, which `start` would else take the address for.
    command.args(["/C", "start", "", url]);
    command
}

#[cfg(not(any(windows, target_os = "macos")))]
fn opener(url: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(url);
    command
}
