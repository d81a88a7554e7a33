#![no_std]
#![forbid(unsafe_code)]
//! IMS Simple Sequencing as profiled by SCORM 2004 (the SN book).
//!
//! [`definitions`] is the sequencing definition model: what an author wrote for one activity, with the
//! defaults of the standard filled in. It is pure data; whoever reads a manifest fills it, and the
//! sequencing processes run on it as it is.

extern crate alloc;

pub mod definitions;
