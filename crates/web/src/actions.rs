//! One module an action: it reads the request, calls one use case, and renders.

pub(crate) mod correct;
pub(crate) mod course;
pub(crate) mod courses;
pub(crate) mod enrol;
pub(crate) mod history;
pub(crate) mod launch;
pub(crate) mod registration;
pub(crate) mod registrations;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod upload;
