//! The typed policy: one struct a section, every value with its place.
//!
//! A [`Document`] holds only what was well-formed; what was not is a finding. Order is the order written, since
//! headscale's output depends on it.

use crate::source::{Span, Spanned};

use super::dialect::Dialect;
use super::words::{Alias, CheckPeriod, GroupName, HostName, Owner, Prefix, Protocol, TagName, UserName};

pub use super::words::{Destination, Traffic};

/// A whole policy.
#[derive(Clone, Debug)]
pub struct Document {
    /// The whole text.
    pub span: Span,
    /// The headscale it is written for.
    pub dialect: Dialect,
    /// `groups`
    pub groups: Vec<Group>,
    /// `hosts`
    pub hosts: Vec<Host>,
    /// `tagOwners`
    pub tag_owners: Vec<TagOwner>,
    /// `acls`; `None`: absent or null, which together with absent `grants` allows everything.
    pub acls: Option<Vec<Acl>>,
    /// `grants`; `None`: absent or null.
    pub grants: Option<Vec<Grant>>,
    /// `nodeAttrs`
    pub node_attrs: Vec<NodeAttr>,
    /// `autoApprovers`
    pub auto_approvers: AutoApprovers,
    /// `ssh`
    pub ssh: Vec<SshRule>,
    /// `tests`
    pub tests: Vec<Test>,
    /// `sshTests`
    pub ssh_tests: Vec<SshTest>,
    /// `randomizeClientPort`
    pub randomize_client_port: Option<Spanned<bool>>,
}

/// A member of `groups`.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: Spanned<GroupName>,
    /// Its members.
    pub members: Vec<Spanned<UserName>>,
}

/// A member of `hosts`.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name.
    pub name: Spanned<HostName>,
    /// What it stands for.
    pub prefix: Spanned<Prefix>,
}

/// A member of `tagOwners`.
#[derive(Clone, Debug)]
pub struct TagOwner {
    /// The tag.
    pub tag: Spanned<TagName>,
    /// Who may give it.
    pub owners: Vec<Spanned<Owner>>,
}

/// An entry of `acls`.
#[derive(Clone, Debug)]
pub struct Acl {
    /// The whole rule.
    pub span: Span,
    /// `proto`
    pub proto: Protocol,
    /// `src`
    pub src: Vec<Spanned<Alias>>,
    /// `dst`
    pub dst: Vec<Spanned<Destination>>,
}

/// An entry of `grants`.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The whole rule.
    pub span: Span,
    /// `src`
    pub src: Vec<Spanned<Alias>>,
    /// `dst`
    pub dst: Vec<Spanned<Alias>>,
    /// `ip`
    pub ip: Vec<Spanned<Traffic>>,
    /// `app`, in the order written; `None`: absent, null or without members, as headscale reads it.
    pub app: Option<Vec<Capability>>,
    /// `via`
    pub via: Vec<Spanned<TagName>>,
}

/// A member of a grant's `app`.
#[derive(Clone, Debug)]
pub struct Capability {
    /// The capability's name.
    pub name: Spanned<Box<str>>,
    /// Its values, as compact JSON.
    pub values: Vec<Box<str>>,
}

/// An entry of `nodeAttrs`.
#[derive(Clone, Debug)]
pub struct NodeAttr {
    /// The whole entry.
    pub span: Span,
    /// `target`
    pub target: Vec<Spanned<Alias>>,
    /// `attr`
    pub attr: Vec<Spanned<Box<str>>>,
}

/// `autoApprovers`
#[derive(Clone, Debug, Default)]
pub struct AutoApprovers {
    /// `routes`: who has which announced routes approved.
    pub routes: Vec<(Spanned<Prefix>, Vec<Spanned<Owner>>)>,
    /// `exitNode`
    pub exit_node: Vec<Spanned<Owner>>,
}

/// An entry of `ssh`.
#[derive(Clone, Debug)]
pub struct SshRule {
    /// The whole rule.
    pub span: Span,
    /// `action`
    pub action: SshAction,
    /// `src`
    pub src: Vec<Spanned<Alias>>,
    /// `dst`
    pub dst: Vec<Spanned<Alias>>,
    /// `users`: logins, `autogroup:nonroot`, `localpart:*@domain`; anything else is a literal login.
    pub users: Vec<Spanned<Box<str>>>,
    /// `checkPeriod`
    pub check_period: Option<Spanned<CheckPeriod>>,
    /// `acceptEnv`
    pub accept_env: Vec<Spanned<Box<str>>>,
}

/// `action` of an SSH rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SshAction {
    /// Let in.
    Accept,
    /// Let in after a check with the control server.
    Check,
}

/// An entry of `tests`.
#[derive(Clone, Debug)]
pub struct Test {
    /// The whole entry.
    pub span: Span,
    /// `src`
    pub src: Spanned<Alias>,
    /// `proto`
    pub proto: Protocol,
    /// `accept`
    pub accept: Vec<Spanned<Destination>>,
    /// `deny`
    pub deny: Vec<Spanned<Destination>>,
}

/// An entry of `sshTests`.
#[derive(Clone, Debug)]
pub struct SshTest {
    /// The whole entry.
    pub span: Span,
    /// `src`
    pub src: Spanned<Alias>,
    /// `dst`
    pub dst: Vec<Spanned<Alias>>,
    /// `accept`: logins.
    pub accept: Vec<Spanned<Box<str>>>,
    /// `deny`: logins.
    pub deny: Vec<Spanned<Box<str>>>,
    /// `check`: logins.
    pub check: Vec<Spanned<Box<str>>>,
}
