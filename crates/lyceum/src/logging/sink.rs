//! The queue between those who log and the thread that writes.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait are dropped beyond this, in bytes: logs must not take the memory that the server lives on.
const MAX_WAITING: usize = 4 << 20;

/// After a write the thread lets lines gather for so long: under load it would otherwise be woken for every line.
const GATHER: Duration = Duration::from_millis(10);

/// Takes lines; cheap to clone.
#[derive(Clone)]
pub(crate) struct Sink(Arc<Shared>);

/// Writes what is queued and ends the thread when it is dropped.
pub(crate) struct Flush {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    bytes: Vec<u8>,
    lost: u64,
    ended: bool,
    /// The thread wakes by itself soon: nobody needs to wake it.
    gathering: bool,
}

impl Sink {
    /// A sink that writes to `output` from a thread of its own.
    pub(crate) fn start(output: impl Write + Send + 'static) -> (Self, Flush) {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("log".into()).spawn(move || write_all(&for_thread, output));
        // Without a thread nothing is written, and the queue's bound keeps that harmless.
        (Self(Arc::clone(&shared)), Flush { shared, thread: thread.ok() })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets lines gather; ends at once when the log does.
    fn gather(&self) {
        let mut queue = self.lock();
        queue.gathering = true;
        let woken = self.changed.wait_timeout_while(queue, GATHER, |queue| !queue.ended);
        woken.unwrap_or_else(PoisonError::into_inner).0.gathering = false;
    }
}

fn write_all(shared: &Shared, mut output: impl Write) {
    let mut batch = Vec::new();
    loop {
        let (lost, ended) = {
            let mut queue = shared.lock();
            while queue.bytes.is_empty() && queue.lost == 0 && !queue.ended {
                queue = shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
            batch.clear();
            std::mem::swap(&mut batch, &mut queue.bytes);
            (std::mem::take(&mut queue.lost), queue.ended)
        };
        // There is nowhere to report that the log cannot be written.
        let _ = output.write_all(&batch);
        if lost > 0 {
            let _ =
                writeln!(output, "{lost} log lines were lost: they came faster than they could be written");
        }
        let _ = output.flush();
        if ended {
            return;
        }
        shared.gather();
    }
}

impl Write for Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut queue = self.0.lock();
        if queue.bytes.len() + line.len() > MAX_WAITING {
            queue.lost += 1;
        } else {
            queue.bytes.extend_from_slice(line);
        }
        let wakes_by_itself = queue.gathering;
        drop(queue);
        if !wakes_by_itself {
            self.0.changed.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::{Arc, Mutex};

    use super::{MAX_WAITING, Sink};

    /// An output that blocks until it is let go.
    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Output {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn everything_is_written_when_it_ends() {
        let output = Output::default();
        let (mut sink, flush) = Sink::start(output.clone());
        for number in 0..1000 {
            writeln!(sink, "line {number}").expect("queued");
        }
        drop(flush);
        let written = String::from_utf8(output.0.lock().expect("not poisoned").clone()).expect("text");
        assert_eq!(written.lines().count(), 1000);
        assert!(written.ends_with("line 999\n"));
    }

    #[test]
    fn a_stuck_output_costs_lines_and_not_memory() {
        let output = Output::default();
        let held = output.0.lock().expect("not poisoned");
        let (mut sink, flush) = Sink::start(output.clone());
        let line = vec![b'x'; 1 << 20];
        for _ in 0..20 {
            sink.write_all(&line).expect("queued or counted");
        }
        drop(held);
        drop(flush);
        let written = output.0.lock().expect("not poisoned").clone();
        // One batch may be in the writer's hands, one waits.
        assert!(written.len() <= 2 * MAX_WAITING + 200, "{}", written.len());
        assert!(String::from_utf8_lossy(&written).contains("log lines were lost"));
    }
}
