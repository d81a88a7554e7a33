//! Which of the two origins a request is for, by its Host header.

use crate::origin::{Origin, split_port};

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The application: pages for people, later the REST API.
    App,
    /// Courses and the player.
    Content,
}

/// The names that this server answers to.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    app: Origin,
    content: Origin,
}

/// A server that would put courses and the application on one host.
#[derive(Debug, thiserror::Error)]
#[error(
    "the application ({app}) and the courses ({content}) would share the host {host}: a course could then act with the \
     rights of the person who takes it. Give the courses a host of their own with --content-url (best on another \
     domain, with a wildcard: https://*.courses.example), or insist with --single-host"
)]
pub(crate) struct SharedHost {
    app: Origin,
    content: Origin,
    host: String,
}

impl Hosts {
    /// `single_host`: the operator insists on one host for both.
    pub(crate) fn new(app: Origin, content: Origin, single_host: bool) -> Result<Self, SharedHost> {
        // Cookies know no ports: another port of the same host is the same place to them.
        let shared = app.host == content.host || (content.is_wildcard() && covers(&content, &app.host));
        if shared && !single_host {
            let host = app.host.clone();
            return Err(SharedHost { app, content, host });
        }
        Ok(Self { app, content })
    }

    /// Something that deserves a warning: both hosts under one name that a cookie could be set for.
    pub(crate) fn warning(&self) -> Option<String> {
        let (app, content) = (&self.app.host, self.content.base_host());
        let public = !self.app.is_loopback() && !self.content.is_loopback();
        let related = registrable(app) == registrable(content);
        (public && related).then(|| {
            format!("{app} and {content} lie under one domain: a course can set cookies for {}. Serve courses from another domain", registrable(app))
        })
    }

    /// The side that answers to this Host header, if any. `path` decides only where both sides share one name.
    pub(crate) fn side(&self, host: &str, path: &str) -> Option<Side> {
        let (is_app, is_content) = (answers(&self.app, host), answers(&self.content, host));
        match (is_app, is_content) {
            (true, true) if is_content_path(path) => Some(Side::Content),
            (true, _) => Some(Side::App),
            (false, true) => Some(Side::Content),
            (false, false) => None,
        }
    }

    pub(crate) fn app(&self) -> &Origin {
        &self.app
    }

    pub(crate) fn content(&self) -> &Origin {
        &self.content
    }
}

/// Paths of the content side, for the case that both sides share one name.
fn is_content_path(path: &str) -> bool {
    ["/launch/", "/play/", "/course/", "/player/"].iter().any(|start| path.starts_with(start))
}

fn answers(origin: &Origin, host_header: &str) -> bool {
    let (host, port) = split_port(host_header);
    let port = match port {
        None => {
            if origin.https {
                443
            } else {
                80
            }
        }
        Some(digits) => match digits.parse() {
            Ok(port) => port,
            Err(_) => return false,
        },
    };
    port == origin.port && covers(origin, host.strip_suffix('.').unwrap_or(host))
}

/// Whether the origin's host, or one label at its wildcard, is `host`.
fn covers(origin: &Origin, host: &str) -> bool {
    if !origin.is_wildcard() {
        return host.eq_ignore_ascii_case(&origin.host);
    }
    let Some((label, base)) = host.split_once('.') else {
        return false;
    };
    !label.is_empty() && base.eq_ignore_ascii_case(origin.base_host())
}

/// The last two labels: near enough to a registrable domain for a warning.
fn registrable(host: &str) -> &str {
    let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
    if dots.len() < 2 { host } else { &host[dots[dots.len() - 2] + 1..] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(app: &str, content: &str) -> Hosts {
        Hosts::new(app.parse().expect(app), content.parse().expect(content), false).expect("two hosts")
    }

    #[test]
    fn requests_go_to_the_side_that_their_host_names() {
        let local = hosts("http://localhost:8700", "http://127.0.0.1:8700");
        let public = hosts("https://lms.example", "https://*.courses.test");
        let table = [
            (&local, "localhost:8700", Some(Side::App)),
            (&local, "LOCALHOST:8700", Some(Side::App)),
            (&local, "127.0.0.1:8700", Some(Side::Content)),
            (&local, "localhost", None),
            (&local, "localhost:8701", None),
            (&local, "[::1]:8700", None),
            (&local, "evil.example:8700", None),
            (&local, "", None),
            (&public, "lms.example", Some(Side::App)),
            (&public, "lms.example.", Some(Side::App)),
            (&public, "lms.example:443", Some(Side::App)),
            (&public, "abc.courses.test", Some(Side::Content)),
            (&public, "courses.test", None),
            (&public, ".courses.test", None),
            (&public, "a.b.courses.test", None),
            (&public, "xcourses.test", None),
        ];
        for (hosts, host, side) in table {
            assert_eq!(hosts.side(host, "/"), side, "{host}");
        }
    }

    #[test]
    fn one_host_for_both_needs_to_be_insisted_on() {
        let table = [
            ("https://lms.example", "https://lms.example", true),
            ("https://lms.example", "https://lms.example:8443", true),
            ("https://lms.example", "https://*.example", true),
            ("https://lms.example", "https://courses.example", false),
            ("http://localhost:1", "http://127.0.0.1:1", false),
        ];
        for (app, content, refused) in table {
            let made = Hosts::new(app.parse().expect(app), content.parse().expect(content), false);
            assert_eq!(made.is_err(), refused, "{app} {content}");
        }
        let origin: Origin = "http://lms.example".parse().expect("an origin");
        let shared = Hosts::new(origin.clone(), origin, true).expect("insisted on");
        assert_eq!(shared.side("lms.example", "/courses"), Some(Side::App));
        assert_eq!(shared.side("lms.example", "/course/k/index.html"), Some(Side::Content));
    }

    #[test]
    fn related_public_domains_are_warned_about() {
        assert!(hosts("https://lms.example.org", "https://courses.example.org").warning().is_some());
        assert!(hosts("https://lms.example.org", "https://*.courses.example.org").warning().is_some());
        assert!(hosts("https://lms.example", "https://*.lms-courses.test").warning().is_none());
        assert!(hosts("http://localhost:1", "http://127.0.0.1:1").warning().is_none());
    }
}
