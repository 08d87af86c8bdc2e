//! Whole policies: what is found in them, what they become when they are brought to headscale, and what they mean.

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

mod corpus;
mod examples;
mod make;
mod model;
mod naive;
mod port;
mod properties;
mod sets;
mod support;
mod write;
