//! The command `tailnet`: arguments in, the library asked, answers out. One file a command.
//!
//! Invariants: everything that a command says goes through the writers of its [`Context`]; a command never ends the
//! process; a closed pipe is a quiet end. Commands hold no rules of their own: what they say, the library knows.

mod context;
#[cfg(feature = "full")]
mod full;
mod handed_over;
mod judged;
#[cfg(not(feature = "full"))]
mod lean;
mod nix_builder;
pub mod write;

#[cfg(feature = "full")]
mod advice;
#[cfg(feature = "full")]
mod ask;
#[cfg(feature = "full")]
mod check;
#[cfg(feature = "full")]
mod compile;
#[cfg(feature = "full")]
mod completions;
#[cfg(feature = "full")]
mod diff;
#[cfg(feature = "full")]
mod docs;
#[cfg(feature = "full")]
mod ends;
#[cfg(feature = "full")]
mod explain;
#[cfg(feature = "full")]
mod fmt;
#[cfg(feature = "full")]
mod folder;
#[cfg(feature = "full")]
mod lock;
#[cfg(feature = "full")]
mod man;
#[cfg(feature = "full")]
mod matrix;
#[cfg(feature = "full")]
mod port;
#[cfg(feature = "full")]
mod progress;
#[cfg(feature = "full")]
mod reach;
#[cfg(feature = "full")]
mod render;
#[cfg(feature = "full")]
mod rules;
#[cfg(feature = "full")]
mod schema;
#[cfg(feature = "full")]
mod subject;
#[cfg(feature = "full")]
mod test;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

pub use context::{Context, Format};
#[cfg(feature = "full")]
pub use full::run;
#[cfg(not(feature = "full"))]
pub use lean::run;
#[cfg(feature = "full")]
pub use progress::Progress;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, and nothing is wrong: 0.
    Fine,
    /// Something is wrong with what was judged: 1.
    Findings,
    /// The command was not understood, or its input or output could not be used: 2.
    Unusable,
}

impl Exit {
    /// The number that a shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Unusable => 2,
        }
    }
}

/// What a command returns: how it ended, or why it could not go on (exit 2; a closed pipe: exit 0).
pub type Outcome = anyhow::Result<Exit>;

/// The whole process: its arguments, its standard streams, its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let stdout = io::stdout();
    let stderr = io::stderr();
    let surroundings = Surroundings {
        out_is_terminal: stdout.is_terminal(),
        err_is_terminal: stderr.is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        dumb: std::env::var_os("TERM").is_some_and(|value| value == "dumb"),
        width: terminal_width(),
    };
    let mut out = io::BufWriter::with_capacity(1 << 16, stdout.lock());
    let mut err = io::BufWriter::new(stderr.lock());
    let exit = end(std::env::args_os(), surroundings, &mut out, &mut err);
    // What is still in the buffer was meant to be said; if nobody listens, nothing can be done about it.
    let _ = err.flush();
    ExitCode::from(exit.code())
}

/// What the process stands in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings {
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether the terminal knows no escape sequences (`TERM=dumb`).
    pub dumb: bool,
    /// Columns of the terminal, if known.
    pub width: Option<usize>,
}

/// Runs the command and says on `err` what stopped it.
pub fn end(
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: Surroundings,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let outcome = run(arguments, surroundings, out, err).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match outcome {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Fine,
        Err(error) => {
            let _ = writeln!(err, "error: {error:#}");
            Exit::Unusable
        }
    }
}

/// Whether the reader of our output went away, which is its good right.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Columns of the terminal.
fn terminal_width() -> Option<usize> {
    #[cfg(feature = "full")]
    if let Some((terminal_size::Width(width), _)) = terminal_size::terminal_size() {
        return Some(usize::from(width));
    }
    None
}
