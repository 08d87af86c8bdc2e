//! The canonical form of a text. What it means does not change, and no comment is lost or leaves its place in the order.
//!
//! The form, which follows what `hujsonfmt` made customary where that is canonical (tabs, trailing commas, comments
//! left alone) and decides where it leaves the choice to whoever wrote the text:
//!
//! 1. One tab a level. One space after a colon and, on a line, after a comma. Lines end in a line feed; the text ends
//!    with one. No space at the end of a line.
//! 2. An array of scalars stands on one line where that fits in [`WIDTH`] columns (a tab counts as [`TAB`]).
//! 3. An object, or an array with arrays or objects in it, stands on one line where it was written on one and that fits.
//!    The text's own value never does.
//! 4. Everything else, and whatever has a comment in it, stands on several lines: one element or member a line, with a
//!    comma after each, the last too. A text that is plain JSON (no comment, no trailing comma) stays plain JSON: no
//!    comma after the last.
//! 5. At most one blank line in a row is kept, none after an opening or before a closing bracket.
//! 6. A comment on the line of what it follows stays on that line (behind the comma), one on a line of its own stays on
//!    a line of its own, one in front of a value on its line stays in front of it. A comment between a name and its
//!    value stays there when it is `/* one line */`; others move above the name.
//! 7. The lines of a block comment move with their first line; spaces at their ends are cut.
//!
//! Strings, numbers and names stay as they are written.

mod layout;
mod write;

use super::{Flavour, SyntaxError, parse};
use crate::source::SourceId;

/// The longest line, in characters, that arrays and objects are put on.
pub const WIDTH: usize = 100;

/// As how many columns a tab counts.
pub const TAB: usize = 4;

/// `text` in canonical form.
///
/// # Errors
/// A text with errors is not formatted: its errors, their spans under `SourceId(0)`.
pub fn format(text: &str, flavour: Flavour) -> Result<String, Vec<SyntaxError>> {
    let parsed = parse(SourceId(0), text, flavour);
    if !parsed.errors.is_empty() {
        return Err(parsed.errors);
    }
    // The tree has done its work, and needs more memory than what follows.
    drop(parsed.root);
    Ok(write::write(text, &layout::Layout::new(text, flavour)))
}

#[cfg(test)]
mod tests;
