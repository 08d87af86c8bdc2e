//! HuJSON (JWCC), the format of headscale's policy file, and JSON5 for declarations. Nothing here knows of policies.
//!
//! HuJSON is JSON as RFC 8259 has it, and only this more:
//!
//! ```text
//! white space   + a line comment: `//` up to and with a line feed (at the end of the text too)
//!               + a block comment: `/*` up to the next `*/`
//! object, array + one comma after the last member or element
//! ```
//!
//! Everything else of JSON5 is refused, as headscale refuses it: names without quotes, single quotes, `+1`, `.5`, `0x1`,
//! `NaN`, `#` comments, a byte order mark. Valid JSON is valid HuJSON. What headscale's two parsers do (tailscale/hujson
//! first, then go-json-experiment on the result) and we do in one go:
//!
//! - the text must be UTF-8, comments included; a `\u` escape that is half of a surrogate pair is refused;
//! - a line comment must end in a line feed and may not contain U+2028 or U+2029;
//! - a name may stand once in an object, compared after decoding (`"a"` and `"\u0061"` are the same name);
//! - where the object is a *struct* of headscale's (the policy itself, a grant, ...), names are compared after folding
//!   ([`fold_name`]): `acls` and `ACLs` together are a duplicate. Where it is a *map* (`groups`, `hosts`, `tagOwners`,
//!   `routes`, `app`) they are not. Only a reader knows which, so the parser reports exact duplicates and the reader
//!   the folded ones;
//! - nesting: headscale's limit is 10,000 (and Go's stack); ours is [`MAX_DEPTH`], so that all that walks a tree may
//!   recurse.
//!
//! The way of data: [`lex`] cuts a text into pieces, losslessly; [`parse`](parse()) builds the tree of values with
//! their places and collects errors; [`format`](mod@format) writes a text in canonical form; [`edit`] changes it in places.

pub mod edit;
mod error;
pub mod format;
pub mod lex;
mod name;
mod parse;
mod scalar;
mod value;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use format::format;
pub use name::{fold_name, same_name};
pub use parse::{MAX_DEPTH, MAX_ERRORS, Parsed, parse};
pub use value::{Kind, Member, Value};

use std::path::Path;

/// Which grammar a text is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Exactly what headscale accepts.
    Hujson,
    /// JSON5: declarations only; headscale refuses it.
    Json5,
}

impl Flavour {
    /// The grammar that a file's name promises: `.json5` and `-` (standard input) are JSON5, of which HuJSON and JSON
    /// are a subset; everything else (`.hujson`, `.json`) is HuJSON.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let json5 = path.as_os_str() == "-" || path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("json5"));
        if json5 { Self::Json5 } else { Self::Hujson }
    }
}
