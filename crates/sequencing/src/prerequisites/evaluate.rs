//! Whether prerequisites are met.

use super::{Token, check_order, tokens};

/// What is known of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// It counts as done: passed or completed, and not failed.
    pub done: bool,
    /// Its lesson status: `passed`, `completed`, `failed`, `incomplete`, `browsed` or `not attempted`.
    pub status: &'static str,
}

/// Whether a script is true now. One that is no sentence of the language locks nothing; an activity that does not exist
/// (`None`) is never done.
#[must_use]
pub fn are_met(script: &str, known: &dyn Fn(&str) -> Option<Known>) -> bool {
    let Ok(tokens) = tokens(script) else { return true };
    if tokens.is_empty() || check_order(&tokens).is_err() {
        return true;
    }
    let mut reader = Reader { rest: &tokens, known };
    let met = reader.any();
    // Something that takes turns correctly and still has no meaning, such as a comma outside of braces.
    if reader.rest.is_empty() { met } else { true }
}

struct Reader<'a> {
    rest: &'a [Token<'a>],
    known: &'a dyn Fn(&str) -> Option<Known>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn takes(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.rest.first() == Some(wanted);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// `A | B`: binds least.
    fn any(&mut self) -> bool {
        let mut met = self.all();
        while self.takes(&Token::Joins('|')) {
            met |= self.all();
        }
        met
    }

    /// `A & B`
    fn all(&mut self) -> bool {
        let mut met = self.one();
        while self.takes(&Token::Joins('&')) {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        match self.next() {
            Some(Token::Negates) => !self.one(),
            Some(Token::Counts(wanted)) => {
                let wanted = *wanted;
                self.takes(&Token::Open('{'));
                self.set().0 >= wanted
            }
            Some(Token::Open('{')) => {
                let (met, all) = self.set();
                met == all
            }
            Some(Token::Open(_)) => {
                let met = self.any();
                self.takes(&Token::Close(')'));
                met
            }
            Some(Token::Name(name)) => self.activity(name),
            _ => true,
        }
    }

    /// `A, B, C}`: how many are met, of how many.
    fn set(&mut self) -> (usize, usize) {
        let (mut met, mut all) = (0, 0);
        loop {
            met += usize::from(self.any());
            all += 1;
            if !self.takes(&Token::Joins(',')) {
                self.takes(&Token::Close('}'));
                return (met, all);
            }
        }
    }

    /// `A`, `A = "passed"`, `A <> "failed"`
    fn activity(&mut self, name: &str) -> bool {
        let known = (self.known)(name);
        let [Token::Compares(equal), Token::Status(status), rest @ ..] = self.rest else {
            return known.is_some_and(|known| known.done);
        };
        self.rest = rest;
        known.is_some_and(|known| is_status(known.status, status) == *equal)
    }
}

/// AICC allows any case, and the first letter alone.
fn is_status(known: &str, asked: &str) -> bool {
    let asked = asked.trim();
    known.eq_ignore_ascii_case(asked) || (asked.len() == 1 && known[..1].eq_ignore_ascii_case(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_true_or_not() {
        let known = |name: &str| {
            let (done, status) = match name {
                "P" => (true, "passed"),
                "C" => (true, "completed"),
                "F" => (false, "failed"),
                "I" => (false, "incomplete"),
                "N" => (false, "not attempted"),
                _ => return None,
            };
            Some(Known { done, status })
        };
        for (script, met) in [
            ("", true),
            ("P", true),
            ("F", false),
            ("missing", false),
            ("~N", true),
            ("P & C", true),
            ("P & N", false),
            ("N | C", true),
            ("N | P & F", false),
            ("(N | P) & C", true),
            ("~(P & N)", true),
            ("2*{P, N, C}", true),
            ("3*{P, N, C}", false),
            ("{P, C} & ~{P, N}", true),
            ("1*{P & N, C}", true),
            ("F = \"failed\"", true),
            ("F = \"F\"", true),
            ("P <> \"passed\"", false),
            ("N <> \"passed\" & C", true),
            ("missing <> \"passed\"", false),
            // No sentences: nothing is locked.
            ("P N", true),
            ("(N", true),
            ("N , N", true),
        ] {
            assert_eq!(are_met(script, &known), met, "{script}");
        }
    }
}
