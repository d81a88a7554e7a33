//! Resources, their files and dependencies (CAM 3.4.1.6 and following).

use std::collections::HashMap;

use crate::{
    Code, Launch, Resource,
    course::ScormType,
    diagnostic::quoted,
    href,
    package::{Tolerated, joined},
    xml::{Node, NodeExt},
};

use super::{Reader, manifests::Manifest, values::Values};

/// The resources of all manifests.
#[derive(Default)]
pub(super) struct Resources {
    list: Vec<Resource>,
    /// By manifest and identifier.
    by_manifest: HashMap<(usize, String), usize>,
    /// By identifier alone: the first one in the file.
    anywhere: HashMap<String, usize>,
}

impl Resources {
    /// The resource that an item of a manifest means: one of its own, else one of any manifest.
    pub(super) fn find(&self, manifest: usize, identifier: &str) -> Option<usize> {
        let own = self.by_manifest.get(&(manifest, identifier.to_owned()));
        own.or_else(|| self.anywhere.get(identifier)).copied()
    }

    pub(super) fn get(&self, index: usize) -> &Resource {
        &self.list[index]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Resource)> {
        self.list.iter().enumerate()
    }

    pub(super) fn into_list(self) -> Vec<Resource> {
        self.list
    }
}

impl<'d> Reader<'_, 'd> {
    /// Reads the resources of all manifests and checks the files that they list.
    pub(super) fn resources(&mut self, manifests: &[Manifest<'d>]) -> Resources {
        let mut resources = Resources::default();
        let mut nodes = Vec::new();
        for (index, manifest) in manifests.iter().enumerate() {
            for list in manifest.node.elements_named("resources") {
                let base = self.based(list, &manifest.base);
                for node in list.elements_named("resource") {
                    let resource = self.resource(node, &base);
                    self.register(&mut resources, index, node, resource);
                    nodes.push(node);
                }
            }
        }
        self.check_dependencies(&resources, &nodes);
        resources
    }

    fn register(&mut self, resources: &mut Resources, manifest: usize, node: Node<'_>, resource: Resource) {
        let place = resources.list.len();
        let key = (manifest, resource.identifier.clone());
        if resources.by_manifest.contains_key(&key) {
            let message = format!(
                "Two resources have the identifier {}. Items that refer to it get the first one.",
                quoted(&resource.identifier)
            );
            self.values.report(Code::ResourceDuplicate, node, message);
        } else {
            resources.anywhere.entry(resource.identifier.clone()).or_insert(place);
            resources.by_manifest.insert(key, place);
        }
        resources.list.push(resource);
    }

    fn resource(&mut self, node: Node<'_>, outer: &str) -> Resource {
        let base = self.based(node, outer);
        let identifier = Values::id(node, "identifier").unwrap_or_else(|| {
            self.values.report(
                Code::IdentifierMissing,
                node,
                "A resource has no identifier, so that no item can refer to it.",
            );
            String::new()
        });
        let owner = format!("Resource {}", quoted(&identifier));
        let launch = self.resource_launch(node, &base, &owner);
        let files = self.files(node, &base, &owner, launch.as_ref());
        Resource {
            identifier,
            kind: node.token("type"),
            scorm_type: self.scorm_type(node),
            launch,
            files,
            dependencies: node
                .elements_named("dependency")
                .filter_map(|dependency| Values::id(dependency, "identifierref"))
                .collect(),
        }
    }

    fn scorm_type(&mut self, node: Node<'_>) -> Option<ScormType> {
        self.values.word(node, "scormType", |word| match word.to_ascii_lowercase().as_str() {
            "sco" => Some(ScormType::Sco),
            "asset" => Some(ScormType::Asset),
            _ => None,
        })
    }

    /// What the resource launches. When its address leads to no file, a base without a slash at its end is also tried
    /// as a folder, which is what authors mean by it.
    fn resource_launch(&mut self, node: Node<'_>, base: &str, owner: &str) -> Option<Launch> {
        let written = node.attr("href").map(str::trim).filter(|written| !written.is_empty())?;
        let Some(address) = joined(base, written) else {
            self.values.invalid(node, "href", written, "too long to be an address", "none");
            return None;
        };
        let place = || self.xml.place(node);
        let launch = self.package.launch(&address, owner, &place, self.values.diagnostics);
        let as_folder = format!("{base}/{written}");
        let is_lost = !launch.is_playable() && !self.package.bare && href::scheme(&address).is_none();
        if !is_lost || base.is_empty() || base.ends_with('/') || self.package.find(&as_folder).is_none() {
            return Some(launch);
        }
        let message = format!(
            "{owner} is found only when xml:base {} is taken for a folder. It plays here; add a slash at its end.",
            quoted(base)
        );
        self.values.report(Code::BaseWithoutSlash, node, message);
        let place = || self.xml.place(node);
        Some(self.package.launch(&as_folder, owner, &place, self.values.diagnostics))
    }

    /// Checks the listed files and counts them.
    fn files(&mut self, node: Node<'_>, base: &str, owner: &str, launch: Option<&Launch>) -> usize {
        let mut count = 0;
        for file in node.elements_named("file") {
            count += 1;
            let written = file.attr("href").map(str::trim).filter(|written| !written.is_empty());
            if let Some(written) = written.filter(|_| !self.package.bare) {
                self.check_file(file, base, written, owner, launch);
            }
        }
        count
    }

    fn check_file(
        &mut self,
        file: Node<'_>,
        base: &str,
        written: &str,
        owner: &str,
        launch: Option<&Launch>,
    ) {
        let base = self.based(file, base);
        let Some(address) = joined(&base, written).filter(|address| href::scheme(address).is_none()) else {
            return;
        };
        let found = self.package.find(&address).or_else(|| self.package.find(&format!("{base}/{written}")));
        let is_launch =
            launch.is_some_and(|launch| href::path_part(&launch.href) == href::path_part(&address));
        match found {
            // What is said about the launch file itself, the launch says better.
            _ if is_launch => {}
            None => {
                let message = format!(
                    "{owner} lists the file {}, which is not in the package. If the course needs it, something will \
                     be missing on a page; else remove it from the list.",
                    quoted(&address)
                );
                self.values.report(Code::FileMissing, file, message);
            }
            Some(found) if found.tolerated == Some(Tolerated::Case) => {
                let message = format!(
                    "{owner} lists the file {}, but it is called {}. Servers that distinguish upper and lower case do \
                     not find it.",
                    quoted(&address),
                    quoted(found.name)
                );
                self.values.report(Code::FileCaseDiffers, file, message);
            }
            Some(_) => {}
        }
    }

    fn check_dependencies(&mut self, resources: &Resources, nodes: &[Node<'_>]) {
        for (index, resource) in resources.iter() {
            for dependency in &resource.dependencies {
                if !resources.anywhere.contains_key(dependency) {
                    let message = format!(
                        "Resource {} depends on {}, which does not exist. Files may be missing.",
                        quoted(&resource.identifier),
                        quoted(dependency)
                    );
                    self.values.report(Code::DependencyMissing, nodes[index], message);
                }
            }
        }
    }
}
