//! Keys: what secrets look like, so that none gets into a declaration, and what their public halves look like, so that
//! a declaration holds the right ones.
//!
//! Architecture invariant: nothing in here hands a secret on. A finding says where one stands and what kind it is.

pub mod rules;
pub mod scan;
pub mod secret;
pub mod store_path;
