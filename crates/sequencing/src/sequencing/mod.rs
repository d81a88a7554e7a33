//! Sequencing behaviour (SB): which activity a request leads to.

mod choice;
mod choice_flow;
mod choice_traversal;
mod continue_request;
mod exit;
mod flow;
mod flow_activity;
mod flow_tree;
mod jump;
mod previous;
mod request;
mod resume_all;
mod retry;
mod start;

pub(crate) use choice_traversal::Direction;
pub(crate) use flow::Flow;
pub(crate) use flow_tree::Step;
pub(crate) use request::{Destination, SequencingRequest};
