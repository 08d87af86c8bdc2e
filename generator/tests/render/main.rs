//! What is written: every artifact as it is, that nothing but the declaration decides it, and what becomes of bad targets.

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

mod builder;
mod live;
#[cfg(feature = "full")]
mod lock;
mod make;
mod meaning;
mod same;
#[cfg(feature = "full")]
mod schema;
mod snapshots;
#[cfg(feature = "full")]
mod targets;
