//! Everything that is written: the artifacts, their form, and the way to disk.

pub mod node;
pub mod transcript;
pub mod write;
pub mod yaml;

/// The artifact that every set has: what was judged, what was found, what was written. It marks a folder as ours.
pub const REPORT: &str = "report.json";

/// How reports name who wrote them.
pub const GENERATOR: &str = "tailnet-generator";

/// The path of a node's own artifact.
#[must_use]
pub fn node_file(name: &str) -> String {
    format!("nodes/{name}.json")
}

/// The path of a node's k3s configuration.
#[must_use]
pub fn k3s_config(name: &str) -> String {
    format!("nodes/{name}/k3s.yaml")
}
