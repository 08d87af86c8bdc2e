//! TN135: a capability that a grant may not give.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::capability::{self, CapabilityError};
use crate::source::Span;

use super::{mend, not_in_dialect};

/// TN135.
pub const PAGE: Page = Page {
    code: Code(135),
    severity: Severity::Error,
    name: "capability-name",
    what: "A grant's `app` names a capability that may not be granted.",
    why: "Names are `domain/path`, without a scheme. Of Tailscale's own only drive, relay, webui, kubernetes and tsidp \
          may be granted, from 0.30 on also secrets (`validateCapabilityName`, hscontrol/policy/v2/types.go); others, \
          like golink, are for Tailscale's service.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    {
      "src": ["*"],
      "dst": ["*"],
      "app": {
        "https://example.org/cap/wiki": [],
//      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN135: capability name must have the form {domain}/{path}
        "tailscale.com/cap/golink": [],
//      ^^^^^^^^^^^^^^^^^^^^^^^^^^ TN135: capability name must not be in the tailscale.com domain
      },
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    {
      "src": ["*"],
      "dst": ["*"],
      "app": {
        "example.org/cap/wiki": [],
        "tailscale.com/cap/drive": [{ "shares": ["*"], "access": "rw" }],
      },
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The capability `name` may not be granted.
pub(crate) fn finding(name: &str, span: Span, error: CapabilityError, dialect: Dialect) -> Diagnostic {
    if capability::check(name, Dialect::V0_30).is_ok() {
        return not_in_dialect::capability(span, error.to_string(), dialect);
    }
    let finding = Diagnostic::new(&PAGE, span, error.to_string());
    match error {
        CapabilityError::Form => {
            let plain = name.rsplit_once("://").map_or(name, |(_, plain)| plain);
            if capability::check(plain, dialect).is_ok() && !plain.is_empty() {
                finding.fix(mend::word(span, plain, true))
            } else {
                finding.help("write the name without a scheme: `example.org/cap/wiki`")
            }
        }
        CapabilityError::TailscaleDomain => {
            let known: Vec<&str> = capability::grantable(dialect).collect();
            let near = mend::nearest(name, known.iter().copied());
            let finding = finding.help(format!("of Tailscale's own may be granted: {}", known.join(", ")));
            match near {
                Some(near) => finding.fix(mend::word(span, near, false)),
                None => finding,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn the_scheme_is_taken_off() {
        assert_fixed(
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "app": {"https://tailscale.com/cap/drive": []}}]}"#,
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/drive": []}}]}"#,
        );
    }
}
