//! TN138: a `checkPeriod` that is none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::CheckPeriod;
use crate::policy::words::duration::PeriodError;
use crate::source::Span;

use super::mend;

/// TN138.
pub const PAGE: Page = Page {
    code: Code(138),
    severity: Severity::Error,
    name: "check-period-syntax",
    what: "A `checkPeriod` is no duration, or not one between 0 and a week.",
    why: "0.29 reads it with Go's time.ParseDuration, whose largest unit is the hour, or takes `always`; at most 168h \
          (`SSHCheckPeriod`, hscontrol/policy/v2/types.go). 0.28 read it as Prometheus does, where `1d` and `1w` are \
          right, `always` and fractions are not: a policy may break when headscale is upgraded.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"], "checkPeriod": "1d" },
//                                                                                                                 ^^^^ TN138: time: unknown unit "d" in duration "1d"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"], "checkPeriod": "24h" },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The period `text` is none.
pub(crate) fn finding(text: &str, span: Span, error: &PeriodError, dialect: Dialect) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, error.to_string());
    // What the other series reads is certain.
    let other = match dialect {
        Dialect::V0_28 => Dialect::V0_29,
        _ => Dialect::V0_28,
    };
    if let Ok(CheckPeriod::Every(period)) = CheckPeriod::parse(text.trim(), other)
        && let Some(same) = plain(period.as_secs()).filter(|_| period.subsec_nanos() == 0)
        && CheckPeriod::parse(&same, dialect).is_ok()
        && !matches!(error, PeriodError::Negative(_) | PeriodError::AboveMax(_))
    {
        return finding.fix(mend::word(span, &same, true));
    }
    if CheckPeriod::parse(text.trim(), dialect).is_ok() {
        return finding.fix(mend::word(span, text.trim(), true));
    }
    match (error, dialect) {
        (PeriodError::AboveMax(_), _) => finding
            .help("a week is the longest")
            .fix(mend::word(span, "168h", false)),
        (PeriodError::Negative(_), _) => finding.help("to check every session write \"always\""),
        (PeriodError::MissingUnit(_), _) => finding.help("name the unit: `60s`, `60m`, `60h`"),
        (_, Dialect::V0_28) => {
            let finding = finding.help("a period is written `30m`, `12h`, `7d`");
            if text.trim().eq_ignore_ascii_case("always") {
                finding.help("0.28 cannot check every session: choose a short period")
            } else {
                finding
            }
        }
        _ if text.trim().eq_ignore_ascii_case("always") => finding.fix(mend::word(span, "always", true)),
        _ => finding.help("a period is written `30m`, `12h`, `168h`, or \"always\" to check every session"),
    }
}

/// Seconds in the largest unit that both series know and that divides them.
fn plain(seconds: u64) -> Option<String> {
    let (count, unit) = match seconds {
        0 => return None,
        s if s % 3600 == 0 => (s / 3600, 'h'),
        s if s % 60 == 0 => (s / 60, 'm'),
        s => (s, 's'),
    };
    Some(format!("{count}{unit}"))
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_fixed_in, assert_page, check, check_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn what_is_no_period() {
        check(
            r#"{
  "ssh": [
    {"action": "check", "users": ["a"], "checkPeriod": 60},
//                                                     ^^ TN138: time: missing unit in duration "60"
    {"action": "check", "users": ["a"], "checkPeriod": ""},
//                                                     ^^ TN138: time: invalid duration ""
    {"action": "check", "users": ["a"], "checkPeriod": "-1m"},
//                                                     ^^^^^ TN138: checkPeriod -1m0s must be a positive duration
    {"action": "check", "users": ["a"], "checkPeriod": "169h"},
//                                                     ^^^^^^ TN138: checkPeriod 169h0m0s is above the max (168h)
    {"action": "check", "users": ["a"], "checkPeriod": 0},
    {"action": "check", "users": ["a"], "checkPeriod": null},
    {"action": "check", "users": ["a"], "checkPeriod": "always"},
  ],
}"#,
        );
    }

    #[test]
    fn days_and_weeks_become_hours() {
        assert_fixed(
            r#"{"ssh": [{"action": "check", "users": ["a"], "checkPeriod": "1d"}, {"action": "check", "users": ["a"], "checkPeriod": "1w"}, {"action": "check", "users": ["a"], "checkPeriod": " 1h30m"}]}"#,
            r#"{"ssh": [{"action": "check", "users": ["a"], "checkPeriod": "24h"}, {"action": "check", "users": ["a"], "checkPeriod": "168h"}, {"action": "check", "users": ["a"], "checkPeriod": "90m"}]}"#,
        );
    }

    #[test]
    fn the_syntax_of_0_28() {
        check_in(
            Dialect::V0_28,
            r#"{
  "ssh": [
    {"action": "check", "checkPeriod": "1w2d"},
    {"action": "check", "checkPeriod": "always"},
//                                     ^^^^^^^^ TN138: not a valid duration string: "always"
    {"action": "check", "checkPeriod": null},
//                                     ^^^^ TN138: empty duration string
  ],
}"#,
        );
        assert_fixed_in(
            Dialect::V0_28,
            r#"{"ssh": [{"action": "check", "checkPeriod": "0.5h"}]}"#,
            r#"{"ssh": [{"action": "check", "checkPeriod": "30m"}]}"#,
        );
    }
}
