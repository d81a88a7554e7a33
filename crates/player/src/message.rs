//! Pages that only say something, in the player's dress.

use askama::Template;
use http::StatusCode;
use lyceum_app::{AccessError, ErrorKind};

use crate::answer::{self, Answer};
use crate::edge::Edge;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    assets: &'a str,
    title: &'a str,
    text: &'a str,
}

/// A page with a title and a sentence.
pub(crate) fn show(edge: &Edge, status: StatusCode, title: &str, text: &str) -> Answer {
    let assets = edge.assets.base();
    match (Message { assets: &assets, title, text }).render() {
        Ok(page) => answer::html(status, page),
        Err(_) => answer::text(status, "This page could not be shown.\n"),
    }
}

/// The page instead of one that a token did not open.
pub(crate) fn refused(edge: &Edge, error: &AccessError) -> Answer {
    let title = match error.kind() {
        ErrorKind::Unauthorized if *error == AccessError::Expired => "This link has expired",
        ErrorKind::Unauthorized => "This link is not valid",
        ErrorKind::Gone | ErrorKind::NotFound => "This course is not there any more",
        _ => "The course cannot be opened at the moment",
    };
    show(edge, answer::status(error.kind()), title, &sentence(&error.to_string()))
}

/// An error's message as a sentence for people.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", characters.as_str().trim_end_matches('.'))
}
