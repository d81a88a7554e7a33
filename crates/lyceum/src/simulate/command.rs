//! Reading a command: plain words, or a JSON list of texts.

use serde_json::Value;

/// What is to be done on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `Initialize`, with its argument.
    Initialize(String),
    /// `GetValue` of an element.
    Get(String),
    /// `SetValue` of an element to a value.
    Set(String, String),
    /// `Commit`, with its argument.
    Commit(String),
    /// `Terminate`, with its argument.
    Terminate(String),
    /// `GetLastError`.
    LastError,
    /// `GetErrorString` of a code.
    ErrorString(String),
    /// `GetDiagnostic` of a code.
    Diagnostic(String),
    /// A navigation request in the engine's words: `choice i3`.
    Navigate(String),
    /// Opens an item.
    Launch(String),
    /// Tells where everything stands.
    State,
}

impl Command {
    /// Reads a line without its end; `None` for an empty line and a remark.
    ///
    /// # Errors
    /// A sentence for the person who wrote the line.
    pub(crate) fn parse(line: &str) -> Result<Option<Self>, String> {
        let start = line.trim_start();
        if start.is_empty() || start.starts_with('#') {
            return Ok(None);
        }
        let words = if start.starts_with('[') { listed(start)? } else { plain(start) };
        Self::from_words(words).map(Some)
    }

    fn from_words(words: Vec<String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let name = words.next().unwrap_or_default();
        let mut argument = || words.next();
        let command = match name.as_str() {
            "init" => Self::Initialize(argument().unwrap_or_default()),
            "get" => Self::Get(argument().unwrap_or_default()),
            "set" => Self::Set(argument().unwrap_or_default(), argument().unwrap_or_default()),
            "commit" => Self::Commit(argument().unwrap_or_default()),
            "term" => Self::Terminate(argument().unwrap_or_default()),
            "lasterror" => Self::LastError,
            "errorstring" => Self::ErrorString(argument().unwrap_or_default()),
            "diagnostic" => Self::Diagnostic(argument().unwrap_or_default()),
            "start" | "continue" | "previous" | "exit" | "exitAll" | "suspendAll" | "abandon"
            | "abandonAll" | "retry" => Self::Navigate(name.clone()),
            "choice" | "jump" => {
                let target = argument().ok_or_else(|| format!("{name} needs the identifier of an item"))?;
                Self::Navigate(format!("{name} {target}"))
            }
            "launch" => Self::Launch(argument().ok_or("launch needs the identifier of an item")?),
            "state" => Self::State,
            _ => {
                return Err(format!(
                    "there is no command \"{name}\"; lyceum simulate --help lists those that there are"
                ));
            }
        };
        match words.next() {
            Some(more) => Err(format!("\"{more}\" is more than {name} takes")),
            None => Ok(command),
        }
    }
}

/// `set E V` has three parts, every other command two; the last one is the rest of the line as it stands.
fn plain(line: &str) -> Vec<String> {
    let parts = if line.split_whitespace().next() == Some("set") { 3 } else { 2 };
    let mut words: Vec<String> = line.splitn(parts, char::is_whitespace).map(str::to_owned).collect();
    if words.len() == 2 && words[1].trim().is_empty() {
        words.pop();
    }
    words
}

/// Numbers and booleans are taken as their text, as a browser does.
fn listed(line: &str) -> Result<Vec<String>, String> {
    let values: Vec<Value> =
        serde_json::from_str(line).map_err(|error| format!("this is no JSON list: {error}"))?;
    values
        .into_iter()
        .map(|value| match value {
            Value::String(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(format!("{value} is no text")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn words_and_lists_say_the_same() {
        let set = |element: &str, value: &str| Command::Set(element.into(), value.into());
        let table = [
            ("init", Command::Initialize(String::new())),
            ("init ", Command::Initialize(String::new())),
            ("init x", Command::Initialize("x".into())),
            (r#"["init"]"#, Command::Initialize(String::new())),
            ("get cmi.location", Command::Get("cmi.location".into())),
            ("get", Command::Get(String::new())),
            ("set cmi.location  two words ", set("cmi.location", " two words ")),
            (r#"["set","cmi.location","a\nb"]"#, set("cmi.location", "a\nb")),
            (r#"["set","cmi.score.raw",8.5]"#, set("cmi.score.raw", "8.5")),
            ("set cmi.exit", set("cmi.exit", "")),
            (r#"["set","cmi.exit",""]"#, set("cmi.exit", "")),
            ("  state", Command::State),
            ("exitAll", Command::Navigate("exitAll".into())),
            ("choice i 3", Command::Navigate("choice i 3".into())),
            (r#"["jump","i3"]"#, Command::Navigate("jump i3".into())),
            ("launch item 1", Command::Launch("item 1".into())),
        ];
        for (line, command) in table {
            assert_eq!(Command::parse(line), Ok(Some(command)), "{line}");
        }
        for line in ["", "   ", "# a remark", "  # a remark"] {
            assert_eq!(Command::parse(line), Ok(None), "{line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let table = [
            ("go", "no command \"go\""),
            ("launch", "needs the identifier"),
            ("choice", "needs the identifier"),
            ("lasterror 1", "more than"),
            (r#"["set","a","b","c"]"#, "more than"),
            (r#"["set""#, "no JSON list"),
            (r#"["get",null]"#, "no text"),
            ("[]", "no command \"\""),
        ];
        for (line, part) in table {
            let error = Command::parse(line).expect_err(line);
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
