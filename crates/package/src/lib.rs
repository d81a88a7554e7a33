#![forbid(unsafe_code)]
//! Reads course packages of every standard into one model, and says what is wrong with them.
//!
//! ```
//! use lyceum_package::{MemoryTree, read_package};
//!
//! let manifest = r#"<manifest identifier="M"><metadata><schemaversion>1.2</schemaversion></metadata>
//!   <organizations><organization identifier="O"><title>Hello</title>
//!     <item identifier="I" identifierref="R"><title>Lesson</title></item>
//!   </organization></organizations>
//!   <resources><resource identifier="R" type="webcontent" scormtype="sco" href="index.html"/></resources>
//! </manifest>"#;
//! let package = MemoryTree::new([("imsmanifest.xml", manifest), ("index.html", "<p>Hello</p>")]);
//! let report = read_package(&package);
//! let course = report.course.as_ref().unwrap();
//! assert!(course.launchable);
//! assert_eq!(course.title, "Hello");
//! assert_eq!(course.launch().unwrap().href, "index.html");
//! assert_eq!(report.errors().count(), 0);
//! ```
//!
//! The files come in through [`FileTree`], which archives and folders implement elsewhere: this crate does no I/O and
//! reads no clock. Reading never fails and never panics; [`Report`] has the course, if there is one, and the
//! findings. Whatever a package contains, time and memory stay within [`limits`].

mod aicc;
mod check;
mod cmi5;
mod course;
mod csf;
mod diagnostic;
mod href;
pub mod limits;
mod locate;
mod package;
mod read;
mod report;
mod scorm;
mod standard;
mod text;
mod tincan;
mod tool;
mod tree;
mod unique;
mod xml;

pub use course::{
    AiccUnit, COURSE_FORMAT, Cmi5Block, Cmi5Course, Cmi5Objective, Cmi5Unit, Course, Details, Item, LangMap,
    Launch, LaunchMethod, Metadata, MoveOn, Organization, Resource, ScormType, XapiActivity,
};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use read::{read_manifest, read_package};
pub use report::{Report, Summary};
pub use standard::Standard;
pub use tree::{FileTree, MemoryTree, NameIndex, ReadError};
