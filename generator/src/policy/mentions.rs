//! All that a policy names.

use ipnet::IpNet;

use crate::policy::document::Document;
use crate::policy::words::{Alias, Owner, Prefix, UserName};
use crate::source::{Span, Spanned};

/// Every alias, with its place.
pub(crate) fn aliases(document: &Document) -> impl Iterator<Item = (&Alias, Span)> {
    let acls = document.acls.iter().flatten().flat_map(|acl| {
        let sources = acl.src.iter().map(|alias| (&alias.value, alias.span));
        sources.chain(acl.dst.iter().map(|dst| (&dst.value.alias, dst.span)))
    });
    let grants = document.grants.iter().flatten();
    let grants = grants.flat_map(|grant| grant.src.iter().chain(&grant.dst));
    let attrs = document.node_attrs.iter().flat_map(|attr| &attr.target);
    let ssh = document.ssh.iter().flat_map(|rule| rule.src.iter().chain(&rule.dst));
    let ssh_tests = document.ssh_tests.iter();
    let ssh_tests = ssh_tests.flat_map(|test| std::iter::once(&test.src).chain(&test.dst));
    let tests = document.tests.iter().flat_map(|test| {
        let destinations = test.accept.iter().chain(&test.deny);
        std::iter::once((&test.src.value, test.src.span)).chain(destinations.map(|dst| (&dst.value.alias, dst.span)))
    });
    let lists = grants.chain(attrs).chain(ssh).chain(ssh_tests);
    acls.chain(lists.map(|alias| (&alias.value, alias.span))).chain(tests)
}

/// Every owner of a tag and approver of a route.
pub(crate) fn owners(document: &Document) -> impl Iterator<Item = &Spanned<Owner>> {
    let tags = document.tag_owners.iter().flat_map(|tag| &tag.owners);
    let routes = document.auto_approvers.routes.iter().flat_map(|(_, owners)| owners);
    tags.chain(routes).chain(&document.auto_approvers.exit_node)
}

/// Every user, with the place.
pub(crate) fn users(document: &Document) -> impl Iterator<Item = (&UserName, Span)> {
    let members = document.groups.iter().flat_map(|group| &group.members);
    let owners = owners(document).filter_map(|owner| match &owner.value {
        Owner::User(name) => Some((name, owner.span)),
        Owner::Group(_) | Owner::Tag(_) => None,
    });
    let aliases = aliases(document).filter_map(|(alias, span)| match alias {
        Alias::User(name) => Some((name, span)),
        _ => None,
    });
    members
        .map(|member| (&member.value, member.span))
        .chain(owners)
        .chain(aliases)
}

/// Every address and CIDR, each once.
pub(crate) fn networks(document: &Document) -> Vec<IpNet> {
    let hosts = document.hosts.iter().map(|host| host.prefix.value);
    let aliases = aliases(document).filter_map(|(alias, _)| match alias {
        Alias::Prefix(prefix) => Some(*prefix),
        _ => None,
    });
    let mut found: Vec<IpNet> = hosts.chain(aliases).map(Prefix::network).collect();
    found.sort_unstable();
    found.dedup();
    found
}
