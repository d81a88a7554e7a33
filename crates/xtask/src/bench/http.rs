//! A small HTTP/1.1 client for measuring: one connection, one request at a time, nothing hidden.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// A server that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// An address taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// `host:port`.
    pub(crate) authority: String,
    pub(crate) path: String,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("http://").with_context(|| format!("{url} is no http address"))?;
        let at = rest.find('/').unwrap_or(rest.len());
        let path = if rest[at..].is_empty() { "/" } else { &rest[at..] };
        Ok(Self { authority: rest[..at].to_owned(), path: path.to_owned() })
    }
}

/// An open connection.
pub(crate) struct Client {
    authority: String,
    stream: BufReader<TcpStream>,
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The answer, if its status is `wanted`.
    pub(crate) fn expect(self, wanted: u16) -> Result<Self> {
        if self.status != wanted {
            bail!("status {} instead of {wanted}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(self)
    }
}

impl Client {
    pub(crate) fn connect(authority: &str) -> Result<Self> {
        let stream = TcpStream::connect(authority).with_context(|| format!("connecting to {authority}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { authority: authority.to_owned(), stream: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Sends a request and reads the whole answer. `headers` are whole lines with `\r\n`.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Result<Answer> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{headers}\r\n",
            self.authority,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.read_answer(method == "HEAD")
    }

    pub(crate) fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        self.send("GET", path, headers, b"")
    }

    fn read_answer(&mut self, headless: bool) -> Result<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.with_context(|| format!("no status line: {status_line}"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if !headless && !matches!(status, 204 | 304) {
            answer.body = self.read_body(&answer)?;
        }
        Ok(answer)
    }

    fn read_body(&mut self, answer: &Answer) -> Result<Vec<u8>> {
        if let Some(length) = answer.header("content-length") {
            let mut body = vec![0; length.parse()?];
            self.stream.read_exact(&mut body)?;
            return Ok(body);
        }
        let mut body = Vec::new();
        loop {
            let size = usize::from_str_radix(self.line()?.trim(), 16).context("a chunk's size")?;
            let begun = body.len();
            body.resize(begun + size, 0);
            self.stream.read_exact(&mut body[begun..])?;
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }
}
