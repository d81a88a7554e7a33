use std::collections::HashMap;

/// The sections of a `.crs` file. Names of sections and keys are not case-sensitive.
#[derive(Debug, Default)]
pub(super) struct Sections {
    values: HashMap<(String, String), String>,
    texts: HashMap<String, String>,
}

impl Sections {
    /// Reads `[section]`, `key=value` and free text; lines that begin with `;` are comments.
    pub(super) fn parse(text: &str) -> Self {
        let mut sections = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                section = name.trim().to_lowercase();
            } else if !line.is_empty() && !line.starts_with(';') {
                sections.line(&section, line);
            }
        }
        sections
    }

    fn line(&mut self, section: &str, line: &str) {
        if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"').trim();
            let key = (section.to_owned(), key.trim().to_lowercase());
            if !value.is_empty() {
                self.values.entry(key).or_insert_with(|| value.to_owned());
            }
        }
        let text = self.texts.entry(section.to_owned()).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }

    /// The value of a key, both in lower case.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.values.get(&(section.to_owned(), key.to_owned())).map(String::as_str)
    }

    /// All lines of a section, for sections that are free text.
    pub(super) fn text(&self, section: &str) -> Option<String> {
        self.texts.get(section).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_without_regard_to_case() {
        let text = "; made by hand\r\n[COURSE]\r\nCourse_Title = \"A = B\"\nCourse_ID=\n\nbroken line\n[Course_Description]\nTwo\nlines = here\n[open\nx=1";
        let sections = Sections::parse(text);
        assert_eq!(sections.get("course", "course_title"), Some("A = B"));
        assert_eq!(sections.get("course", "course_id"), None);
        assert_eq!(sections.text("course_description").as_deref(), Some("Two\nlines = here"));
        assert_eq!(sections.get("open", "x"), Some("1"));
        assert_eq!(Sections::parse("").get("course", "course_title"), None);
    }
}
