//! The rules a policy is judged by: one file a code, each with its page, its check and its tests.

pub mod topology_contradiction;
pub mod topology_shape;
pub mod topology_unknown_key;

use crate::diagnostics::Page;

/// The pages of all codes about policies, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &topology_shape::PAGE,
    &topology_unknown_key::PAGE,
    &topology_contradiction::PAGE,
];
