//! The rules a declaration is judged by: one file a code, each with its page, its check and its tests.

pub mod bad_value;
pub(crate) mod mend;
pub mod missing_option;
pub mod unknown_option;
pub mod wrong_type;

use crate::diagnostics::Page;

/// The pages of all codes about declarations, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &unknown_option::PAGE,
    &wrong_type::PAGE,
    &missing_option::PAGE,
    &bad_value::PAGE,
];
