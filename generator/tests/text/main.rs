//! Texts: HuJSON and JSON5 read, written back, formatted and changed. Properties over generated texts, the verdicts of
//! headscale's own parsers, and hostile input. The table in `../README.md` says which test holds which property.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod corpus;
mod editing;
mod formatting;
mod hostile;
mod json5_crate;
mod lossless;
mod make;
mod messages;
mod verdicts;
