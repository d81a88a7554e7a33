//! Content types by file extension.
//!
//! No type carries a charset: a header would overrule what the file says of itself (BOM, `<meta>`, `@charset`, XML
//! declaration), and courses are in every encoding there is. Formats that are UTF-8 by definition need none.

use http::HeaderValue;

/// Where the general table is missing something, differs from what browsers want, or would turn a page into a download.
/// Sorted by extension.
const OWN: [(&str, Option<&str>); 41] = [
    // Pages saved from server-side systems are plain HTML by now; without a type the browser looks for itself.
    ("asp", None),
    ("aspx", None),
    ("atlas", Some("text/plain")),
    ("cfm", None),
    ("cgi", None),
    ("cjs", Some("text/javascript")),
    ("do", None),
    ("gz", Some("application/gzip")),
    ("hbs", Some("text/plain")),
    ("htc", Some("text/x-component")),
    ("htm", Some("text/html")),
    ("html", Some("text/html")),
    ("js", Some("text/javascript")),
    ("jsonp", Some("text/javascript")),
    ("jsp", None),
    ("ktx2", Some("image/ktx2")),
    ("lng", Some("text/plain")),
    ("m3u8", Some("application/vnd.apple.mpegurl")),
    ("m4a", Some("audio/mp4")),
    ("m4v", Some("video/mp4")),
    ("map", Some("application/json")),
    ("md", Some("text/plain")),
    ("mht", Some("multipart/related")),
    ("mjs", Some("text/javascript")),
    ("mtl", Some("model/mtl")),
    ("obj", Some("model/obj")),
    ("oga", Some("audio/ogg")),
    ("ogv", Some("video/ogg")),
    ("opus", Some("audio/ogg")),
    ("otf", Some("font/otf")),
    ("php", None),
    ("pl", None),
    ("properties", Some("text/plain")),
    ("srt", Some("text/plain")),
    ("tpl", Some("text/plain")),
    ("ts", Some("video/mp2t")),
    ("unityweb", Some("application/octet-stream")),
    ("weba", Some("audio/webm")),
    ("woff", Some("font/woff")),
    ("xml", Some("application/xml")),
    ("xsl", Some("application/xml")),
];

/// Longest extension that is looked up, in bytes.
const LONGEST: usize = 24;

/// The content type of the file at `path`, by its extension whatever its case. `None` when that says nothing: then no type
/// is sent, and the browser decides by the content, as it does for files that servers of old sent without one.
pub fn media_type(path: &str) -> Option<HeaderValue> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let (_, extension) = name.rsplit_once('.')?;
    if extension.is_empty() || extension.len() > LONGEST || !extension.is_ascii() {
        return None;
    }
    let mut lower = [0; LONGEST];
    let lower = &mut lower[..extension.len()];
    lower.copy_from_slice(extension.as_bytes());
    lower.make_ascii_lowercase();
    let lower = str::from_utf8(lower).ok()?;
    let text = match OWN.binary_search_by_key(&lower, |(extension, _)| extension) {
        Ok(at) => OWN[at].1,
        Err(_) => mime_guess::from_ext(lower).first_raw(),
    };
    text.map(HeaderValue::from_static)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_table_is_sorted_for_the_search() {
        assert!(OWN.is_sorted_by_key(|(extension, _)| *extension));
    }

    #[test]
    fn files_of_courses_have_the_types_browsers_want() {
        let cases = [
            ("index.html", Some("text/html")),
            ("a/b.HTM", Some("text/html")),
            ("page.xhtml", Some("application/xhtml+xml")),
            ("app.js", Some("text/javascript")),
            ("module.mjs", Some("text/javascript")),
            ("style.css", Some("text/css")),
            ("data.json", Some("application/json")),
            ("app.js.map", Some("application/json")),
            ("imsmanifest.xml", Some("application/xml")),
            ("schema.xsd", Some("text/xml")),
            ("logo.svg", Some("image/svg+xml")),
            ("engine.wasm", Some("application/wasm")),
            ("film.mp4", Some("video/mp4")),
            ("film.m4v", Some("video/mp4")),
            ("film.webm", Some("video/webm")),
            ("film.ogv", Some("video/ogg")),
            ("film.mov", Some("video/quicktime")),
            ("talk.mp3", Some("audio/mpeg")),
            ("talk.m4a", Some("audio/mp4")),
            ("talk.wav", Some("audio/wav")),
            ("talk.ogg", Some("audio/ogg")),
            ("captions.vtt", Some("text/vtt")),
            ("font.woff", Some("font/woff")),
            ("font.woff2", Some("font/woff2")),
            ("font.ttf", Some("font/ttf")),
            ("font.otf", Some("font/otf")),
            ("font.eot", Some("application/vnd.ms-fontobject")),
            ("movie.swf", Some("application/x-shockwave-flash")),
            ("paper.pdf", Some("application/pdf")),
            ("a.png", Some("image/png")),
            ("a.JPG", Some("image/jpeg")),
            ("a.gif", Some("image/gif")),
            ("a.webp", Some("image/webp")),
            ("a.avif", Some("image/avif")),
            ("favicon.ico", Some("image/x-icon")),
            ("scene.glb", Some("model/gltf-binary")),
            ("notes.txt", Some("text/plain")),
            ("list.csv", Some("text/csv")),
            ("site.webmanifest", Some("application/manifest+json")),
            ("page.php", None),
            ("page.aspx", None),
            ("LICENSE", None),
            ("folder.js/file", None),
            ("file.unheardof", None),
            ("file.", None),
            ("file.日本", None),
            (".html", Some("text/html")),
        ];
        for (path, expected) in cases {
            assert_eq!(media_type(path).as_ref().map(|v| v.to_str().unwrap()), expected, "{path}");
        }
    }
}
