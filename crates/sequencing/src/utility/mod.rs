//! Utility processes (UP), which the other behaviours share.

mod check_activity;
mod conditions;
mod end_attempt;
mod limits;
mod rules;
mod terminate_descendents;
