//! Which headscale a policy is written for.

/// The policy language of one headscale series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// 0.28 (nixos-26.05).
    V0_28,
    /// 0.29 (nixos-unstable).
    #[default]
    V0_29,
    /// 0.30 (unreleased).
    V0_30,
}
