//! Aliases: the words that name who and what a rule speaks of.

use std::fmt;

use super::prefix::Prefix;
use super::user::UserName;

/// A group's name, `group:` included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupName(pub(super) Box<str>);

/// A tag, `tag:` included. Tags are compared as written, case matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagName(pub(super) Box<str>);

/// The name of a `hosts` entry: no `@`, no `:`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostName(pub(super) Box<str>);

impl GroupName {
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl TagName {
    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl HostName {
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The autogroups that headscale knows (`hscontrol/policy/v2/types.go`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Autogroup {
    /// `autogroup:internet`: everything outside private and tailnet ranges. Destinations only.
    Internet,
    /// `autogroup:member`: all untagged nodes.
    Member,
    /// `autogroup:nonroot`: any login but root. SSH users only.
    NonRoot,
    /// `autogroup:tagged`: all tagged nodes.
    Tagged,
    /// `autogroup:self`: the source user's own untagged nodes. Destinations only.
    OwnDevices,
    /// `autogroup:danger-all`: every address, also outside the tailnet. Sources only.
    DangerAll,
}

impl fmt::Display for Autogroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Internet => "autogroup:internet",
            Self::Member => "autogroup:member",
            Self::NonRoot => "autogroup:nonroot",
            Self::Tagged => "autogroup:tagged",
            Self::OwnDevices => "autogroup:self",
            Self::DangerAll => "autogroup:danger-all",
        })
    }
}

/// One word that names sources or destinations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Alias {
    /// `*`
    Wildcard,
    /// `alice@`, `alice@example.org`: the user's untagged nodes.
    User(UserName),
    /// `group:x`: the union of its members.
    Group(GroupName),
    /// `tag:x`
    Tag(TagName),
    /// A name from `hosts`.
    Host(HostName),
    /// An address or CIDR.
    Prefix(Prefix),
    /// `autogroup:x`
    Autogroup(Autogroup),
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wildcard => f.write_str("*"),
            Self::User(user) => f.write_str(user.as_str()),
            Self::Group(group) => f.write_str(group.as_str()),
            Self::Tag(tag) => f.write_str(tag.as_str()),
            Self::Host(host) => f.write_str(host.as_str()),
            Self::Prefix(prefix) => write!(f, "{prefix}"),
            Self::Autogroup(autogroup) => write!(f, "{autogroup}"),
        }
    }
}

/// Who may own a tag or have routes approved: `tagOwners` and `autoApprovers` values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A user.
    User(UserName),
    /// A group.
    Group(GroupName),
    /// A tag: for `tagOwners` a link of a chain, for `autoApprovers` the nodes with that tag.
    Tag(TagName),
}
