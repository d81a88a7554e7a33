//! The manifest and the manifests inside of it (CAM 3.4.2: (sub)manifests).

use crate::{
    Code,
    limits::MAX_SUBMANIFESTS,
    package::joined,
    xml::{Node, NodeExt},
};

use super::{Reader, values::Values};

/// A manifest: the whole one first, then those inside of it in document order.
pub(super) struct Manifest<'d> {
    pub(super) node: Node<'d>,
    /// Its identifier, by which items refer to it.
    pub(super) identifier: Option<String>,
    /// `xml:base` of the manifest and of those around it.
    pub(super) base: String,
}

impl<'d> Reader<'_, 'd> {
    /// All manifests of the file.
    pub(super) fn manifests(&mut self) -> Vec<Manifest<'d>> {
        let mut found: Vec<Manifest<'d>> = Vec::new();
        // To be visited, with the base around it; the last one is next.
        let mut open = vec![(self.xml.root, String::new())];
        while let Some((node, outer)) = open.pop() {
            if found.len() > MAX_SUBMANIFESTS {
                let message =
                    format!("The manifest contains more than {MAX_SUBMANIFESTS} manifests; it was refused.");
                self.values.report(Code::TooManySubmanifests, node, message);
                break;
            }
            let base = self.based(node, &outer);
            let mut inner: Vec<_> = node.elements_named("manifest").map(|one| (one, base.clone())).collect();
            inner.reverse();
            open.append(&mut inner);
            found.push(Manifest { node, identifier: Values::id(node, "identifier"), base });
        }
        found
    }

    /// The base inside of an element: its own `xml:base` joined to the one around it.
    pub(super) fn based(&mut self, node: Node<'_>, outer: &str) -> String {
        let Some(own) = node.attr("base").map(str::trim).filter(|own| !own.is_empty()) else {
            return outer.to_owned();
        };
        joined(outer, own).unwrap_or_else(|| {
            self.values.invalid(node, "xml:base", own, "too long to be an address", "no base");
            String::new()
        })
    }
}
