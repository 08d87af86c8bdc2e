//! The rules a policy is judged by: one file a code, each with its page, its check and its tests.

use crate::diagnostics::Page;

/// The pages of all codes about policies, in the order of their codes.
pub const PAGES: &[&Page] = &[];
