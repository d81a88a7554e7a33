/// Where lines begin, so that any number of places can be named without reading the text again.
pub(crate) struct LineIndex<'t> {
    starts: Vec<usize>,
    text: &'t str,
}

impl<'t> LineIndex<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { starts, text }
    }

    /// `file:line:column`, both from 1, columns in characters.
    pub(crate) fn place(&self, file: &str, offset: usize) -> String {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = self.text.get(self.starts[line]..offset).unwrap_or("");
        format!("{file}:{}:{}", line + 1, before.chars().count() + 1)
    }
}
