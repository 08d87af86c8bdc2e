//! `tailnet completions SHELL`: a completion script.

use clap::CommandFactory;

use super::full::Cli;
use super::{Context, Exit, Outcome};

/// The arguments of `tailnet completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the script.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tailnet", &mut script);
    context.out.write_all(&script)?;
    Ok(Exit::Fine)
}
