//! Organizations and their items (CAM 3.4.1.2 and following).

use crate::{
    Code, Item, Organization,
    course::ScormType,
    diagnostic::quoted,
    href,
    limits::MAX_ITEM_DEPTH,
    unique::UniqueNames,
    xml::{Node, NodeExt},
};

use super::{Reader, manifests::Manifest, resources::Resources, values::Values};

/// An item that is still to be read.
struct Pending<'d> {
    node: Node<'d>,
    parent: Option<u32>,
    depth: usize,
    /// Index of the manifest whose resources it means.
    manifest: usize,
    /// Index of the inclusion that brought it in.
    inclusion: Option<usize>,
}

/// A manifest included by an item of another one.
struct Inclusion {
    manifest: usize,
    within: Option<usize>,
}

impl<'d> Reader<'_, 'd> {
    /// The organizations of the manifest (of the first manifest that has any), and which one is the default.
    pub(super) fn organizations(
        &mut self,
        manifests: &[Manifest<'d>],
        resources: &Resources,
    ) -> (Vec<Organization>, usize) {
        let mut organizations = Vec::new();
        let mut default = 0;
        for index in 0..manifests.len() {
            let nodes = organization_nodes(manifests[index].node);
            if nodes.is_empty() {
                continue;
            }
            default = self.default_of(manifests[index].node, &nodes);
            for node in nodes {
                let organization = self.organization(node, index, manifests, resources);
                organizations.push(organization);
            }
            break;
        }
        if organizations.iter().all(|one: &Organization| one.items.is_empty())
            && let Some(made_up) = self.made_from_resources(organizations.is_empty(), resources)
        {
            default = organizations.len();
            organizations.push(made_up);
        }
        (organizations, default)
    }

    /// Index of the default organization among those of a manifest.
    fn default_of(&mut self, manifest: Node<'d>, nodes: &[Node<'d>]) -> usize {
        let named = manifest.element("organizations").and_then(|list| Values::id(list, "default"));
        let first = Values::id(nodes[0], "identifier").unwrap_or_default();
        let found = named.as_ref().and_then(|name| {
            nodes.iter().position(|node| Values::id(*node, "identifier").as_ref() == Some(name))
        });
        let message = match (&named, found) {
            (_, Some(index)) => return index,
            (None, None) if nodes.len() == 1 => return 0,
            (None, None) => format!(
                "The manifest does not say which of its {} organizations is the default. The first one, {}, is played.",
                nodes.len(),
                quoted(&first)
            ),
            (Some(name), None) => format!(
                "The default organization {} does not exist. The first one, {}, is played.",
                quoted(name),
                quoted(&first)
            ),
        };
        self.values.report(Code::DefaultOrganizationWrong, manifest, message);
        0
    }

    fn organization(
        &mut self,
        node: Node<'d>,
        manifest: usize,
        manifests: &[Manifest<'d>],
        resources: &Resources,
    ) -> Organization {
        let identifier = Values::id(node, "identifier").unwrap_or_else(|| {
            self.values.report(
                Code::IdentifierMissing,
                node,
                "An organization has no identifier; one was made up.",
            );
            format!("organization-{}", node.id().get())
        });
        let title = node.element("title").map(NodeExt::collapsed_text).unwrap_or_default();
        self.budget.text(identifier.len() + title.len());
        let organization = Organization {
            title,
            declared: true,
            objectives_global_to_system: self.values.flag(node, "objectivesGlobalToSystem", true),
            shared_data_global_to_system: self.values.flag(node, "sharedDataGlobalToSystem", true),
            sequencing: self.definition(node),
            items: self.items(node, manifest, manifests, resources),
            identifier,
        };
        if organization.items.is_empty() && !self.budget.is_exceeded() {
            let message = format!("Organization {} has no items.", quoted(&organization.identifier));
            self.values.report(Code::OrganizationEmpty, node, message);
        }
        organization
    }

    /// All items below an organization in document order, without recursion: depth is the author's choice.
    fn items(
        &mut self,
        organization: Node<'d>,
        manifest: usize,
        manifests: &[Manifest<'d>],
        resources: &Resources,
    ) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut inclusions: Vec<Inclusion> = Vec::new();
        let mut names = UniqueNames::default();
        let mut open = Vec::new();
        push_children(&mut open, organization, None, 0, manifest, None);
        while let Some(pending) = open.pop() {
            if !self.budget.item() {
                break;
            }
            if pending.depth >= MAX_ITEM_DEPTH {
                self.budget.nested_too_deep();
                break;
            }
            let index = u32::try_from(items.len()).ok();
            let mut item = self.item(pending.node, pending.manifest, manifests, resources);
            item.parent = pending.parent;
            item.depth = u16::try_from(pending.depth).unwrap_or(u16::MAX);
            self.name(&mut item, pending.node, &mut names);
            let included = self.inclusion(&pending, &mut item, manifests, resources, &mut inclusions);
            if let Some((inclusion, organization)) = included {
                let manifest = inclusions[inclusion].manifest;
                push_children(&mut open, organization, index, pending.depth + 1, manifest, Some(inclusion));
            }
            push_children(
                &mut open,
                pending.node,
                index,
                pending.depth + 1,
                pending.manifest,
                pending.inclusion,
            );
            self.check_shape(&item, pending.node, included.is_some());
            items.push(item);
        }
        items
    }

    /// Makes sure that an item has an identifier of its own.
    fn name(&mut self, item: &mut Item, node: Node<'_>, names: &mut UniqueNames) {
        if item.identifier.is_empty() {
            self.values.report(
                Code::IdentifierMissing,
                node,
                "An item has no identifier; one was made up. Results can be lost when the course changes.",
            );
            item.identifier = "item".to_owned();
        }
        if let Some(other) = names.make_unique(&item.identifier) {
            if item.identifier != "item" {
                let message = format!(
                    "Several items have the identifier {}; this one is kept apart as {}.",
                    quoted(&item.identifier),
                    quoted(&other)
                );
                self.values.report(Code::IdentifierDuplicate, node, message);
            }
            item.identifier = other;
        }
    }

    /// When an item refers to a manifest inside of the manifest: the organization that takes its place.
    fn inclusion(
        &mut self,
        pending: &Pending<'d>,
        item: &mut Item,
        manifests: &[Manifest<'d>],
        resources: &Resources,
        inclusions: &mut Vec<Inclusion>,
    ) -> Option<(usize, Node<'d>)> {
        let reference = Values::id(pending.node, "identifierref")?;
        if resources.find(pending.manifest, &reference).is_some() {
            return None;
        }
        let manifest = submanifest(manifests, &reference)?;
        let mut within = pending.inclusion;
        while let Some(outer) = within {
            if inclusions[outer].manifest == manifest {
                let message =
                    format!("Manifest {} includes itself; it was included only once.", quoted(&reference));
                self.values.report(Code::SubmanifestCycle, pending.node, message);
                return None;
            }
            within = inclusions[outer].within;
        }
        let nodes = organization_nodes(manifests[manifest].node);
        let organization = *nodes.get(if nodes.len() > 1 {
            self.default_of(manifests[manifest].node, &nodes)
        } else {
            0
        })?;
        if pending.node.element("sequencing").is_none() {
            item.sequencing = self.definition(organization);
        }
        inclusions.push(Inclusion { manifest, within: pending.inclusion });
        Some((inclusions.len() - 1, organization))
    }

    /// Findings about what an item consists of.
    fn check_shape(&mut self, item: &Item, node: Node<'_>, includes: bool) {
        let has_children = includes || node.element("item").is_some();
        let refers = node.token("identifierref").is_some();
        if !has_children && !refers {
            let message = format!(
                "Item {} has neither content nor items below it: there is nothing to play.",
                quoted(&item.identifier)
            );
            self.values.report(Code::ItemEmpty, node, message);
        } else if has_children && item.launch.is_some() {
            let consequence = match self.standard.is_scorm_2004() {
                true => {
                    "In SCORM 2004 only items without children are delivered, so that its content is never shown."
                }
                false => "Both are offered; some systems show only the items below it.",
            };
            let message =
                format!("Item {} has content and items below it. {consequence}", quoted(&item.identifier));
            self.values.report(Code::ItemWithContentAndChildren, node, message);
        }
    }

    /// Without any item in the manifest: what can be launched is offered as it is.
    fn made_from_resources(&mut self, no_organization: bool, resources: &Resources) -> Option<Organization> {
        let playable = |sco_only: bool| {
            resources
                .iter()
                .filter(move |(_, one)| !sco_only || one.scorm_type == Some(ScormType::Sco))
                .filter(|(_, one)| one.launch.as_ref().is_some_and(|launch| launch.is_playable()))
        };
        let sco_only = playable(true).next().is_some();
        let mut names = UniqueNames::default();
        let mut items = Vec::new();
        for (index, resource) in playable(sco_only) {
            if !self.budget.item() {
                break;
            }
            let launch = resource.launch.clone();
            let identifier =
                names.make_unique(&resource.identifier).unwrap_or_else(|| resource.identifier.clone());
            items.push(Item {
                title: launch
                    .as_ref()
                    .and_then(|launch| href::stem(&launch.href))
                    .unwrap_or_else(|| identifier.clone()),
                identifier,
                visible: true,
                resource: u32::try_from(index).ok(),
                scorm_type: resource.scorm_type,
                launch,
                ..Item::default()
            });
        }
        let what = if no_organization { "no organization" } else { "no items" };
        let consequence = match items.len() {
            0 => "and no resource that can be launched".to_owned(),
            1 => "; its resource is played as it is".to_owned(),
            more => format!("; its {more} resources are offered as they are"),
        };
        let message = format!(
            "The manifest has {what}{}{consequence}. Export the course again.",
            if items.is_empty() { " " } else { "" }
        );
        self.values.report(Code::OrganizationMissing, self.xml.root, message);
        (!items.is_empty()).then(|| Organization {
            identifier: "resources".to_owned(),
            title: String::new(),
            declared: false,
            objectives_global_to_system: true,
            shared_data_global_to_system: true,
            sequencing: Default::default(),
            items,
        })
    }
}

fn organization_nodes<'d>(manifest: Node<'d>) -> Vec<Node<'d>> {
    manifest.elements_named("organizations").flat_map(|list| list.elements_named("organization")).collect()
}

/// The manifest with this identifier, other than the whole one.
pub(super) fn submanifest(manifests: &[Manifest<'_>], reference: &str) -> Option<usize> {
    manifests
        .iter()
        .skip(1)
        .position(|one| one.identifier.as_deref() == Some(reference))
        .map(|index| index + 1)
}

/// Puts an element's items on the stack, the first one on top.
fn push_children<'d>(
    open: &mut Vec<Pending<'d>>,
    node: Node<'d>,
    parent: Option<u32>,
    depth: usize,
    manifest: usize,
    inclusion: Option<usize>,
) {
    let start = open.len();
    open.extend(node.elements_named("item").map(|node| Pending { node, parent, depth, manifest, inclusion }));
    open[start..].reverse();
}
