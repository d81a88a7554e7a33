//! The style sheet, the scripts and the icon: embedded, under an address that changes with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// `/assets/{hash}`: one hash over all files, so that a script finds the modules of its own version beside it.
static BASE: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a over the files' own SHA-256
    for file in names.iter().filter_map(|name| Files::get(name)) {
        for byte in file.metadata.sha256_hash() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("/assets/{hash:016x}")
});

/// Where pages find the front-end files.
pub(crate) fn base() -> &'static str {
    &BASE
}

/// `GET /assets/{hash}/{file}`.
pub(crate) async fn get((Path((_, name)),): (Path<(String, String)>,)) -> Response {
    match Files::get(&name) {
        Some(file) => found(file),
        None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
    }
}

fn found(file: EmbeddedFile) -> Response {
    let kind = file.metadata.mimetype().to_owned();
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
    ];
    (headers, file.data.into_owned()).into_response()
}
