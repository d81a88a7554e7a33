//! Course files from an imported package, with the access check on, against nginx and the same files in a folder.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::figure::{Anchor, Bar, Figure, median};
use super::http::Address;
use super::learner::Learner;
use super::program::Program;
use super::tools::Tools;
use crate::process::command;

const KIB: usize = 1024;

/// The files, as name and size.
const FILES: [(&str, usize); 3] =
    [("f10k.bin", 10 * KIB), ("f1m.bin", KIB * KIB), ("f100m.bin", 100 * KIB * KIB)];

/// One kind of load.
struct Cell {
    name: &'static str,
    file: &'static str,
    connections: usize,
    /// Requests per second count, else bytes.
    by_requests: bool,
    ranges: bool,
    bar: Bar,
}

const CELLS: [Cell; 4] = [
    Cell {
        name: "10 KB files",
        file: "f10k.bin",
        connections: 64,
        by_requests: true,
        ranges: false,
        bar: Bar::AtLeast { ratio: 0.5, stretch: Some(0.7) },
    },
    Cell {
        name: "1 MB files",
        file: "f1m.bin",
        connections: 64,
        by_requests: false,
        ranges: false,
        bar: Bar::AtLeast { ratio: 0.7, stretch: None },
    },
    Cell {
        name: "100 MB files",
        file: "f100m.bin",
        connections: 4,
        by_requests: false,
        ranges: false,
        bar: Bar::AtLeast { ratio: 0.7, stretch: None },
    },
    Cell {
        name: "64 KB ranges of 100 MB",
        file: "f100m.bin",
        connections: 64,
        by_requests: false,
        ranges: true,
        bar: Bar::AtLeast { ratio: 0.7, stretch: None },
    },
];

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let wrk = tools.need("wrk")?;
    let folder = tools.folder("www")?;
    make_files(&folder)?;
    let nginx = Nginx::start(tools, &folder)?;
    let package = make_package(&folder, &tools.work.join("files.zip"))?;
    let program =
        Program::start(&tools.binary, &["play", &package.to_string_lossy()], &tools.folder("delivery")?)?;
    let launch = program.text("launch_url")?;
    let ours = format!("http://{}{}", Address::parse(launch)?.authority, Learner::launch(launch)?.content);
    let ranges = tools.work.join("ranges.lua");
    std::fs::write(&ranges, RANGES)?;
    CELLS.iter().map(|cell| measure(tools, &wrk, &ranges, cell, &ours, &nginx.url)).collect()
}

/// Both servers in turn, so that whatever else the machine does falls on both.
fn measure(tools: &Tools, wrk: &Path, ranges: &Path, cell: &Cell, ours: &str, nginx: &str) -> Result<Figure> {
    let (mut our_runs, mut their_runs) = (Vec::new(), Vec::new());
    for _ in 0..tools.rounds {
        their_runs.push(load(tools, wrk, ranges, cell, nginx)?);
        our_runs.push(load(tools, wrk, ranges, cell, ours)?);
    }
    let unit = if cell.by_requests { "requests/s" } else { "MB/s" };
    let anchor = Anchor { name: "nginx".into(), value: median(their_runs) };
    Ok(Figure::rate(format!("delivery of {}", cell.name), median(our_runs), unit, anchor, cell.bar))
}

/// Random 64 KiB ranges; the same ones in every run.
const RANGES: &str = r#"math.randomseed(1)
local size, length = 104857600, 65536
request = function()
  local from = math.random(0, size - length - 1)
  return wrk.format("GET", nil, { ["Range"] = "bytes=" .. from .. "-" .. (from + length - 1) })
end
"#;

fn load(tools: &Tools, wrk: &Path, ranges: &Path, cell: &Cell, base: &str) -> Result<f64> {
    let mut command = command(wrk);
    command.args(["-t1", "--timeout", "30s"]);
    command.arg(format!("-c{}", cell.connections)).arg(format!("-d{}s", tools.seconds));
    if cell.ranges {
        command.arg("-s").arg(ranges);
    }
    let output = command.arg(format!("{}/{}", base.trim_end_matches('/'), cell.file)).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if let Some(trouble) =
        text.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        bail!("{} from {base}: {trouble}", cell.file);
    }
    let figure = |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    let shown = figure(if cell.by_requests { "Requests/sec:" } else { "Transfer/sec:" });
    let shown =
        shown.with_context(|| format!("wrk said: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
    if cell.by_requests { Ok(shown.parse()?) } else { megabytes(shown) }
}

/// `1.07GB` in wrk's binary units, as decimal megabytes.
fn megabytes(shown: &str) -> Result<f64> {
    let digits = shown.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match &shown[digits.len()..] {
        "GB" => f64::from(1 << 30),
        "MB" => f64::from(1 << 20),
        "KB" => f64::from(1 << 10),
        "B" => 1.0,
        unit => bail!("unknown unit {unit}"),
    };
    Ok(digits.parse::<f64>()? * scale / 1e6)
}

/// Bytes that no compression shortens.
fn make_files(folder: &Path) -> Result<()> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for (name, size) in FILES {
        let bytes: Vec<u8> = (0..size.div_ceil(8))
            .flat_map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()
            })
            .take(size)
            .collect();
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

const MANIFEST: &str = r#"<?xml version="1.0"?>
<manifest identifier="files" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>Files</title><item identifier="i" identifierref="r"><title>Files</title></item></organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html"><file href="index.html"/></resource></resources>
</manifest>
"#;

/// A course with the files stored, as packagers store media.
fn make_package(folder: &Path, package: &Path) -> Result<PathBuf> {
    let mut zip = ZipWriter::new(std::fs::File::create(package)?);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let texts =
        [("imsmanifest.xml", MANIFEST.as_bytes()), ("index.html", b"<!doctype html><title>Files</title>")];
    for (name, text) in texts {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text)?;
    }
    for (name, _) in FILES {
        zip.start_file(name, stored)?;
        zip.write_all(&std::fs::read(folder.join(name))?)?;
    }
    zip.finish()?;
    Ok(package.to_path_buf())
}

/// An nginx of our own on a free port.
struct Nginx {
    child: Child,
    url: String,
    stop: Box<dyn Fn()>,
}

impl Nginx {
    fn start(tools: &Tools, folder: &Path) -> Result<Self> {
        let nginx = tools.need("nginx")?;
        let home = tools.folder("nginx")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let config = home.join("nginx.conf");
        std::fs::write(&config, configuration(&home, folder, port))?;
        let of_ours = move |nginx: &Path, home: &Path, config: &Path| {
            let mut command = command(nginx);
            command.arg("-p").arg(home).arg("-c").arg(config).stderr(Stdio::null());
            command
        };
        let child = of_ours(&nginx, &home, &config).spawn().context("starting nginx")?;
        let stop = Box::new(move || {
            let _ = of_ours(&nginx, &home, &config).args(["-s", "stop"]).status();
        });
        let started = Self { child, url: format!("http://127.0.0.1:{port}"), stop };
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > patience {
                bail!("nginx does not answer");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(started)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        (self.stop)();
        let _ = self.child.wait();
    }
}

/// As nginx is set up to deliver files fast; without its log, which only makes it faster.
fn configuration(home: &Path, folder: &Path, port: u16) -> String {
    let home = home.display();
    // Started by root, its workers would become a user who cannot read our folder.
    let is_root = command("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    let user = if is_root { "user root root;" } else { "" };
    format!(
        "{user} worker_processes auto; daemon off; pid {home}/pid; error_log {home}/errors;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush off; keepalive_requests 1000000;
  client_body_temp_path {home}/b; proxy_temp_path {home}/p; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  server {{ listen 127.0.0.1:{port}; root {}; }}
}}
",
        folder.display()
    )
}
