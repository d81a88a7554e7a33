//! Being told to stop: Ctrl-C anywhere, SIGTERM on Unix.

use std::io;

use tokio::sync::mpsc;

/// Delivers one message for each time somebody asks the program to stop.
pub(crate) struct Signals(mpsc::UnboundedReceiver<()>);

impl Signals {
    /// Begins to listen; from now on the signals do not end the program by themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        let (told, received) = mpsc::unbounded_channel();
        forward(&told)?;
        Ok(Self(received))
    }

    /// Resolves when the next signal arrives.
    pub(crate) async fn next(&mut self) {
        // The senders live as long as the program; should they not, nobody can ask any more.
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn forward(told: &mpsc::UnboundedSender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let told = told.clone();
        tokio::spawn(async move { while signal.recv().await.is_some() && told.send(()).is_ok() {} });
    }
    Ok(())
}

#[cfg(not(unix))]
fn forward(told: &mpsc::UnboundedSender<()>) -> io::Result<()> {
    let told = told.clone();
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && told.send(()).is_ok() {} });
    Ok(())
}
