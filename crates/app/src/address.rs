//! Public addresses: the application's, and the content origin's with its optional label per registration.

use lyceum_store::RegistrationId;

use crate::error::StartError;

/// The content origin: `http://127.0.0.1:8080`, or with one label per registration `https://*.courses.example`.
#[derive(Clone, Debug)]
pub(crate) struct ContentUrl {
    before: String,
    after: String,
    has_label: bool,
}

impl ContentUrl {
    pub(crate) fn parse(url: &str) -> Result<Self, StartError> {
        let bad = || StartError::BadAddress(url.to_owned());
        let trimmed = url.trim_end_matches('/');
        let (scheme, host) = trimmed.split_once("://").ok_or_else(bad)?;
        let is_origin =
            matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '?', '#', '@']);
        if !is_origin {
            return Err(bad());
        }
        let Some((before, after)) = trimmed.split_once('*') else {
            return Ok(Self { before: trimmed.to_owned(), after: String::new(), has_label: false });
        };
        // The label is a whole one, the first one, and the only one: nothing else is a wildcard certificate's shape.
        if !before.ends_with("://") || !after.starts_with('.') || after.contains('*') {
            return Err(bad());
        }
        Ok(Self { before: before.to_owned(), after: after.to_owned(), has_label: true })
    }

    /// The label that a registration's host begins with; `None` where all share one host.
    pub(crate) fn label(&self, registration: RegistrationId) -> Option<String> {
        self.has_label.then(|| registration.to_label())
    }

    /// The registration's origin, without a slash at the end.
    pub(crate) fn origin(&self, registration: RegistrationId) -> String {
        format!("{}{}{}", self.before, self.label(registration).unwrap_or_default(), self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: RegistrationId = RegistrationId::from_bytes([0xAB; 16]);

    #[test]
    fn origins_with_and_without_a_label() {
        let plain = ContentUrl::parse("http://127.0.0.1:8080/").unwrap();
        assert_eq!((plain.origin(ID).as_str(), plain.label(ID)), ("http://127.0.0.1:8080", None));
        let wild = ContentUrl::parse("https://*.courses.example:444").unwrap();
        let label = "ab".repeat(16);
        assert_eq!(wild.origin(ID), format!("https://{label}.courses.example:444"));
        assert_eq!(wild.label(ID), Some(label));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "",
            "localhost",
            "ftp://x",
            "http://",
            "http://x/y",
            "http://a@b",
            "https://x.*.y",
            "https://x*.y",
            "https://*.*.y",
            "https://*",
        ] {
            assert!(ContentUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
