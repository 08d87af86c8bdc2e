//! Names of the capabilities that grants give in `app`.

use crate::policy::dialect::Dialect;

/// Why a capability may not be granted. The words are headscale's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapabilityError {
    /// A URL.
    #[error("capability name must have the form {{domain}}/{{path}}")]
    Form,
    /// One of Tailscale's own that policies may not grant.
    #[error("capability name must not be in the tailscale.com domain")]
    TailscaleDomain,
}

/// The names below `tailscale.com/` that a policy may grant in `dialect` (`tailscaleCapAllowlist`).
pub fn grantable(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    [
        "tailscale.com/cap/drive",
        "tailscale.com/cap/relay",
        "tailscale.com/cap/webui",
        "tailscale.com/cap/kubernetes",
        "tailscale.com/cap/tsidp",
    ]
    .into_iter()
    .chain((dialect >= Dialect::V0_30).then_some("tailscale.com/cap/secrets"))
}

/// Judges a capability's name (headscale's `validateCapabilityName`). Names outside `tailscale.com/` are free, and
/// despite the words of the error no `/` is asked for.
///
/// # Errors
/// It holds `://`, or is Tailscale's own and not grantable.
pub fn check(name: &str, dialect: Dialect) -> Result<(), CapabilityError> {
    if name.contains("://") {
        return Err(CapabilityError::Form);
    }
    if name.starts_with("tailscale.com/") && !grantable(dialect).any(|allowed| allowed == name) {
        return Err(CapabilityError::TailscaleDomain);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_granted() {
        for name in [
            "example.com/cap/x",
            "anything",
            "",
            "tailscale.com",
            "tailscale.com/cap/drive",
        ] {
            assert_eq!(check(name, Dialect::V0_29), Ok(()), "{name}");
        }
        for (name, error) in [
            ("https://example.com/cap/x", CapabilityError::Form),
            ("https://tailscale.com/cap/drive", CapabilityError::Form),
            ("tailscale.com/cap/golink", CapabilityError::TailscaleDomain),
            ("tailscale.com/cap/drive-sharer", CapabilityError::TailscaleDomain),
            ("tailscale.com/", CapabilityError::TailscaleDomain),
        ] {
            assert_eq!(check(name, Dialect::V0_29), Err(error), "{name}");
        }
    }

    #[test]
    fn secrets_came_with_0_30() {
        let name = "tailscale.com/cap/secrets";
        assert_eq!(check(name, Dialect::V0_29), Err(CapabilityError::TailscaleDomain));
        assert_eq!(check(name, Dialect::V0_30), Ok(()));
    }

    #[test]
    fn headscales_words() {
        assert_eq!(
            CapabilityError::Form.to_string(),
            "capability name must have the form {domain}/{path}"
        );
    }
}
