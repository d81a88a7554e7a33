//! Manifests of our own, as small as the point they make.

use lyceum_package::{Course, Item, Report};

/// A SCORM 1.2 manifest with this content of its organization and its resources.
pub(crate) fn scorm12(items: &str, resources: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>Course</title>{items}</organization></organizations>
<resources>{resources}</resources>
</manifest>"#
    )
}

/// A SCORM 2004 manifest of an edition with this content of its organization, and after the resources.
pub(crate) fn scorm2004(version: &str, organization: &str, after: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
 xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>Course</title>{organization}</organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" href="index.html"/></resources>
{after}</manifest>"#
    )
}

/// A SCO resource `R` that launches `index.html`.
pub(crate) const SCO: &str =
    r#"<resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="index.html"/>"#;

/// The report about a package with this imsmanifest.xml and an `index.html`.
pub(crate) fn scorm(manifest: &str) -> Report {
    super::read(&[("imsmanifest.xml", manifest), ("index.html", "<title>x</title>")])
}

/// The course of a report that must have one.
pub(crate) fn course(report: &Report) -> &Course {
    report.course.as_ref().unwrap_or_else(|| panic!("{:?}", report.diagnostics))
}

/// The first item of the course.
pub(crate) fn first(report: &Report) -> &Item {
    &course(report).organization().unwrap().items[0]
}
