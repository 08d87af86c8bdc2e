//! The command line of a build without the feature `full`: what Nix needs while it evaluates.

use std::ffi::OsString;
use std::io::Write;

use super::{Exit, Outcome, Surroundings};

/// Runs the one command that there is.
///
/// # Errors
/// What stopped it.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    _surroundings: Surroundings,
    _out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let _ = arguments;
    writeln!(
        err,
        "usage: tailnet nix-builder (built without the feature `full`, which has the other commands)"
    )?;
    Ok(Exit::Unusable)
}
