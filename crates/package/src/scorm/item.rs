//! One item with what the run-time environment needs to know about it (CAM 3.4.1.3 and following).

use lyceum_sequencing::definitions::{Decimal, SharedDataMap};

use crate::{
    Code, Item, Launch,
    diagnostic::quoted,
    href,
    package::Tolerated,
    xml::{Node, NodeExt, collapse},
};

use super::{Reader, manifests::Manifest, organizations::submanifest, resources::Resources, values::Values};

impl<'d> Reader<'_, 'd> {
    /// Reads an item without its place in the tree.
    pub(super) fn item(
        &mut self,
        node: Node<'d>,
        manifest: usize,
        manifests: &[Manifest<'d>],
        resources: &Resources,
    ) -> Item {
        let mut item = Item {
            identifier: Values::id(node, "identifier").unwrap_or_default(),
            title: node.element("title").map(NodeExt::collapsed_text).unwrap_or_default(),
            visible: self.values.flag(node, "isvisible", true),
            prerequisites: text(node, "prerequisites"),
            mastery_score: self.mastery_score(node),
            max_time_allowed: self.max_time_allowed(node),
            time_limit_action: self.time_limit_action(node),
            data_from_lms: text(node, "dataFromLMS"),
            sequencing: self.definition(node),
            shared_data: self.shared_data(node),
            ..Item::default()
        };
        if let Some(reference) = Values::id(node, "identifierref") {
            match resources.find(manifest, &reference) {
                Some(index) => self.content(&mut item, node, index, resources),
                None if submanifest(manifests, &reference).is_some() => {}
                None => self.report_missing_resource(&item, node, &reference),
            }
        }
        if item.title.is_empty() {
            self.make_title(&mut item, node);
        }
        self.budget.text(text_length(&item));
        item
    }

    /// Connects an item with its resource.
    fn content(&mut self, item: &mut Item, node: Node<'_>, index: usize, resources: &Resources) {
        let resource = resources.get(index);
        item.resource = u32::try_from(index).ok();
        item.scorm_type = resource.scorm_type;
        let Some(launch) = &resource.launch else {
            let message = format!(
                "Item {} refers to resource {}, which has no href: there is nothing to launch. Give the resource the \
                 address of its first page.",
                quoted(&item.identifier),
                quoted(&resource.identifier)
            );
            self.values.report(Code::ResourceWithoutHref, node, message);
            return;
        };
        let parameters = node.attr("parameters").map(str::trim).unwrap_or("");
        let href = href::with_parameters(&launch.href, parameters);
        item.launch = Some(Launch { href, ..launch.clone() });
        if resource.scorm_type.is_none() {
            let message = format!(
                "Resource {} does not say whether it is a SCO or an asset. It is offered the API like a SCO; when it \
                 makes no use of it, a visit completes it.",
                quoted(&resource.identifier)
            );
            self.values.report(Code::ScormTypeMissing, node, message);
        }
    }

    /// An error when nothing can be launched, with a hint when the reference is an address instead.
    fn report_missing_resource(&mut self, item: &Item, node: Node<'_>, reference: &str) {
        let hint = match self.package.find(reference) {
            Some(found) if found.tolerated != Some(Tolerated::Case) => {
                " A file has that name: refer to the resource's identifier instead."
            }
            _ => "",
        };
        let message = format!(
            "Item {} refers to resource {}, which does not exist, so that it cannot be launched.{hint}",
            quoted(&item.identifier),
            quoted(reference)
        );
        self.values.report(Code::ResourceMissing, node, message);
    }

    fn make_title(&mut self, item: &mut Item, node: Node<'_>) {
        let from_file = item.launch.as_ref().and_then(|launch| href::stem(&launch.href));
        item.title =
            from_file.or_else(|| Values::id(node, "identifier")).unwrap_or_else(|| "Untitled".to_owned());
        let message = format!(
            "Item {} has no title; the learner sees {}.",
            quoted(&item.identifier),
            quoted(&item.title)
        );
        self.values.report(Code::TitleMissing, node, message);
    }

    /// `adlcp:masteryscore` of SCORM 1.2: 0 to 100. Kept as written, but for a percent sign.
    fn mastery_score(&mut self, node: Node<'_>) -> Option<String> {
        let written = text(node, "masteryscore")?;
        let score = written.trim_end_matches('%').trim_end();
        let range = Decimal::ZERO..=Decimal::from_units(100 * Decimal::UNITS_PER_ONE);
        let is_valid = Decimal::parse(score).is_ok_and(|number| range.contains(&number));
        if !is_valid || score != written {
            let place = node.element("masteryscore").unwrap_or(node);
            let used = if is_valid { score } else { "no mastery score" };
            self.values.invalid(place, "the mastery score", &written, "not a number from 0 to 100", used);
        }
        is_valid.then(|| score.to_owned())
    }

    /// `adlcp:maxtimeallowed` of SCORM 1.2: a CMITimespan. Kept as written.
    fn max_time_allowed(&mut self, node: Node<'_>) -> Option<String> {
        let time = text(node, "maxtimeallowed")?;
        if !is_timespan(&time) {
            let place = node.element("maxtimeallowed").unwrap_or(node);
            self.values.invalid(
                place,
                "the time allowed",
                &time,
                "not a time such as 00:45:00",
                "the text as it is",
            );
        }
        Some(time)
    }

    /// `exit,message` and its like; a blank after the comma is tolerated.
    fn time_limit_action(&mut self, node: Node<'_>) -> Option<String> {
        const ACTIONS: [&str; 4] =
            ["exit,message", "exit,no message", "continue,message", "continue,no message"];
        let written = text(node, "timeLimitAction")?;
        let tidy = collapse(&written).replace(", ", ",").replace(" ,", ",").to_ascii_lowercase();
        if ACTIONS.contains(&tidy.as_str()) {
            return Some(tidy);
        }
        let place = node.element("timeLimitAction").unwrap_or(node);
        self.values.unknown_word(place, "the time limit action", &written);
        None
    }

    /// `adlcp:data` (CAM 4th ed. 3.4.1.20).
    fn shared_data(&mut self, node: Node<'_>) -> Vec<SharedDataMap> {
        let mut maps: Vec<SharedDataMap> = Vec::new();
        for map in node.elements_named("data").flat_map(|data| data.elements_named("map")) {
            let Some(target) = Values::id(map, "targetID") else {
                self.values.report(
                    Code::SharedDataWithoutTarget,
                    map,
                    "A map to shared data has no targetID; it was ignored.",
                );
                continue;
            };
            maps.push(SharedDataMap {
                target,
                read: self.values.flag(map, "readSharedData", true),
                write: self.values.flag(map, "writeSharedData", true),
            });
        }
        maps
    }
}

/// The text of a child element, trimmed; `None` when it is absent or empty.
fn text(node: Node<'_>, name: &str) -> Option<String> {
    let text = node.element(name)?.inner_text();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `HHHH:MM:SS.SS`, hours with 2 to 4 digits.
fn is_timespan(text: &str) -> bool {
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut parts = text.split(':');
    let (Some(hours), Some(minutes), Some(seconds), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    digits(hours, 2..=4) && digits(minutes, 2..=2) && digits(seconds, 2..=2) && digits(fraction, 1..=2)
}

/// Bytes of text that an item keeps.
fn text_length(item: &Item) -> usize {
    let optional = [
        &item.prerequisites,
        &item.mastery_score,
        &item.max_time_allowed,
        &item.time_limit_action,
        &item.data_from_lms,
    ];
    item.identifier.len()
        + item.title.len()
        + item
            .launch
            .as_ref()
            .map_or(0, |launch| launch.href.len() + launch.file.as_ref().map_or(0, String::len))
        + optional.into_iter().flatten().map(String::len).sum::<usize>()
        + item.shared_data.iter().map(|map| map.target.len()).sum::<usize>()
}
