//! The logins of an SSH rule: what `sshUsers` says, and local parts.

use std::collections::BTreeMap;

use crate::policy::dialect::Dialect;
use crate::policy::tailnet::Id as _;
use crate::policy::tailnet::{Tailnet, UserId};

/// Any login but root.
const NONROOT: &str = "autogroup:nonroot";

/// The one login that has to be named.
const ROOT: &str = "root";

/// `sshUsers`: the login asked for, and the one that is given for it: `=` the same, empty none.
pub type Logins = BTreeMap<Box<str>, Box<str>>;

/// What the `users` of a rule mean.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// For everybody.
    pub logins: Logins,
    /// The domains of `localpart:*@domain`; `None`: there is no such entry. From 0.29 on.
    pub domains: Option<Vec<Box<str>>>,
}

impl Written {
    /// Reads `users`. An entry that merely begins with `localpart:` is a literal login (`IsCanonicalLocalpart`).
    pub(super) fn new<'a>(users: impl Iterator<Item = &'a str> + Clone, dialect: Dialect) -> Self {
        let old = dialect == Dialect::V0_28;
        let mut logins = Logins::new();
        let nonroot = users.clone().any(|user| user == NONROOT);
        if nonroot {
            logins.insert("*".into(), "=".into());
        }
        // root is always decided, in 0.28 only beside the wildcard.
        if users.clone().any(|user| user == ROOT) {
            logins.insert(ROOT.into(), ROOT.into());
        } else if nonroot || !old {
            logins.insert(ROOT.into(), "".into());
        }
        let mut domains = None;
        for user in users.filter(|&user| user != NONROOT && user != ROOT) {
            match domain(user).filter(|_| !old) {
                Some(domain) => domains.get_or_insert_with(Vec::new).push(domain.into()),
                None => _ = logins.insert(user.into(), user.into()),
            }
        }
        Self { logins, domains }
    }
}

/// The domain of `localpart:*@domain`, if `user` is exactly that.
fn domain(user: &str) -> Option<&str> {
    let pattern = user.strip_prefix("localpart:")?;
    let (local, domain) = pattern.rsplit_once('@')?;
    (local == "*" && !domain.is_empty()).then_some(domain)
}

/// The login that each user with an email has of it: what stands before the last `@`, by folded domain.
#[derive(Clone, Debug)]
pub(super) struct LocalParts<'a> {
    by_domain: BTreeMap<String, Vec<(UserId, &'a str)>>,
}

impl<'a> LocalParts<'a> {
    /// The local parts of all users.
    pub(super) fn new(tailnet: &'a Tailnet) -> Self {
        let mut by_domain: BTreeMap<String, Vec<(UserId, &'a str)>> = BTreeMap::new();
        for (position, user) in tailnet.users.iter().enumerate() {
            if let Some((local, domain)) = user.email.rsplit_once('@') {
                by_domain
                    .entry(fold(domain))
                    .or_default()
                    .push((UserId::new(position), local));
            }
        }
        Self { by_domain }
    }

    /// Those of users in one of `domains`.
    pub(super) fn of(&self, domains: &[Box<str>]) -> BTreeMap<UserId, &'a str> {
        let users = domains.iter().filter_map(|domain| self.by_domain.get(&fold(domain)));
        users.flatten().copied().collect()
    }
}

/// Domains are compared without regard to case (`strings.EqualFold`).
fn fold(domain: &str) -> String {
    domain.to_lowercase()
}

/// Whether `logins` let `login` in (`sshUserMapAllows` in `hscontrol/policy/v2/sshtest.go`): a named login by what is
/// said of it, root only so, any other by the wildcard too. Nobody logs in as nobody.
#[must_use]
pub fn allows(logins: &Logins, login: &str) -> bool {
    if login.is_empty() {
        return false;
    }
    let named = logins.get(login);
    let any = || logins.get("*").filter(|_| login != ROOT);
    named.or_else(any).is_some_and(|given| !given.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(users: &[&str], dialect: Dialect) -> (Vec<String>, Option<Vec<Box<str>>>) {
        let written = Written::new(users.iter().copied(), dialect);
        let logins = written.logins.iter().map(|(login, given)| format!("{login}={given}"));
        (logins.collect(), written.domains)
    }

    #[test]
    fn root_is_always_decided_since_0_29() {
        assert_eq!(written(&["ubuntu"], Dialect::V0_29).0, ["root=", "ubuntu=ubuntu"]);
        assert_eq!(written(&["ubuntu"], Dialect::V0_28).0, ["ubuntu=ubuntu"]);
        for dialect in [Dialect::V0_28, Dialect::V0_29] {
            assert_eq!(written(&["autogroup:nonroot"], dialect).0, ["*==", "root="]);
            assert_eq!(written(&["autogroup:nonroot", "root"], dialect).0, ["*==", "root=root"]);
        }
    }

    #[test]
    fn only_the_canonical_local_part_is_one() {
        let (logins, domains) = written(&["localpart:*@Example.com", "root"], Dialect::V0_29);
        assert_eq!(logins, ["root=root"]);
        assert_eq!(domains, Some(vec!["Example.com".into()]));
        for literal in [
            "localpart:*@",
            "localpart:a@example.com",
            "localpart:*",
            "localpart:*@*@example.com",
            "group:x",
        ] {
            let (logins, domains) = written(&[literal], Dialect::V0_29);
            assert!(logins.contains(&format!("{literal}={literal}")), "{literal}");
            assert_eq!(domains, None, "{literal}");
        }
        assert_eq!(written(&["localpart:*@x"], Dialect::V0_28).1, None);
    }

    #[test]
    fn local_parts_end_at_the_last_at_sign_and_domains_fold() {
        let user = |email: &str| crate::policy::tailnet::User {
            email: email.into(),
            ..Default::default()
        };
        let tailnet = Tailnet {
            users: vec![
                user("a@Example.COM"),
                user("b@c@example.com"),
                user("x@other"),
                user("none"),
            ],
            nodes: Vec::new(),
        };
        let parts = LocalParts::new(&tailnet);
        let found: Vec<_> = parts.of(&["eXample.com".into()]).into_iter().collect();
        assert_eq!(found, [(UserId(0), "a"), (UserId(1), "b@c")]);
    }

    #[test]
    fn the_wildcard_is_for_others_than_root() {
        let logins = |users: &[&str]| Written::new(users.iter().copied(), Dialect::V0_29).logins;
        let nonroot = logins(&["autogroup:nonroot"]);
        assert!(allows(&nonroot, "ubuntu") && !allows(&nonroot, "root") && !allows(&nonroot, ""));
        let root = logins(&["root"]);
        assert!(allows(&root, "root") && !allows(&root, "ubuntu"));
    }
}
