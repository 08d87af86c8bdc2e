//! `tailnet man DIR`: the man pages, made when the package is built.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory;

use super::full::Cli;
use super::{Context, Exit, Outcome};

/// The arguments of `tailnet man`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the pages go; made if it is not there
    directory: PathBuf,
}

/// Writes `tailnet.1` and one page a command.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    let directory = &args.directory;
    let write = || {
        std::fs::create_dir_all(directory)?;
        clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), directory)
    };
    write().with_context(|| format!("cannot write man pages to {}", directory.display()))?;
    writeln!(context.err, "man pages written to {}", directory.display())?;
    Ok(Exit::Fine)
}
