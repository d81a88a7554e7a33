//! The player's own files: modules, style sheet and engine, in the binary. Their address holds a digest of them all, so a
//! browser may keep them forever and never mixes two versions.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::answer::{self, Answer};

/// Written by people.
#[derive(RustEmbed)]
#[folder = "web"]
struct Web;

/// Written by `cargo xtask wasm`.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Built;

/// The first part of every asset's path.
pub(crate) const ROUTE: &str = "/player";

/// A year, the longest that caches are asked to keep anything (RFC 9111, 1.2.2).
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// All files, read once.
pub(crate) struct Assets {
    digest: String,
    files: BTreeMap<String, File>,
}

struct File {
    media_type: HeaderValue,
    identity: Bytes,
    /// Compressed when it is asked for the first time.
    gzip: OnceLock<Bytes>,
}

impl Assets {
    pub(crate) fn load() -> Self {
        let mut files = BTreeMap::new();
        read::<Web>(&mut files);
        read::<Built>(&mut files);
        let mut digest = Sha256::new();
        for (name, file) in &files {
            digest.update(name);
            digest.update([0]);
            digest.update((file.identity.len() as u64).to_be_bytes());
            digest.update(&file.identity);
        }
        let digest = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { digest, files }
    }

    /// Path that all files lie below, with a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("{ROUTE}/{}/", self.digest)
    }

    /// Names of the modules, so that a page can ask for all of them at once.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|name| name.ends_with(".js"))
    }

    /// Answers a request for a file.
    pub(crate) fn respond(&self, digest: &str, name: &str, request: &HeaderMap) -> Answer {
        let file = self.files.get(name).filter(|_| digest == self.digest);
        let Some(file) = file else { return answer::text(StatusCode::NOT_FOUND, "There is no such file of the player.\n") };
        let gzip = accepts_gzip(request).then(|| file.gzip()).flatten();
        let mut response = Answer::new(gzip.unwrap_or(&file.identity).clone().into());
        let headers = response.headers_mut();
        if gzip.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_TYPE, file.media_type.clone());
        headers.insert(header::CACHE_CONTROL, FOREVER);
        response
    }
}

impl File {
    /// The file compressed; `None` where that gains nothing.
    fn gzip(&self) -> Option<&Bytes> {
        let compressed = self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            // Writing to memory cannot fail; an empty result would mean "not smaller" all the same.
            let _ = encoder.write_all(&self.identity);
            encoder.finish().unwrap_or_default().into()
        });
        (!compressed.is_empty() && compressed.len() < self.identity.len()).then_some(compressed)
    }
}

fn read<Folder: RustEmbed>(files: &mut BTreeMap<String, File>) {
    for name in Folder::iter() {
        // What is no file for a browser (the record beside the engine) has no type.
        let (Some(embedded), Some(media_type)) = (Folder::get(&name), media_type(&name)) else { continue };
        let identity = match embedded.data {
            std::borrow::Cow::Borrowed(data) => Bytes::from_static(data),
            std::borrow::Cow::Owned(data) => Bytes::from(data),
        };
        let media_type = HeaderValue::from_static(media_type);
        files.insert(name.into_owned(), File { media_type, identity, gzip: OnceLock::new() });
    }
}

fn media_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

/// Whether a browser takes gzip (RFC 9110, 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        matches!(name, "gzip" | "*") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let table = [
            (None, false),
            (Some(""), false),
            (Some("gzip"), true),
            (Some("br, gzip;q=0.5"), true),
            (Some("*"), true),
            (Some("gzip;q=0"), false),
            (Some("gzip; q=0.0, identity"), false),
            (Some("xgzip"), false),
        ];
        for (value, expected) in table {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(accepts_gzip(&headers), expected, "{value:?}");
        }
    }
}
