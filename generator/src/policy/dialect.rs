//! Which headscale a policy is written for, and what each knows.

use std::fmt;
use std::str::FromStr;

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

impl Dialect {
    /// All of them, the oldest first.
    pub const ALL: [Self; 3] = [Self::V0_28, Self::V0_29, Self::V0_30];

    /// Its name: `0.28`, `0.29`, `0.30`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V0_28 => "0.28",
            Self::V0_29 => "0.29",
            Self::V0_30 => "0.30",
        }
    }

    /// Whether its headscale knows `feature`.
    #[must_use]
    pub fn knows(self, feature: Feature) -> bool {
        self >= feature.since()
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown dialect {0:?}: known are 0.28, 0.29 and 0.30")]
pub struct UnknownDialect(pub String);

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == text)
            .ok_or_else(|| UnknownDialect(text.to_owned()))
    }
}

/// What not every dialect knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// The section `grants`.
    Grants,
    /// The section `nodeAttrs`.
    NodeAttrs,
    /// The section `tests`.
    Tests,
    /// The section `sshTests`.
    SshTests,
    /// The field `randomizeClientPort`.
    RandomizeClientPort,
    /// The field `acceptEnv` of SSH rules.
    AcceptEnv,
    /// `autogroup:danger-all`.
    DangerAll,
    /// Square brackets around the IPv6 address of a destination.
    Brackets,
    /// The protocol names `ipv6-icmp` and `fc`, protocol numbers that stand for their names, and leading zeros where
    /// the number has a name.
    ProtocolNames,
    /// A missing `action` in an ACL.
    MissingAction,
    /// Space around aliases and SSH actions, which is trimmed.
    Trimming,
    /// The capability `tailscale.com/cap/secrets`.
    SecretsCapability,
}

/// Each feature: the first dialect that knows it, and how messages call it.
const FEATURES: [(Feature, Dialect, &str); 12] = [
    (Feature::Grants, Dialect::V0_29, "grants"),
    (Feature::NodeAttrs, Dialect::V0_29, "node attributes"),
    (Feature::Tests, Dialect::V0_29, "tests"),
    (Feature::SshTests, Dialect::V0_29, "SSH tests"),
    (Feature::RandomizeClientPort, Dialect::V0_29, "randomizeClientPort"),
    (Feature::AcceptEnv, Dialect::V0_29, "acceptEnv"),
    (Feature::DangerAll, Dialect::V0_29, "autogroup:danger-all"),
    (
        Feature::Brackets,
        Dialect::V0_29,
        "square brackets around IPv6 addresses",
    ),
    (Feature::ProtocolNames, Dialect::V0_29, "this way to write a protocol"),
    (Feature::MissingAction, Dialect::V0_29, "an ACL without \"action\""),
    (Feature::Trimming, Dialect::V0_29, "space around words"),
    (Feature::SecretsCapability, Dialect::V0_30, "tailscale.com/cap/secrets"),
];

impl Feature {
    fn row(self) -> (Dialect, &'static str) {
        FEATURES
            .iter()
            .find(|row| row.0 == self)
            .map_or((Dialect::V0_28, ""), |row| (row.1, row.2))
    }

    /// The first dialect that knows it.
    #[must_use]
    pub fn since(self) -> Dialect {
        self.row().0
    }

    /// How messages call it.
    #[must_use]
    pub fn what(self) -> &'static str {
        self.row().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(dialect));
        }
        assert!("0.27".parse::<Dialect>().is_err());
    }

    #[test]
    fn every_feature_has_a_row() {
        for (feature, since, what) in FEATURES {
            assert_eq!((feature.since(), feature.what()), (since, what));
            assert!(!Dialect::V0_28.knows(feature) && Dialect::V0_30.knows(feature));
        }
    }
}
