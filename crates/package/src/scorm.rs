//! imsmanifest.xml of SCORM 1.2 and of all editions of SCORM 2004 (CAM book).

mod budget;
mod edition;
mod item;
mod manifests;
mod metadata;
mod organizations;
mod resources;
mod sequencing;
mod values;

pub(crate) use edition::guess as guess_edition;

use crate::{
    Course, Standard,
    course::COURSE_FORMAT,
    diagnostic::{Code, Diagnostics, quoted},
    package::Package,
    xml::{NodeExt, Xml},
};

use budget::Budget;
use sequencing::Collections;
use values::Values;

/// What all parts of the reader share.
pub(crate) struct Reader<'r, 'd> {
    package: Package<'r>,
    xml: &'r Xml<'d>,
    standard: Standard,
    budget: Budget,
    values: Values<'r>,
    collections: Collections<'d>,
}

/// The course of a parsed imsmanifest.xml; `None`, with reasons among the diagnostics, when it is none.
pub(crate) fn read(
    package: Package<'_>,
    name: &str,
    xml: &Xml<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Course> {
    if !xml.root.is("manifest") {
        diagnostics.add_at(
            Code::ManifestNotRecognised,
            || xml.place(xml.root),
            format!(
                "The file's root element is {} instead of manifest: this is no SCORM manifest.",
                quoted(xml.root.tag_name().name())
            ),
        );
        return None;
    }
    let standard = edition::detect(xml, diagnostics)?;
    let mut reader = Reader {
        package,
        xml,
        standard,
        budget: Budget::default(),
        values: Values::new(xml, diagnostics),
        collections: sequencing::collections(xml.root),
    };
    let manifests = reader.manifests();
    let resources = reader.resources(&manifests);
    let (mut organizations, default_organization) = reader.organizations(&manifests, &resources);
    if reader.budget.is_exceeded() {
        reader.report_excess();
        return None;
    }
    let (metadata, languages) = reader.metadata();
    let title = reader.course_title(&mut organizations, default_organization, &metadata);
    Some(Course {
        format: COURSE_FORMAT,
        standard,
        also: Vec::new(),
        identifier: xml.root.token("identifier"),
        title,
        languages,
        manifest: name.to_owned(),
        root: package.root.to_owned(),
        default_organization,
        organizations,
        resources: resources.into_list(),
        metadata: metadata.metadata,
        cmi5: None,
        launchable: false,
    })
}
