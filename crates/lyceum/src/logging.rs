//! Logs go to the standard error stream, written by a thread of their own: a slow terminal or pipe never holds up a request.

mod sink;

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub(crate) use sink::Flush;
use sink::Sink;

/// How logs look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// One JSON object a line, for programs.
    pub(crate) json: bool,
    /// What is logged where `LYCEUM_LOG` does not say.
    pub(crate) default_level: &'static str,
}

/// Starts logging for the whole program. What is still queued is written when the answer is dropped.
pub(crate) fn start(style: Style) -> Flush {
    let (sink, flush) = Sink::start(std::io::stderr());
    let filter =
        EnvFilter::try_from_env("LYCEUM_LOG").unwrap_or_else(|_| EnvFilter::new(style.default_level));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(sink);
    // A second start (tests of one process) keeps the first.
    let _ = if style.json {
        registry
            .with(layer.json().flatten_event(true).with_current_span(true).with_span_list(false))
            .try_init()
    } else {
        registry.with(layer.with_ansi(std::io::stderr().is_terminal())).try_init()
    };
    std::panic::set_hook(Box::new(log_panic));
    flush
}

/// A panic is a defect of ours: it goes to the log with its place.
fn log_panic(info: &std::panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info.payload_as_str().unwrap_or("a panic without a message");
    tracing::error!(place, "panic: {message}");
}
