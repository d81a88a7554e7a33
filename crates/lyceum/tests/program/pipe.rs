//! `lyceum simulate` as a conversation: a line in, a line out.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use crate::run::lyceum;

/// The program at the other end.
pub(crate) struct Pipe {
    child: Child,
    /// Closed first, so that the program ends by itself.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Pipe {
    pub(crate) fn open(manifest: &Path, learner: &str) -> Self {
        let manifest = manifest.to_string_lossy();
        let mut program =
            lyceum(&["simulate", &manifest, "--learner", learner, "--now", "2026-01-01T00:00:00Z"]);
        let mut child =
            program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        Self { stdin: child.stdin.take(), child, stdout }
    }

    /// Types a command and reads its answer.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        let stdin = self.stdin.as_mut().expect("open");
        writeln!(stdin, "{command}").expect("it reads");
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).expect("it answers");
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{command}: {error}: {answer}"))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.stdin.take();
        // A test that failed says so itself.
        let _ = self.child.wait();
    }
}
