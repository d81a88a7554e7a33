//! Delivery behaviour (DB): making sure that an activity may be delivered, and beginning the attempts for it.

mod clear_suspended;
mod environment;
mod request;
