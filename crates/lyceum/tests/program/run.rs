//! Running the program, and asking the server that it is.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Only a defect takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, without anything that the environment of the tests says about Lyceum.
pub(crate) fn lyceum(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lyceum"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LYCEUM_")) {
        command.env_remove(name);
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Output {
    lyceum(args).output().expect("the program starts")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub(crate) fn json(output: &Output) -> Value {
    let text = out(output);
    assert_eq!(text.lines().count(), 1, "one line: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A course that comes with the project.
pub(crate) fn sample(name: &str) -> String {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("examples").join(name).canonicalize().expect("a sample course").to_string_lossy().into_owned()
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) ready: Value,
    pub(crate) port: u16,
}

impl Server {
    /// Starts with `--json` on a free port, and waits until it is ready.
    pub(crate) fn start(args: &[&str], data: &Path) -> Self {
        Self::start_on(args, data, "127.0.0.1:0")
    }

    pub(crate) fn start_on(args: &[&str], data: &Path, listen: &str) -> Self {
        Self::begin(lyceum(args), data, listen)
    }

    /// The same with a command that is to be run in a way of its own.
    pub(crate) fn begin(mut command: Command, data: &Path, listen: &str) -> Self {
        command.args(["--json", "--listen", listen, "--data"]).arg(data);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        if line.is_empty() {
            panic!("not ready: {}", err(&child.wait_with_output().expect("it ended")));
        }
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let port = ready["content_url"].as_str().and_then(|url| url.rsplit(':').next()?.parse().ok());
        Self { child, ready, port: port.expect("a port") }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.ready))
    }

    /// A whole answer to a request of one line.
    pub(crate) fn ask(&self, host: &str, line: &str, headers: &str) -> String {
        let mut stream = self.connect();
        let request =
            format!("{line} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n{headers}\r\n", self.port);
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The JSON that a post of JSON to the content origin is answered with.
    pub(crate) fn post(&self, path: &str, body: &str) -> Value {
        let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let mut stream = self.connect();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{headers}\r\n{body}",
            self.port
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        // The body may come in chunks; these are small enough to be one.
        let json = &body[body.find('{').expect("an object")..=body.rfind('}').expect("an object")];
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// A request whose body is still to come, and which a handler waits for: 9 bytes of a form.
    pub(crate) fn begin_form(&self) -> TcpStream {
        let mut stream = self.connect();
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost:{}\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n",
            self.port
        );
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).expect("the server wants the body");
        assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream
    }

    /// Waits until it takes no more connections.
    pub(crate) fn wait_until_deaf(&self) {
        let patience = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            assert!(Instant::now() < patience, "it still accepts");
            std::thread::yield_now();
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
    }

    /// Asks it to stop, as a service manager does.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
    }

    /// Waits until it has ended; answers how, and what it logged.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("it ends");
        let mut log = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut log).expect("UTF-8");
        (status, log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
