//! What the sequencer does beyond ADL's test cases: cases derived from the SN book, written as text, and properties of
//! random trees.
#![allow(unreachable_pub, reason = "a program of tests has no outside")]

mod cases;
mod fuzz;
mod outline;
mod random_tree;
mod rollup;
mod rule;
mod script;
mod shuffling;
