//! TN142: a policy file of no bytes.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN142. In a declaration it is an error, which the reader of the declaration makes it.
pub const PAGE: Page = Page {
    code: Code(142),
    severity: Severity::Warning,
    name: "empty-policy",
    what: "The policy file is empty.",
    why: "For headscale no bytes are no policy, and without a policy everybody reaches everything (`unmarshalPolicy` \
          and `NewPolicyManager`, hscontrol/policy/v2). A file that was cut off while it was written looks like that.",
    wrong: Example::Input {
        shown: "a file of no bytes",
        open: || Ok(Box::new(std::io::empty())),
    },
    right: Example::Policy {
        text: "{ \"acls\": [] }\n",
        topology: None,
        dialect: "0.29",
    },
};

/// The text at `span` has no bytes.
pub(crate) fn finding(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "empty policy allows everything")
        .help("to allow nothing write { \"acls\": [] }; to allow everything say so: { \"acls\": [{ \"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"] }] }")
}

#[cfg(test)]
mod tests {
    use crate::policy::dialect::Dialect;
    use crate::policy::read::testing::{check, read};

    use super::*;

    #[test]
    fn no_bytes_are_a_policy_that_says_nothing() {
        let (_, document, findings) = read("", Dialect::V0_29);
        let document = document.unwrap();
        assert!(document.acls.is_none() && document.grants.is_none());
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}")
        };
        assert_eq!((finding.code, finding.severity), (PAGE.code, Severity::Warning));
    }

    #[test]
    fn an_empty_object_is_another_matter() {
        check("{}");
    }
}
