//! All modules as one script, put together when the server starts. Forty small files cost a browser on a slow line several
//! round trips; the files stay as they are for people and for Node's tests.
//!
//! Every module becomes a function that is called once and returns what the module exports. Comments that stand on lines of
//! their own become empty lines. Nothing is parsed: the modules keep to a few forms, one line each, and whatever else is
//! found is an error that a test of this file shows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Why modules could not be put together. A fault in a front-end file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BundleError {
    #[error("{module}: `{line}` is none of the forms in which a module may import or export here")]
    Form { module: String, line: String },
    #[error("{module} imports {missing}, which is not there")]
    Missing { module: String, missing: String },
    #[error("{0} imports itself, by way of others")]
    Circle(String),
}

/// Puts `entry` and everything that it imports into one script. `modules` are sources by file name.
pub(crate) fn bundle(modules: &BTreeMap<&str, &str>, entry: &str) -> Result<String, BundleError> {
    let mut bundle = Bundle { modules, order: Vec::new(), text: String::new() };
    bundle.add(entry, &mut Vec::new())?;
    Ok(bundle.text)
}

struct Bundle<'a> {
    modules: &'a BTreeMap<&'a str, &'a str>,
    /// Modules that stand in the text already.
    order: Vec<String>,
    text: String,
}

impl Bundle<'_> {
    fn add(&mut self, name: &str, above: &mut Vec<String>) -> Result<(), BundleError> {
        if self.order.iter().any(|done| done == name) {
            return Ok(());
        }
        if above.iter().any(|open| open == name) {
            return Err(BundleError::Circle(name.to_owned()));
        }
        let Some(source) = self.modules.get(name) else {
            let module = above.last().cloned().unwrap_or_default();
            return Err(BundleError::Missing { module, missing: name.to_owned() });
        };
        let module = Module::read(name, source)?;
        above.push(name.to_owned());
        for import in &module.imports {
            self.add(import, above)?;
        }
        above.pop();
        let _ = writeln!(self.text, "const {} = (() => {{ // {name}", variable(name));
        self.text.push_str(&module.body);
        let _ = writeln!(self.text, "return {{ {} }};\n}})();", module.exports.join(", "));
        self.order.push(name.to_owned());
        Ok(())
    }
}

/// A module taken apart.
struct Module {
    imports: Vec<String>,
    /// As members of an object literal.
    exports: Vec<String>,
    body: String,
}

impl Module {
    fn read(name: &str, source: &str) -> Result<Self, BundleError> {
        let mut module =
            Self { imports: Vec::new(), exports: Vec::new(), body: String::with_capacity(source.len()) };
        let mut in_comment = false;
        for line in source.lines() {
            let is_comment =
                in_comment || line.trim_start().starts_with("/*") || line.trim_start().starts_with("//");
            if is_comment {
                in_comment =
                    !line.trim_end().ends_with("*/") && (in_comment || line.trim_start().starts_with("/*"));
            } else {
                let form = || BundleError::Form { module: name.to_owned(), line: line.to_owned() };
                module.line(line).ok_or_else(form)?;
            }
            module.body.push('\n');
        }
        Ok(module)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        if line.starts_with("import ") {
            self.import(line)?;
        } else if let Some(list) = line.strip_prefix("export {") {
            let list = list.strip_suffix("};")?;
            self.exports.extend(list.split(',').map(|export| renamed(export, true)));
        } else if let Some(declaration) = line.strip_prefix("export ") {
            self.exports.push(declared(declaration)?.to_owned());
            self.body.push_str(declaration);
        } else {
            self.body.push_str(line);
        }
        Some(())
    }

    /// `import { a, b as c } from './x.js';`, `import d, { a } from './x.js';`
    fn import(&mut self, line: &str) -> Option<()> {
        let (names, from) = line.strip_prefix("import ")?.split_once(" from './")?;
        let from = from.strip_suffix("';")?;
        let (default, list) = names.split_once('{')?;
        let list = list.strip_suffix('}')?;
        let default = default.trim().trim_end_matches(',');
        let default = (!default.is_empty()).then(|| format!("default: {default}"));
        let members: Vec<String> =
            default.into_iter().chain(list.split(',').map(|name| renamed(name, false))).collect();
        let _ = write!(self.body, "const {{ {} }} = {};", members.join(", "), variable(from));
        self.imports.push(from.to_owned());
        Some(())
    }
}

/// `a as b` as a member of an object pattern (`a: b`), or of an object literal (`b: a`).
fn renamed(name: &str, is_export: bool) -> String {
    match name.trim().split_once(" as ") {
        Some((from, to)) if is_export => format!("{to}: {from}"),
        Some((from, to)) => format!("{from}: {to}"),
        None => name.trim().to_owned(),
    }
}

/// The name that a declaration declares.
fn declared(declaration: &str) -> Option<&str> {
    let kinds = ["async function ", "function ", "class ", "const "];
    let rest = kinds.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')?;
    (end > 0).then(|| &rest[..end])
}

fn variable(name: &str) -> String {
    format!("${}", name.trim_end_matches(".js").replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(modules: &[(&str, &str)]) -> Result<String, BundleError> {
        bundle(&modules.iter().copied().collect(), modules[0].0)
    }

    #[test]
    fn modules_stand_in_the_order_of_their_imports() {
        let text = bundled(&[
            ("main.js", "// first\nimport { b, c as d } from './a-b.js';\nb(d);"),
            (
                "a-b.js",
                "import init, { e } from './glue.js';\nexport const b = 1;\nexport async function c() {}\n  /** x\n   * y */\nlet z;",
            ),
            ("glue.js", "class E {}\nexport { E as e, z as default };"),
            ("other.js", "never"),
        ]);
        let expected = "const $glue = (() => { // glue.js\nclass E {}\n\nreturn { e: E, default: z };\n})();\n\
            const $a_b = (() => { // a-b.js\nconst { default: init, e } = $glue;\nconst b = 1;\nasync function c() {}\n\n\nlet z;\nreturn { b, c };\n})();\n\
            const $main = (() => { // main.js\n\nconst { b, c: d } = $a_b;\nb(d);\nreturn {  };\n})();\n";
        assert_eq!(text.as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let form = |line: &str| BundleError::Form { module: "m.js".to_owned(), line: line.to_owned() };
        let lines = [
            "import * as a from './a.js';",
            "import './a.js';",
            "export default 1;",
            "export * from './a.js';",
            "import {",
        ];
        for line in lines {
            assert_eq!(bundled(&[("m.js", line)]), Err(form(line)));
        }
        let missing = BundleError::Missing { module: "m.js".to_owned(), missing: "a.js".to_owned() };
        assert_eq!(bundled(&[("m.js", "import { a } from './a.js';")]), Err(missing));
        let circle = [("m.js", "import { a } from './a.js';"), ("a.js", "import { m } from './m.js';")];
        assert_eq!(bundled(&circle), Err(BundleError::Circle("m.js".to_owned())));
    }
}
