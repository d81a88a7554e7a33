//! Prerequisites in the script of AICC (CMI001 section 6.4; SCORM 1.2 CAM 2.3.2.5.1): `A & (B | ~C) & 2*{D,E,F}`,
//! `A = "passed"`. The only rules for the order of activities before SCORM 2004.

mod evaluate;

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

pub use evaluate::{Known, are_met};

/// Why a script cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptError {
    /// A parenthesis or brace is not closed, or closed without being open.
    Unbalanced,
    /// A quotation mark is not closed.
    OpenQuote,
    /// An activity is missing beside an operator.
    MissingOperand,
    /// An operator is missing between two activities.
    MissingOperator,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unbalanced => "a parenthesis or brace is not closed, or closed without being open",
            Self::OpenQuote => "a quotation mark is not closed",
            Self::MissingOperand => "an activity is missing beside an operator",
            Self::MissingOperator => "an operator is missing between two activities",
        })
    }
}

impl core::error::Error for ScriptError {}

/// The script with `AND`, `OR` and `NOT` written as operators, when that makes a sentence of it. Authors write so, and
/// it can only be meant in one way.
#[must_use]
pub fn with_operators(script: &str) -> Option<String> {
    let operator = |word: &str| match word.to_ascii_uppercase().as_str() {
        "AND" => "&".to_owned(),
        "OR" => "|".to_owned(),
        "NOT" => "~".to_owned(),
        _ => word.to_owned(),
    };
    let spaced = script.replace('(', " ( ").replace(')', " ) ");
    let tidy: Vec<String> = spaced.split_whitespace().map(operator).collect();
    let tidy = tidy.join(" ");
    names(&tidy).is_ok().then_some(tidy)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'s> {
    Name(&'s str),
    /// `"passed"`
    Status(&'s str),
    /// `&`, `|`, `,`
    Joins(char),
    /// `=` (true), `<>` (false)
    Compares(bool),
    /// `~`
    Negates,
    /// `2*`
    Counts(usize),
    Open(char),
    Close(char),
}

/// The identifiers that a script names, in order.
///
/// # Errors
/// [`ScriptError`] when it is no sentence of the script language.
pub fn names(script: &str) -> Result<Vec<&str>, ScriptError> {
    let tokens = tokens(script)?;
    check_order(&tokens)?;
    Ok(tokens
        .into_iter()
        .filter_map(|token| match token {
            Token::Name(name) => Some(name),
            _ => None,
        })
        .collect())
}

fn tokens(script: &str) -> Result<Vec<Token<'_>>, ScriptError> {
    let mut tokens = Vec::new();
    let mut rest = script.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' | '{' => (Token::Open(first), 1),
            ')' | '}' => (Token::Close(first), 1),
            '&' | '|' | ',' => (Token::Joins(first), 1),
            '=' => (Token::Compares(true), 1),
            '~' => (Token::Negates, 1),
            '<' if rest.starts_with("<>") => (Token::Compares(false), 2),
            '"' => {
                let end = rest[1..].find('"').ok_or(ScriptError::OpenQuote)?;
                (Token::Status(&rest[1..=end]), end + 2)
            }
            _ => word(rest),
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// An identifier, or the number before the `*` of a set.
fn word(rest: &str) -> (Token<'_>, usize) {
    let is_end = |c: char| c.is_whitespace() || "()&|,={}~<\"*".contains(c);
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = rest[first..].find(is_end).map_or(rest.len(), |end| first + end);
    let word = &rest[..end];
    let after = &rest[end..];
    let star = after.len() - after.trim_start().len();
    if word.bytes().all(|byte| byte.is_ascii_digit()) && after.trim_start().starts_with('*') {
        return (Token::Counts(word.parse().unwrap_or(usize::MAX)), end + star + 1);
    }
    (Token::Name(word), end)
}

/// Operands and operators must take turns, and brackets must match.
fn check_order(tokens: &[Token<'_>]) -> Result<(), ScriptError> {
    let mut brackets = Vec::new();
    let mut wants_operand = true;
    for token in tokens {
        let is_operand_start = !matches!(token, Token::Joins(_) | Token::Compares(_) | Token::Close(_));
        if wants_operand && !is_operand_start {
            return Err(ScriptError::MissingOperand);
        }
        if !wants_operand && is_operand_start {
            return Err(ScriptError::MissingOperator);
        }
        match token {
            Token::Name(_) | Token::Status(_) => wants_operand = false,
            Token::Joins(_) | Token::Compares(_) => wants_operand = true,
            Token::Negates | Token::Counts(_) => {}
            Token::Open(open) => brackets.push(*open),
            Token::Close(close) => {
                let open = if *close == ')' { '(' } else { '{' };
                if brackets.pop() != Some(open) {
                    return Err(ScriptError::Unbalanced);
                }
            }
        }
    }
    match (brackets.is_empty(), wants_operand && !tokens.is_empty()) {
        (false, _) => Err(ScriptError::Unbalanced),
        (_, true) => Err(ScriptError::MissingOperand),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_name_their_activities() {
        for (script, expected) in [
            ("", &[][..]),
            ("A1", &["A1"]),
            ("A1&A2", &["A1", "A2"]),
            (" A1 | ( B-2 & ~c_3 ) ", &["A1", "B-2", "c_3"]),
            ("2*{A, B,C}", &["A", "B", "C"]),
            ("3 * {A,B,C} & D", &["A", "B", "C", "D"]),
            ("A = \"passed\" & B<>\"completed\"", &["A", "B"]),
            ("Lektion_Ü & über", &["Lektion_Ü", "über"]),
            ("über", &["über"]),
        ] {
            assert_eq!(names(script).as_deref(), Ok(expected), "{script}");
        }
    }

    #[test]
    fn words_can_stand_for_operators() {
        assert_eq!(with_operators("A and B").as_deref(), Some("A & B"));
        assert_eq!(with_operators("(A AND B) OR NOT C").as_deref(), Some("( A & B ) | ~ C"));
        assert_eq!(with_operators("A XOR B"), None);
    }

    #[test]
    fn what_is_no_script_is_refused() {
        for (script, error) in [
            ("A &", ScriptError::MissingOperand),
            ("& A", ScriptError::MissingOperand),
            ("A B", ScriptError::MissingOperator),
            ("A AND B", ScriptError::MissingOperator),
            ("(A", ScriptError::Unbalanced),
            ("A)", ScriptError::Unbalanced),
            ("(A}", ScriptError::Unbalanced),
            ("A = \"passed", ScriptError::OpenQuote),
            ("()", ScriptError::MissingOperand),
            ("A | ~", ScriptError::MissingOperand),
        ] {
            assert_eq!(names(script), Err(error), "{script}");
        }
    }
}
