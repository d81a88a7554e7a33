use std::collections::HashMap;

/// Keeps identifiers apart that are equal.
#[derive(Default)]
pub(crate) struct UniqueNames {
    used: HashMap<String, usize>,
}

impl UniqueNames {
    /// Takes a name. When it is in use already, answers the one to use instead.
    pub(crate) fn make_unique(&mut self, name: &str) -> Option<String> {
        let Some(count) = self.used.get_mut(name) else {
            self.used.insert(name.to_owned(), 1);
            return None;
        };
        let mut next = *count;
        loop {
            next += 1;
            let other = format!("{name}~{next}");
            if !self.used.contains_key(&other) {
                self.used.insert(name.to_owned(), next);
                self.used.insert(other.clone(), 1);
                return Some(other);
            }
        }
    }
}
