//! How a command fails: a sentence on the error stream and an exit code that tells who has to act.

use std::error::Error;
use std::process::ExitCode;

/// It could not be done.
const FAILED: u8 = 1;

/// It was asked for in a wrong way (the same code that the command line's parser uses).
const WRONG_USAGE: u8 = 2;

/// The end of a command that did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// What was asked for cannot be: exit code 2.
    pub(crate) fn wrong_usage(text: impl Into<String>) -> Self {
        Self { code: WRONG_USAGE, text: text.into() }
    }

    /// It could not be done: exit code 1.
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self { code: FAILED, text: text.into() }
    }

    /// Says why, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("lyceum: {}", self.text);
        ExitCode::from(self.code)
    }
}

/// Whatever goes wrong inside is exit code 1, with all its causes that the message does not tell already.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let told = cause.to_string();
            if !text.contains(&told) {
                text = format!("{text}: {told}");
            }
            source = cause.source();
        }
        Self::failed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[derive(Debug, thiserror::Error)]
    #[error("the folder cannot be used")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn causes_are_told_once() {
        let failure = Failure::from(Outer(std::io::Error::other("the disk is full")));
        assert_eq!((failure.code, failure.text.as_str()), (1, "the folder cannot be used: the disk is full"));
    }
}
