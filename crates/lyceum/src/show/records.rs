//! What came of verifying and taking over.

use lyceum_app::{TakenOver, Verification};

use super::{count, table};

pub(crate) fn verification(of: &Verification) -> String {
    let verdict = if of.sound { "Nothing was touched." } else { "Records were touched." };
    let facts = [
        ["Registrations", &of.registrations.to_string()],
        ["Commits", &of.commits.to_string()],
        ["Erased commits", &of.erased.to_string()],
        ["Signed heads that fit", &of.signed_heads.to_string()],
        [
            "Signed with",
            &if of.public_keys.is_empty() { "nothing".to_owned() } else { of.public_keys.join(", ") },
        ],
    ];
    let facts = table(&facts.map(|[name, value]| [format!("  {name}"), value.to_owned()]));
    let findings: String = of
        .findings
        .iter()
        .map(|found| {
            let trouble = format!("{:?}", found.trouble).to_lowercase();
            let attempt = found.attempt.map(|n| format!(" attempt {n}")).unwrap_or_default();
            let commit = found.commit.map(|n| format!(" #{n}")).unwrap_or_default();
            format!("{trouble}: {}{attempt}{commit}: {}\n", found.registration, found.message)
        })
        .collect();
    format!("{verdict}\n\n{facts}{}{findings}", if findings.is_empty() { "" } else { "\n" })
}

pub(crate) fn taken_over(of: &TakenOver) -> String {
    let mut text = format!(
        "Taken over: {}, {}, {}; {} of what the file holds was here already.\n",
        count(of.registrations, "registration"),
        count(of.attempts, "attempt"),
        count(of.commits, "commit"),
        count(of.known, "registration")
    );
    if !of.packages_missing.is_empty() {
        text.push_str("Before these courses can be played here, import their packages (SHA-256):\n");
        of.packages_missing.iter().for_each(|digest| text.push_str(&format!("  {digest}\n")));
    }
    text
}
