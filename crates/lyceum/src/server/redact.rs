//! Paths as they may stand in a log: whoever reads logs must not be able to act as a learner.

use std::borrow::Cow;

/// First segments whose second segment is a capability.
const CAPABILITIES: [&str; 3] = ["launch", "play", "course"];

/// So much of a capability is shown: enough to see which requests belong together, too little to use.
const SHOWN: usize = 8;

/// The path with its capability cut.
pub(crate) fn redacted(path: &str) -> Cow<'_, str> {
    let mut segments = path.splitn(4, '/');
    let (Some(""), Some(first), Some(secret)) = (segments.next(), segments.next(), segments.next()) else {
        return Cow::Borrowed(path);
    };
    if !CAPABILITIES.contains(&first) || secret.is_empty() {
        return Cow::Borrowed(path);
    }
    let end = secret.char_indices().nth(SHOWN).map_or(secret.len(), |(at, _)| at);
    // A short one is no real token, but nobody should have to think about that.
    let shown = if secret.len() > 2 * SHOWN { &secret[..end] } else { "" };
    let rest = &path["/".len() + first.len() + "/".len() + secret.len()..];
    Cow::Owned(format!("/{first}/{shown}…{rest}"))
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn capabilities_are_cut() {
        let table = [
            ("/", "/"),
            ("/courses/0192", "/courses/0192"),
            ("/player/3fa9c2d1e0b4a596/player.js", "/player/3fa9c2d1e0b4a596/player.js"),
            ("/launch/AQIDBAUGBwgJCgsMDQ4PEA", "/launch/AQIDBAUG…"),
            ("/play/AQIDBAUGBwgJCgsMDQ4PEA/commits", "/play/AQIDBAUG…/commits"),
            ("/course/AQIDBAUGBwgJCgsMDQ4PEA/a/b.html", "/course/AQIDBAUG…/a/b.html"),
            ("/play/short/", "/play/…/"),
            ("/play/", "/play/"),
            ("/launch/ääääääääääääääääää", "/launch/ääääääää…"),
        ];
        for (path, expected) in table {
            assert_eq!(redacted(path), expected, "{path}");
        }
    }
}
