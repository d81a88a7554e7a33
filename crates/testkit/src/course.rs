//! Little courses, made on the spot.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip under construction. Without times, so the same content is the same bytes.
pub struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Default for Zip {
    fn default() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }
}

impl Zip {
    /// Adds a file, deflated.
    #[must_use]
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.with(name, content.as_ref(), zip::CompressionMethod::Deflated)
    }

    /// Adds a file as it is.
    #[must_use]
    pub fn stored(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.with(name, content.as_ref(), zip::CompressionMethod::Stored)
    }

    fn with(mut self, name: &str, content: &[u8], method: zip::CompressionMethod) -> Self {
        let options = SimpleFileOptions::default().compression_method(method);
        self.0.start_file(name, options).expect("a file in a zip");
        self.0.write_all(content).expect("memory takes it");
        self
    }

    /// The bytes.
    #[must_use]
    pub fn build(self) -> Vec<u8> {
        self.0.finish().expect("a zip").into_inner()
    }
}

/// A SCORM 1.2 course with one SCO for each name (`a` launches `a.html`); the first one has mastery score 80.
#[must_use]
pub fn scorm12(title: &str, scos: &[&str]) -> Vec<u8> {
    let mut items = String::new();
    let mut resources = String::new();
    for (n, id) in scos.iter().enumerate() {
        let mastery = if n == 0 { "<adlcp:masteryscore>80</adlcp:masteryscore>" } else { "" };
        let _ = write!(
            items,
            r#"<item identifier="{id}" identifierref="r-{id}"><title>Part {id}</title>{mastery}</item>"#
        );
        let _ = write!(
            resources,
            r#"<resource identifier="r-{id}" type="webcontent" adlcp:scormtype="sco" href="{id}.html"><file href="{id}.html"/></resource>"#
        );
    }
    let manifest = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>{title}</title>{items}</organization></organizations>
  <resources>{resources}</resources>
</manifest>"#
    );
    packed(&manifest, scos)
}

/// A SCORM 2004 4th edition course with one SCO for each name.
#[must_use]
pub fn scorm2004(title: &str, scos: &[&str]) -> Vec<u8> {
    let mut items = String::new();
    let mut resources = String::new();
    for id in scos {
        let _ = write!(
            items,
            r#"<item identifier="{id}" identifierref="r-{id}"><title>Part {id}</title></item>"#
        );
        let _ = write!(
            resources,
            r#"<resource identifier="r-{id}" type="webcontent" adlcp:scormType="sco" href="{id}.html"><file href="{id}.html"/></resource>"#
        );
    }
    let manifest = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>{title}</title>{items}
    <imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>
  </organization></organizations>
  <resources>{resources}</resources>
</manifest>"#
    );
    packed(&manifest, scos)
}

fn packed(manifest: &str, scos: &[&str]) -> Vec<u8> {
    let mut zip = Zip::default().file("imsmanifest.xml", manifest);
    for id in scos {
        zip = zip.file(&format!("{id}.html"), format!("<!doctype html><title>{id}</title><p>Part {id}"));
    }
    zip.build()
}
