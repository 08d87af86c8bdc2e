//! Where an alias stands, and all aliases of a document with their places.

use crate::source::{Span, Spanned};

use super::super::document::{Destination, Document};
use super::super::words::{Alias, PortList, PortRange};
use super::wording::quote;

/// The places that take aliases. Tag owners, auto approvers and `via` take words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `acls[].src`
    AclSource,
    /// `acls[].dst`
    AclDestination,
    /// `grants[].src`
    GrantSource,
    /// `grants[].dst`
    GrantDestination,
    /// `ssh[].src`
    SshSource,
    /// `ssh[].dst`
    SshDestination,
    /// `nodeAttrs[].target`
    Target,
    /// `tests[].src`
    TestSource,
    /// `tests[].accept`
    TestAccept,
    /// `tests[].deny`
    TestDeny,
    /// `sshTests[].src`
    SshTestSource,
    /// `sshTests[].dst`
    SshTestDestination,
}

/// An alias and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference<'a> {
    /// The kind of place.
    pub(super) place: Place,
    /// Which entry of the section, from 0.
    pub(super) entry: usize,
    /// The alias.
    pub(super) alias: &'a Alias,
    /// The ports behind it, where the place has them.
    pub(super) ports: Option<&'a [PortRange]>,
    /// The whole word, ports included.
    pub(super) span: Span,
}

impl Reference<'_> {
    /// The word as it would be written with `name` instead of the alias.
    pub(super) fn rewritten(&self, name: &str) -> String {
        match self.ports {
            Some(ports) => format!("{name}:{}", PortList(ports)),
            None => name.to_owned(),
        }
    }

    /// `test 0, accept "tag:a:22"`: how headscale begins what it has against a destination of a test.
    pub(super) fn in_test(&self) -> String {
        let list = if self.place == Place::TestDeny {
            "deny"
        } else {
            "accept"
        };
        format!("test {}, {list} {}", self.entry, quote(&self.text()))
    }

    /// The word as headscale's messages about tests show it.
    pub(super) fn text(&self) -> String {
        match self.ports {
            Some(ports) => format!("{}:{}", self.alias, PortList(ports)),
            None => self.alias.to_string(),
        }
    }
}

/// All aliases of `document`, section by section, in the order written.
pub(super) fn references(document: &Document) -> Vec<Reference<'_>> {
    let mut all = Vec::new();
    for (entry, acl) in document.acls.iter().flatten().enumerate() {
        plain(&mut all, Place::AclSource, entry, &acl.src);
        with_ports(&mut all, Place::AclDestination, entry, &acl.dst);
    }
    for (entry, grant) in document.grants.iter().flatten().enumerate() {
        plain(&mut all, Place::GrantSource, entry, &grant.src);
        plain(&mut all, Place::GrantDestination, entry, &grant.dst);
    }
    for (entry, rule) in document.ssh.iter().enumerate() {
        plain(&mut all, Place::SshSource, entry, &rule.src);
        plain(&mut all, Place::SshDestination, entry, &rule.dst);
    }
    for (entry, attr) in document.node_attrs.iter().enumerate() {
        plain(&mut all, Place::Target, entry, &attr.target);
    }
    for (entry, test) in document.tests.iter().enumerate() {
        plain(&mut all, Place::TestSource, entry, std::slice::from_ref(&test.src));
        with_ports(&mut all, Place::TestAccept, entry, &test.accept);
        with_ports(&mut all, Place::TestDeny, entry, &test.deny);
    }
    for (entry, test) in document.ssh_tests.iter().enumerate() {
        plain(&mut all, Place::SshTestSource, entry, std::slice::from_ref(&test.src));
        plain(&mut all, Place::SshTestDestination, entry, &test.dst);
    }
    all
}

fn plain<'a>(all: &mut Vec<Reference<'a>>, place: Place, entry: usize, aliases: &'a [Spanned<Alias>]) {
    all.extend(aliases.iter().map(|alias| Reference {
        place,
        entry,
        alias: &alias.value,
        ports: None,
        span: alias.span,
    }));
}

fn with_ports<'a>(all: &mut Vec<Reference<'a>>, place: Place, entry: usize, destinations: &'a [Spanned<Destination>]) {
    all.extend(destinations.iter().map(|destination| Reference {
        place,
        entry,
        alias: &destination.value.alias,
        ports: Some(&destination.value.ports),
        span: destination.span,
    }));
}
