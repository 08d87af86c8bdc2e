//! What any text is judged by when it is read, whatever it says: one file a code.

use crate::diagnostics::Page;

/// The pages of all codes about reading texts, in the order of their codes.
pub const PAGES: &[&Page] = &[];
