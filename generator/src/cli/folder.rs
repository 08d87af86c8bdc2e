//! A folder of artifacts as something to ask: the policy in it, by the tailnet in it.

use std::path::{Path, PathBuf};

use crate::policy::dialect::Dialect;
use crate::render::REPORT;

/// What of a folder of artifacts is asked.
#[derive(Debug)]
pub(super) struct Folder {
    /// The policy.
    pub policy: PathBuf,
    /// The tailnet.
    pub topology: PathBuf,
    /// The headscale that it was rendered for.
    pub dialect: Option<Dialect>,
}

impl Folder {
    /// The folder at `path`; `None`: there is none, or it holds no artifacts.
    pub(super) fn at(path: &Path) -> Option<Self> {
        if !path.is_dir() {
            return None;
        }
        let [policy, topology, report] = ["policy.hujson", "topology.json", REPORT].map(|name| path.join(name));
        let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).ok()?).ok()?;
        let version = report.get("headscale").and_then(serde_json::Value::as_str);
        Some(Self {
            policy,
            topology,
            dialect: version.and_then(|version| version.parse().ok()),
        })
    }
}
