//! The application origin's pages: the real router on a real application, whole answers.

mod access;
mod courses;
mod import;
mod registrations;
mod shield;
mod site;
