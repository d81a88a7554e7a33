//! Rollup behaviour (RB): how the status of a cluster follows from its children.

mod conditions;
mod contribution;
mod measure;
mod objective;
mod overall;
mod progress;
mod rule_check;
