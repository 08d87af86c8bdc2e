//! Everything that is written: the artifacts, their form, and the way to disk.

pub mod write;
pub mod yaml;

/// The artifact that every set has: what was judged, what was found, what was written. It marks a folder as ours.
pub const REPORT: &str = "report.json";

/// How reports name who wrote them.
pub const GENERATOR: &str = "tailnet-generator";
