//! The command line as people use it: global arguments and the commands.

use std::ffi::OsString;
use std::io::Write;

use clap::{Parser, Subcommand};

use super::context::Color;
use super::{Context, Exit, Format, Outcome, Surroundings};
use super::{
    check, compile, completions, diff, docs, explain, fmt, lock, man, matrix, nix_builder, port, reach, render, schema,
    test,
};
use crate::policy::dialect::Dialect;

/// Judges the declaration of a headscale tailnet, offline, and renders all that its hosts need
#[derive(Debug, Parser)]
#[command(name = "tailnet", version, max_term_width = 100, after_help = AFTER)]
pub(super) struct Cli {
    /// The form of the answer: human, json or markdown
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    #[arg(hide_possible_values = true, help_heading = "Everywhere")]
    format: Format,
    /// When to use colours: auto, always or never
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, help_heading = "Everywhere")]
    color: Color,
    /// The headscale that policies are judged for: 0.28, 0.29 (default) or 0.30
    #[arg(long, global = true, value_name = "VERSION", help_heading = "Everywhere")]
    dialect: Option<Dialect>,
    #[command(subcommand)]
    command: Command,
}

/// Stands under the help of the whole command.
const AFTER: &str = "Exit status: 0 fine, 1 something is wrong with what was judged, 2 usage or unreadable input.\n\
                     `-` stands for standard input.";

/// The commands. One file each, one line each here and in [`run`].
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Judge a declaration and write all that its hosts need
    Render(render::Args),
    /// Judge a declaration and keep its artifacts beside it, for Nix that may build nothing while it evaluates
    Lock(lock::Args),
    /// Judge a declaration, or a policy as headscale would, offline
    Check(check::Args),
    /// Ask the policy's own tests, and with a declaration what the cluster needs, one line each
    Test(test::Args),
    /// Ask whether one may open a connection to another: yes, and by which rule; or no, and what is missing
    Reach(reach::Args),
    /// Show who reaches what
    Matrix(matrix::Args),
    /// Show what a change makes reachable, and what no longer is
    Diff(diff::Args),
    /// Print what headscale would send to every node, as JSON
    Compile(compile::Args),
    /// Put policies and declarations in canonical form, comments kept
    Fmt(fmt::Args),
    /// Bring a Tailscale policy to headscale: what it refuses is rewritten, or left out and said
    Port(port::Args),
    /// Explain a diagnostic: what it finds, why it matters, a wrong and a right example
    Explain(explain::Args),
    /// Print the JSON schema of the declaration or of an artifact, for editors and other programs
    Schema(schema::Args),
    /// Print a script that completes this command in a shell
    Completions(completions::Args),
    /// Write the man pages to a directory
    #[command(hide = true)]
    Man(man::Args),
    /// The builder of a Nix derivation: structured attributes in, artifacts out
    #[command(hide = true)]
    NixBuilder,
    /// Write the generated documents to a directory
    #[command(hide = true)]
    Docs(docs::Args),
}

/// Understands the arguments and runs the command that they name.
///
/// # Errors
/// What stopped the command: unusable input or output. Misuse is said on `err` and is [`Exit::Unusable`].
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: Surroundings,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return misuse(&error, surroundings, out, err),
    };
    let mut context = Context::new(surroundings, cli.format, cli.color, cli.dialect, out, err);
    match cli.command {
        Command::Render(args) => render::run(&args, &mut context),
        Command::Lock(args) => lock::run(&args, &mut context),
        Command::NixBuilder => nix_builder::run(&mut context),
        Command::Check(args) => check::run(&args, &mut context),
        Command::Test(args) => test::run(&args, &mut context),
        Command::Reach(args) => reach::run(&args, &mut context),
        Command::Matrix(args) => matrix::run(&args, &mut context),
        Command::Diff(args) => diff::run(&args, &mut context),
        Command::Compile(args) => compile::run(&args, &mut context),
        Command::Fmt(args) => fmt::run(&args, &mut context),
        Command::Port(args) => port::run(&args, &mut context),
        Command::Explain(args) => explain::run(&args, &mut context),
        Command::Schema(args) => schema::run(&args, &mut context),
        Command::Completions(args) => completions::run(&args, &mut context),
        Command::Man(args) => man::run(&args, &mut context),
        Command::Docs(args) => docs::run(&args, &mut context),
    }
}

/// Help and version are answers, everything else that `clap` says is a complaint.
fn misuse(error: &clap::Error, surroundings: Surroundings, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let text = error.render();
    let may_colour = !surroundings.no_color && !surroundings.dumb;
    let (to, exit, colour): (&mut dyn Write, _, _) = if error.use_stderr() {
        (err, Exit::Unusable, surroundings.err_is_terminal)
    } else {
        (out, Exit::Fine, surroundings.out_is_terminal)
    };
    if colour && may_colour {
        write!(to, "{}", text.ansi())?;
    } else {
        write!(to, "{text}")?;
    }
    Ok(exit)
}
