//! `{ID}` in the place of an index: records are known by their ids, their order is nobody's business.

use lyceum_cmi::Model;
use lyceum_cmi::element::Table;

/// The element with the index of the record in place of each `{ID}`. Braces that stand where no index does
/// (`adl.nav.request_valid.choice.{target=i3}`) are part of the name.
///
/// # Errors
/// A sentence when no record has the id.
pub(crate) fn resolve(element: &str, model: &Model) -> Result<String, String> {
    let table = Table::of(model.edition());
    let (mut done, mut rest) = (String::new(), element);
    while let Some(at) = rest.find(".{") {
        let (before, braced) = (&rest[..at], &rest[at + 2..]);
        let Some(length) = braced.find("}.").or_else(|| braced.strip_suffix('}').map(str::len)) else {
            break;
        };
        done.push_str(before);
        let id = &braced[..length];
        if table.named(&format!("{}.n.id", pattern(&done))).is_some() {
            let index = index_of(id, &done, model)
                .ok_or_else(|| format!("no record of {done} has the id \"{id}\""))?;
            done.push_str(&format!(".{index}"));
        } else {
            done.push_str(&format!(".{{{id}}}"));
        }
        rest = &braced[length + 1..];
    }
    done.push_str(rest);
    Ok(done)
}

/// The name with `n` for indices, as the tables of the data models have it.
fn pattern(element: &str) -> String {
    let parts = element.split('.').map(|part| if is_index(part) { "n" } else { part });
    parts.collect::<Vec<_>>().join(".")
}

fn is_index(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn index_of(id: &str, collection: &str, model: &Model) -> Option<String> {
    model.iter().filter(|(_, value)| *value == id).find_map(|(element, _)| {
        let index = element.strip_prefix(collection)?.strip_prefix('.')?.strip_suffix(".id")?;
        is_index(index).then(|| index.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use lyceum_cmi::{Edition, Model};

    use super::resolve;

    #[test]
    fn an_id_stands_for_its_index() {
        let mut model = Model::new(Edition::Scorm2004Ed4);
        let values = [
            ("cmi.objectives.0.id", "first"),
            ("cmi.objectives.1.id", "urn:second.a"),
            ("cmi.interactions.0.id", "q1"),
            ("cmi.interactions.0.objectives.0.id", "first"),
            ("cmi.interactions.0.objectives.1.id", "urn:second.a"),
        ];
        for (element, value) in values {
            model.restore(element, value).expect("a value");
        }
        let table = [
            ("cmi.objectives.{first}.success_status", Ok("cmi.objectives.0.success_status")),
            ("cmi.objectives.{urn:second.a}.score.raw", Ok("cmi.objectives.1.score.raw")),
            ("cmi.interactions.{q1}.objectives.{urn:second.a}.id", Ok("cmi.interactions.0.objectives.1.id")),
            ("cmi.objectives.{first}", Ok("cmi.objectives.0")),
            ("cmi.objectives.0.id", Ok("cmi.objectives.0.id")),
            ("adl.nav.request_valid.choice.{target=i3}", Ok("adl.nav.request_valid.choice.{target=i3}")),
            ("cmi.score.{x}.raw", Ok("cmi.score.{x}.raw")),
            ("cmi.objectives.{first", Ok("cmi.objectives.{first")),
            ("cmi.objectives.{third}.id", Err("no record of cmi.objectives has the id \"third\"")),
        ];
        for (element, resolved) in table {
            let resolved = resolved.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(resolve(element, &model), resolved, "{element}");
        }
    }
}
