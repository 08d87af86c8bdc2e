//! headscale's policy language: read, judged, compiled, asked.
//!
//! The way of data: [`words`] -> [`document`] -> rules -> [`tailnet`] + lowering -> compile (what headscale would
//! send) and ask (what really passes). Below lowering nothing reads a document again.

pub mod admission;
pub mod ask;
pub mod compile;
pub mod dialect;
pub mod document;
pub mod judge;
pub mod lower;
pub(crate) mod mentions;
pub mod permit;
#[cfg(feature = "full")]
pub mod port;
pub mod read;
pub mod rules;
pub mod tailnet;
pub mod words;
