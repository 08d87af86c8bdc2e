//! Aliases: the words that name who and what a rule speaks of (headscale's `parseAlias`,
//! `hscontrol/policy/v2/types.go`).

use std::fmt;

use super::prefix::Prefix;
use super::quote::Quoted;
use super::user::UserName;

/// A group's name, `group:` included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupName(Box<str>);

/// A tag, `tag:` included. Tags are compared as written, case matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagName(Box<str>);

/// The name of a `hosts` entry: no `@`, no `:`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostName(Box<str>);

/// Why a text is no group, tag or host. The words are headscale's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A group without `group:`.
    #[error("group must start with 'group:', got: {}", Quoted(.0))]
    Group(Box<str>),
    /// A tag without `tag:`.
    #[error("tag must start with 'tag:', got: {}", Quoted(.0))]
    Tag(Box<str>),
    /// A tag whose first character after `tag:` is not an ASCII letter.
    #[error("tag names must start with a letter, after 'tag:'")]
    TagLetter,
    /// A host with `@` or `:`.
    #[error("invalid hostname: {}", Quoted(.0))]
    Host(Box<str>),
}

impl GroupName {
    /// Reads a group's name (headscale's `Group.Validate`): only the prefix is asked for.
    ///
    /// # Errors
    /// It does not begin with `group:`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.starts_with("group:") {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Group(text.into()))
        }
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TagName {
    /// Reads a tag where it is used: only the prefix is asked for.
    ///
    /// # Errors
    /// It does not begin with `tag:`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.starts_with("tag:") {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Tag(text.into()))
        }
    }

    /// Reads a tag where headscale validates it: a key of `tagOwners`, an entry of `via`, the destination of an ACL
    /// (`Tag.Validate`). Of the name only the first character is looked at:
    ///
    /// ```
    /// use tailnet_generator::policy::words::TagName;
    /// assert!(TagName::parse_strict("tag:a b!").is_ok());
    /// assert!(TagName::parse_strict("tag:1a").is_err());
    /// assert!(TagName::parse_strict("tag:").is_err());
    /// assert!(TagName::parse("tag:1a").is_ok());
    /// ```
    ///
    /// # Errors
    /// It does not begin with `tag:` and an ASCII letter.
    pub fn parse_strict(text: &str) -> Result<Self, NameError> {
        let tag = Self::parse(text)?;
        if tag.begins_with_letter() {
            Ok(tag)
        } else {
            Err(NameError::TagLetter)
        }
    }

    /// Whether an ASCII letter follows `tag:`.
    fn begins_with_letter(&self) -> bool {
        self.0
            .strip_prefix("tag:")
            .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl HostName {
    /// Reads a host's name (headscale's `Host.Validate`): anything without `@` and `:`, the empty text too.
    ///
    /// # Errors
    /// It holds `@` or `:`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.contains(['@', ':']) {
            Err(NameError::Host(text.into()))
        } else {
            Ok(Self(text.into()))
        }
    }

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

impl Autogroup {
    /// All of them, in the order in which headscale lists them.
    pub const ALL: [Self; 6] = [
        Self::Internet,
        Self::Member,
        Self::NonRoot,
        Self::Tagged,
        Self::OwnDevices,
        Self::DangerAll,
    ];

    /// The word, `autogroup:` included.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internet => "autogroup:internet",
            Self::Member => "autogroup:member",
            Self::NonRoot => "autogroup:nonroot",
            Self::Tagged => "autogroup:tagged",
            Self::OwnDevices => "autogroup:self",
            Self::DangerAll => "autogroup:danger-all",
        }
    }

    /// Reads the whole word; case matters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|autogroup| autogroup.as_str() == text)
    }
}

impl fmt::Display for Autogroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

/// Why a text is no alias. The words are headscale's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AliasError {
    /// An autogroup that headscale does not know. headscale lets it pass here and has other words for it in each
    /// place; these are those for the destination of an ACL.
    #[error(
        "invalid autogroup: got {}, must be one of [autogroup:internet autogroup:member autogroup:nonroot \
         autogroup:tagged autogroup:self autogroup:danger-all]", Quoted(.0)
    )]
    UnknownAutogroup(Box<str>),
    /// It has a `:` and none of the known prefixes.
    #[error("invalid alias format: {}", Quoted(.0))]
    Format(Box<str>),
}

impl Alias {
    /// Reads an alias, in headscale's order: address or CIDR, `*`, user (anything with `@`), group, tag, autogroup,
    /// host (anything without `:`). Space around it is not trimmed here: only some places do.
    ///
    /// ```
    /// use tailnet_generator::policy::words::Alias;
    /// assert!(matches!(Alias::parse("group:a@b"), Ok(Alias::User(_))));
    /// assert!(matches!(Alias::parse("10.0.0"), Ok(Alias::Host(_))));
    /// assert!(matches!(Alias::parse(""), Ok(Alias::Host(_))));
    /// assert!(matches!(Alias::parse("fe80::1%a@b"), Ok(Alias::Prefix(_))));
    /// assert_eq!(
    ///     Alias::parse("Tag:a").unwrap_err().to_string(),
    ///     r#"invalid alias format: "Tag:a""#
    /// );
    /// ```
    ///
    /// # Errors
    /// It is an unknown autogroup, or has a `:` where none may be.
    pub fn parse(text: &str) -> Result<Self, AliasError> {
        // Each form is looked for before it is parsed: what it is not should cost no error.
        if let Some(prefix) = Prefix::read(text) {
            return Ok(Self::Prefix(prefix));
        }
        let format = || AliasError::Format(text.into());
        if text == "*" {
            Ok(Self::Wildcard)
        } else if text.contains('@') {
            UserName::parse(text).map(Self::User).map_err(|_| format())
        } else if text.starts_with("group:") {
            GroupName::parse(text).map(Self::Group).map_err(|_| format())
        } else if text.starts_with("tag:") {
            TagName::parse(text).map(Self::Tag).map_err(|_| format())
        } else if text.starts_with("autogroup:") {
            Autogroup::parse(text)
                .map(Self::Autogroup)
                .ok_or_else(|| AliasError::UnknownAutogroup(text.into()))
        } else {
            HostName::parse(text).map(Self::Host).map_err(|_| format())
        }
    }
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

/// Why a text is no owner. The words are headscale's, which differ by place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnerError {
    /// In `tagOwners`.
    #[error("invalid owner format: {}", Quoted(.0))]
    TagOwner(Box<str>),
    /// In `autoApprovers`.
    #[error("invalid auto approver format: {}", Quoted(.0))]
    AutoApprover(Box<str>),
}

impl Owner {
    /// Reads a value of `tagOwners` (headscale's `parseOwner`). Not trimmed.
    ///
    /// # Errors
    /// It is neither user, group nor tag.
    pub fn parse_tag_owner(text: &str) -> Result<Self, OwnerError> {
        Self::parse(text).ok_or_else(|| OwnerError::TagOwner(text.into()))
    }

    /// Reads a value of `autoApprovers` (headscale's `parseAutoApprover`). Not trimmed.
    ///
    /// # Errors
    /// It is neither user, group nor tag.
    pub fn parse_approver(text: &str) -> Result<Self, OwnerError> {
        Self::parse(text).ok_or_else(|| OwnerError::AutoApprover(text.into()))
    }

    fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            UserName::parse(text).ok().map(Self::User)
        } else if text.starts_with("group:") {
            GroupName::parse(text).ok().map(Self::Group)
        } else {
            TagName::parse(text).ok().map(Self::Tag)
        }
    }

    /// The word as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(user) => user.as_str(),
            Self::Group(group) => group.as_str(),
            Self::Tag(tag) => tag.as_str(),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::prefix::tests::prefixes;
    use super::*;

    #[test]
    fn the_order_of_parse_alias() {
        let kind = |text: &str| match Alias::parse(text) {
            Ok(Alias::Wildcard) => "wildcard",
            Ok(Alias::User(_)) => "user",
            Ok(Alias::Group(_)) => "group",
            Ok(Alias::Tag(_)) => "tag",
            Ok(Alias::Host(_)) => "host",
            Ok(Alias::Prefix(_)) => "prefix",
            Ok(Alias::Autogroup(_)) => "autogroup",
            Err(AliasError::UnknownAutogroup(_)) => "unknown autogroup",
            Err(AliasError::Format(_)) => "format",
        };
        for (text, expected) in [
            ("*", "wildcard"),
            (" *", "host"),
            ("**", "host"),
            ("alice@", "user"),
            ("tag:a@b", "user"),
            ("autogroup:x@", "user"),
            ("group:", "group"),
            ("group:a:b", "group"),
            ("tag:", "tag"),
            ("tag:server:22", "tag"),
            ("autogroup:self", "autogroup"),
            ("autogroup:members", "unknown autogroup"),
            ("autogroup:Member", "unknown autogroup"),
            ("autogroup:", "unknown autogroup"),
            ("srv", "host"),
            ("10.0.0.1/33", "host"),
            ("10.0.0.01", "host"),
            ("fd7a::/129", "format"),
            ("[fd7a::1]", "format"),
            ("ipset:x", "format"),
            ("svc:x", "format"),
            (" tag:a", "format"),
            ("1.2.3.4", "prefix"),
            ("1.2.3.4/24", "prefix"),
        ] {
            assert_eq!(kind(text), expected, "{text:?}");
        }
    }

    #[test]
    fn owners_are_users_groups_and_tags() {
        assert!(matches!(Owner::parse_tag_owner("group:a"), Ok(Owner::Group(_))));
        assert!(matches!(Owner::parse_tag_owner("tag:1"), Ok(Owner::Tag(_))));
        assert!(matches!(Owner::parse_approver("group:a@b"), Ok(Owner::User(_))));
        assert_eq!(
            Owner::parse_tag_owner("autogroup:admin").unwrap_err().to_string(),
            r#"invalid owner format: "autogroup:admin""#
        );
        assert_eq!(
            Owner::parse_approver("*").unwrap_err().to_string(),
            r#"invalid auto approver format: "*""#
        );
    }

    #[test]
    fn names_in_headscales_words() {
        assert_eq!(
            GroupName::parse("admins").unwrap_err().to_string(),
            "group must start with 'group:', got: \"admins\""
        );
        assert_eq!(
            TagName::parse("web").unwrap_err().to_string(),
            "tag must start with 'tag:', got: \"web\""
        );
        assert_eq!(
            TagName::parse_strict("tag:ä").unwrap_err().to_string(),
            "tag names must start with a letter, after 'tag:'"
        );
        assert_eq!(
            HostName::parse("a:b").unwrap_err().to_string(),
            "invalid hostname: \"a:b\""
        );
    }

    /// Texts near the words of the language, so that every branch of a parser is met.
    pub(crate) fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "*",
                "@",
                ":",
                "tag:",
                "group:",
                "autogroup:",
                "localpart:",
                "member",
                "self",
                "internet",
                "alice",
                "example.org",
                "10.0.0.1",
                "fd7a::1",
                "/",
                "[",
                "]",
                "%",
                "-",
                ",",
                "80",
                "443",
                "0",
                "+",
                " ",
                "tcp",
                "é",
                "",
            ])
            .prop_map(String::from),
            "[a-z0-9]{0,3}",
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    pub(crate) fn aliases() -> impl Strategy<Value = Alias> {
        prop_oneof![
            prefixes().prop_map(Alias::Prefix),
            prop::sample::select(Autogroup::ALL.to_vec()).prop_map(Alias::Autogroup),
            texts().prop_filter_map("no alias", |text| Alias::parse(&text).ok()),
        ]
    }

    proptest! {
        #[test]
        fn printed_aliases_read_back(alias in aliases()) {
            prop_assert_eq!(Alias::parse(&alias.to_string()), Ok(alias));
        }

        #[test]
        fn owners_read_back(text in texts()) {
            if let Ok(owner) = Owner::parse_tag_owner(&text) {
                prop_assert_eq!(owner.to_string(), text.clone());
                prop_assert_eq!(Owner::parse_approver(&text), Ok(owner));
            }
        }
    }
}
