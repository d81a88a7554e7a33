//! Player pages and delivery of course files on the content origin.
#![forbid(unsafe_code)]

pub mod content;
