//! `tailnet docs DIR`: the documents that are generated from the code.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Context, Exit, Outcome, write};
use crate::diagnostics::book;

/// The arguments of `tailnet docs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder `docs` of the repository
    directory: PathBuf,
}

/// Every generated document: its name and its text. A test compares them with what is committed.
pub(super) fn all() -> Vec<(&'static str, String)> {
    vec![("diagnostics.md", book::markdown())]
}

/// Writes them.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    for (name, text) in all() {
        let path = args.directory.join(name);
        write::atomically(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
        writeln!(context.err, "{} written", path.display())?;
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_documents_are_what_the_code_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        for (name, text) in super::all() {
            let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(committed == text, "docs/{name} is out of date: cargo run -- docs docs");
        }
    }
}
