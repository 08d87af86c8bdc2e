//! `tests` and `sshTests` (headscale's `PolicyTest` and `SSHPolicyTest`).

use std::borrow::Cow;

use crate::hujson::Value;
use crate::policy::document::{Destination, SshTest, Test};
use crate::policy::rules;
use crate::policy::words::{Alias, PortRange, Protocol, Quoted};
use crate::source::{Span, Spanned};

use super::shape::{Fields, Shape};
use super::{Place, Reader};

/// The fields of a test.
pub(crate) const TEST: Shape = Shape {
    go: "v2.PolicyTest",
    what: "a test",
    fields: &["src", "proto", "accept", "deny"],
    old: &[("user", "src"), ("allow", "accept")],
    ..Shape::EMPTY
};

/// The fields of an SSH test.
pub(crate) const SSH_TEST: Shape = Shape {
    go: "struct",
    what: "an SSH test",
    fields: &["src", "dst", "accept", "deny", "check"],
    ..Shape::EMPTY
};

/// What stands for the ports of a test's destination when they are wrong: tests take one port only.
const ONE_PORT: PortRange = PortRange::single(1);

impl Reader<'_> {
    pub(super) fn tests(&mut self, value: &Value) -> Vec<Test> {
        let items = self.items(value, "[]v2.PolicyTest", "tests is a list of tests");
        items.iter().enumerate().map(|(i, item)| self.test(i, item)).collect()
    }

    fn test(&mut self, number: usize, value: &Value) -> Test {
        let fields = self.fields(value, &TEST);
        let proto = match fields.get("proto") {
            Some(value) => self.protocol(&self.raw(value), value),
            None => Protocol::Any,
        };
        let (text, span) = self.test_source(&fields, value);
        let src = match Alias::parse(text) {
            Ok(alias) => alias,
            Err(error) => {
                self.report(rules::test_source::finding(text, span, &error));
                Alias::Wildcard
            }
        };
        Test {
            span: value.span,
            src: Spanned::new(src, span),
            proto,
            accept: self.test_destinations(number, "accept", &fields),
            deny: self.test_destinations(number, "deny", &fields),
        }
    }

    /// The text of `src`; where it is missing the whole entry is its place.
    fn test_source<'t>(&mut self, fields: &Fields<'t>, entry: &Value) -> (&'t str, Span) {
        match fields.get("src") {
            // What is no string was reported: `*` draws no second finding.
            Some(value) => (self.string(value, "string").unwrap_or("*"), value.span),
            None => ("", entry.span),
        }
    }

    fn test_destinations(&mut self, number: usize, list: &str, fields: &Fields<'_>) -> Vec<Spanned<Destination>> {
        let Some(value) = fields.get(list) else {
            return Vec::new();
        };
        let items = self.items(value, "[]string", "a list of host:port is expected here");
        items
            .iter()
            .filter_map(|item| {
                let text = self.string(item, "string")?;
                let prefix = format!("test(s) failed: test {number}, {list} {}: ", Quoted(text));
                match unescaped(text) {
                    Some(text) => self.destination(&text, item.span, ONE_PORT, &prefix),
                    None => {
                        self.report(rules::bad_destination::not_json(&prefix, item.span));
                        None
                    }
                }
            })
            .collect()
    }

    pub(super) fn ssh_tests(&mut self, value: &Value) -> Vec<SshTest> {
        let items = self.items(value, "[]v2.SSHPolicyTest", "sshTests is a list of tests");
        items.iter().map(|item| self.ssh_test(item)).collect()
    }

    fn ssh_test(&mut self, value: &Value) -> SshTest {
        let fields = self.fields(value, &SSH_TEST);
        let (text, span) = self.test_source(&fields, value);
        let src = self
            .alias(text, span, Place::Test)
            .map_or(Alias::Wildcard, |src| src.value);
        let mut logins = |name: &str| match fields.get(name) {
            Some(value) => {
                let mut logins = self.texts(value, "[]v2.SSHUser", "string");
                for login in &mut logins {
                    login.value = login.value.trim().into();
                }
                logins
            }
            None => Vec::new(),
        };
        let (accept, deny, check) = (logins("accept"), logins("deny"), logins("check"));
        SshTest {
            span: value.span,
            src: Spanned::new(src, span),
            dst: self.aliases(fields.get("dst"), Place::Test),
            accept,
            deny,
            check,
        }
    }
}

/// A test's destination as headscale reads it: it puts quotes around the text and reads that as JSON once more
/// (`parseDestinationAlias`). `None`: that is no JSON.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) {
        return Some(Cow::Borrowed(text));
    }
    serde_json::from_str(&format!("\"{text}\"")).ok().map(Cow::Owned)
}
