//! Patterns of element names.

/// `*` stands for any text, dots included, `?` for one character; everything else for itself. `cmi.interactions.*.result`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Vec<char>);

impl Glob {
    /// A pattern. Without `*` and `?` it matches the element of that name, and what is below it.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Whether an element is meant.
    #[must_use]
    pub fn matches(&self, element: &str) -> bool {
        let text: Vec<char> = element.chars().collect();
        if self.0.iter().any(|c| matches!(c, '*' | '?')) {
            return matches(&self.0, &text);
        }
        let below = text.strip_prefix(self.0.as_slice());
        below.is_some_and(|rest| rest.first().is_none_or(|c| *c == '.'))
    }
}

/// Goes back to the last star only, so that no pattern takes longer than the product of both lengths.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                (p, t) = (at + 1, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns() {
        let table = [
            ("cmi.location", "cmi.location", true),
            ("cmi.location", "cmi.locations", false),
            ("cmi.score", "cmi.score.raw", true),
            ("cmi.interactions.*.result", "cmi.interactions.12.result", true),
            ("cmi.interactions.*.result", "cmi.interactions.12.latency", false),
            ("*score*", "cmi.core.score.raw", true),
            ("cmi.?.id", "cmi.x.id", true),
            ("cmi.?.id", "cmi.xy.id", false),
            ("*", "", true),
            ("", "", true),
            ("", "cmi", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ];
        for (pattern, element, expected) in table {
            assert_eq!(Glob::new(pattern).matches(element), expected, "{pattern} on {element}");
        }
    }
}
