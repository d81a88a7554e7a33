use std::borrow::Cow;

/// An element of a manifest.
pub(crate) type Node<'d> = roxmltree::Node<'d, 'd>;

/// Lookups by local name without regard to namespaces and ASCII case: manifests with wrong, missing or
/// differently written names are understood. Where a name means different things in two namespaces, the caller
/// asks for the namespace itself.
pub(crate) trait NodeExt<'d>: Sized + Copy {
    /// Whether this is an element with this local name.
    fn is(self, name: &str) -> bool;
    /// The child elements in document order.
    fn elements(self) -> impl Iterator<Item = Node<'d>>;
    /// The child elements with this local name.
    fn elements_named(self, name: &str) -> impl Iterator<Item = Node<'d>>;
    /// The first child element with this local name.
    fn element(self, name: &str) -> Option<Node<'d>>;
    /// The element at the end of a path of child elements.
    fn element_at(self, path: &[&str]) -> Option<Node<'d>>;
    /// The value of the attribute with this local name, as written.
    fn attr(self, name: &str) -> Option<&'d str>;
    /// The same with white space collapsed, as for identifiers and tokens; `None` when nothing is left.
    fn token(self, name: &str) -> Option<String>;
    /// All text inside, as written.
    fn inner_text(self) -> Cow<'d, str>;
    /// All text inside with white space collapsed.
    fn collapsed_text(self) -> String;
    /// Whether the element's namespace name contains this word.
    fn in_namespace(self, part: &str) -> bool;
}

impl<'d> NodeExt<'d> for Node<'d> {
    fn is(self, name: &str) -> bool {
        self.is_element() && self.tag_name().name().eq_ignore_ascii_case(name)
    }

    fn elements(self) -> impl Iterator<Item = Node<'d>> {
        self.children().filter(Node::is_element)
    }

    fn elements_named(self, name: &str) -> impl Iterator<Item = Node<'d>> {
        self.children().filter(move |child| child.is(name))
    }

    fn element(self, name: &str) -> Option<Node<'d>> {
        self.elements_named(name).next()
    }

    fn element_at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, name| node.element(name))
    }

    fn attr(self, name: &str) -> Option<&'d str> {
        let named = |exact: bool| {
            self.attributes()
                .find(|a| if exact { a.name() == name } else { a.name().eq_ignore_ascii_case(name) })
                .map(|a| a.value())
        };
        named(true).or_else(|| named(false))
    }

    fn token(self, name: &str) -> Option<String> {
        self.attr(name).map(collapse).filter(|token| !token.is_empty())
    }

    fn inner_text(self) -> Cow<'d, str> {
        let mut texts = self.descendants().filter(Node::is_text).filter_map(|node| node.text());
        let first = texts.next().unwrap_or("");
        match texts.next() {
            None => Cow::Borrowed(first),
            Some(second) => {
                let mut all = String::from(first);
                all.push_str(second);
                all.extend(texts);
                Cow::Owned(all)
            }
        }
    }

    fn collapsed_text(self) -> String {
        collapse(&self.inner_text())
    }

    fn in_namespace(self, part: &str) -> bool {
        self.tag_name().namespace().is_some_and(|namespace| namespace.contains(part))
    }
}

/// White space trimmed, and every run of it one blank (the `collapse` facet of XML Schema, which identifiers,
/// tokens and addresses have).
pub(crate) fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}
