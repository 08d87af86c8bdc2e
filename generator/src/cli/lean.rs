//! The command line of a build without the feature `full`: what Nix needs while it evaluates.

use std::ffi::OsString;
use std::io::Write;

use super::context::Color;
use super::{Context, Exit, Format, Outcome, Surroundings, nix_builder};

/// Runs the one command that there is.
///
/// # Errors
/// What stopped it.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: Surroundings,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().skip(1).collect();
    if let [command] = arguments.as_slice()
        && command == "nix-builder"
    {
        let mut context = Context::new(surroundings, Format::Human, Color::Auto, None, out, err);
        return nix_builder::run(&mut context);
    }
    writeln!(
        err,
        "usage: tailnet nix-builder (built without the feature `full`, which has the other commands)"
    )?;
    Ok(Exit::Unusable)
}
