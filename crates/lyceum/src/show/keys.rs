//! A list of operator keys.

use lyceum_app::KeyView;

use super::table;

pub(crate) fn keys(keys: &[KeyView]) -> String {
    if keys.is_empty() {
        return "There is no key yet. Make one with: lyceum key create NAME\n".to_owned();
    }
    let head = ["ID", "NAME", "CREATED", "LAST USED", "STATE"].map(str::to_owned);
    let rows = keys.iter().map(|key| {
        let state = if key.revoked.is_some() { "revoked" } else { "valid" };
        let used = key.last_used.clone().unwrap_or_else(|| "never".to_owned());
        [key.id.to_string(), key.name.clone(), key.created.clone(), used, state.to_owned()]
    });
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}
