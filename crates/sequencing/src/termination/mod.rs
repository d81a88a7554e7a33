//! Termination behaviour (TB): ending attempts before something else can happen.

mod exit_rules;
mod post_rules;
mod request;

pub(crate) use post_rules::PostCondition;
pub(crate) use request::TerminationRequest;
