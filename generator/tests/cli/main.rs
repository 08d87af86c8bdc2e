//! The built command, run as people run it.

#![cfg(feature = "full")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod answers;
mod bad_input;
mod check;
mod every;
mod explain;
mod flows;
mod fmt;
mod folder;
mod port;
mod process;
mod readme;
mod run;
mod targets;
