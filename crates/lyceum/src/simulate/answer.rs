//! What is answered to a command: one JSON object.

use lyceum_attempt::engine::Reply;
use serde::Serialize;

use super::sequence::Sequence;
use super::standing::Standing;

/// One object; every kind but the last has `ret` and `err`.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    /// To a call of the API.
    Call(Return),
    /// To a navigation request.
    Navigated { seq: Box<Sequence> },
    /// To `term`, when the content had asked for a navigation: it has been carried out.
    Terminated {
        #[serde(flatten)]
        of: Return,
        /// The request as a command.
        nav: Vec<String>,
        seq: Box<Sequence>,
    },
    /// To `launch`.
    Launched {
        #[serde(flatten)]
        of: Return,
        /// Identifier of the item that is open now.
        delivered: String,
        /// What content reads as `cmi.entry`.
        entry: String,
    },
    /// To `state`.
    State {
        #[serde(flatten)]
        of: Return,
        #[serde(flatten)]
        standing: Box<Standing>,
    },
    /// The command makes no sense, and nothing was done.
    Wrong {
        /// What is wrong with it, in a sentence.
        error: String,
    },
}

/// What every call gives.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Return {
    /// What the call returned.
    pub(crate) ret: String,
    /// The error code after the call.
    pub(crate) err: u16,
    /// What was unusual about the call (`lyceum_cmi::Flags`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) flags: Vec<&'static str>,
}

impl Return {
    pub(crate) fn new(ret: impl Into<String>, err: u16) -> Self {
        Self { ret: ret.into(), err, flags: Vec::new() }
    }
}

impl From<Reply> for Return {
    fn from(reply: Reply) -> Self {
        Self::new(reply.value, reply.error)
    }
}

impl Answer {
    pub(crate) fn wrong(error: impl Into<String>) -> Self {
        Self::Wrong { error: error.into() }
    }
}
