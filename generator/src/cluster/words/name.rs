//! Names: of the cluster, of nodes, users, tags, domains, logins.

use super::{BadWord, Word, text_word};

text_word! {
    /// The cluster's name: a DNS label in lower case.
    ClusterName, pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example: "keystone"
}
text_word! {
    /// A node's name: a DNS label in lower case, since MagicDNS makes it one.
    NodeName, pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example: "primer"
}
text_word! {
    /// A user's name as headscale's `users create` takes it.
    UserName, pattern: r"^[A-Za-z][A-Za-z0-9._-]*(@[A-Za-z0-9._-]+)?$", example: "alice"
}
text_word! {
    /// The name of a preset service.
    ServiceName, pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example: "grafana"
}
text_word! {
    /// A tag, `tag:` included.
    Tag, pattern: "^tag:[a-z][a-z0-9-]*$", example: "tag:worker"
}
text_word! {
    /// A domain name without a final dot, in lower case.
    DomainName,
    pattern: r"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$",
    example: "mesh.example.org"
}
text_word! {
    /// A domain name or an IP address: what a client dials.
    HostName, pattern: r"^[a-z0-9._:-]+$", example: "derp.example.org"
}
text_word! {
    /// A login on a host.
    LoginName, pattern: r"^[a-z_][a-z0-9_.-]*\$?$", example: "root"
}

impl ClusterName {
    /// What stands in where none was written.
    pub(crate) fn stand_in() -> Self {
        Self("invalid".into())
    }
}
impl DomainName {
    /// What stands in where none was written: a name that is nobody's (RFC 2606).
    pub(crate) fn stand_in() -> Self {
        Self("tailnet.invalid".into())
    }
}

/// Checks one DNS label as tailscale's `dnsname` keeps it unchanged: letters, digits, inner hyphens, at most 63.
fn label(text: &str) -> Result<(), BadWord> {
    if text.is_empty() {
        return Err(BadWord::new("it is empty"));
    }
    if text.len() > 63 {
        return Err(BadWord::new(format!(
            "a DNS label has at most 63 characters, this has {}",
            text.len()
        )));
    }
    if let Some(bad) = text.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
        let why = format!("{bad:?} may not stand in a DNS label, which has a-z, 0-9 and inner hyphens");
        return Err(match bad {
            '_' | ' ' => meaning(why, &text.replace(bad, "-").to_ascii_lowercase()),
            _ => BadWord::new(why),
        });
    }
    if text.starts_with('-') || text.ends_with('-') {
        let why = "a DNS label begins and ends with a letter or digit";
        return Err(meaning(why.to_owned(), &text.trim_matches('-').to_ascii_lowercase()));
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(BadWord::new("MagicDNS names are lower case").meant(text.to_ascii_lowercase()));
    }
    Ok(())
}

/// `why`, with `guess` as what was meant if that is a label.
fn meaning(why: String, guess: &str) -> BadWord {
    let bad = BadWord::new(why);
    if label(guess).is_ok() { bad.meant(guess) } else { bad }
}

/// Checks dotted labels; underscores are allowed in them, since records such as `_acme-challenge` have them.
fn domain(text: &str) -> Result<(), BadWord> {
    if text.len() > 253 {
        return Err(BadWord::new("a domain name has at most 253 characters"));
    }
    if let Some(rest) = text.strip_suffix('.') {
        return Err(BadWord::new("it is written without the final dot").meant(rest));
    }
    if text.contains("://") {
        let host = text.split("://").nth(1).unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        return Err(BadWord::new("it is a name, not a URL").meant(host));
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) && domain(&text.to_ascii_lowercase()).is_ok() {
        return Err(BadWord::new("domain names are written in lower case here").meant(text.to_ascii_lowercase()));
    }
    text.split('.').try_for_each(|part| label(&part.replace('_', "x")))
}

impl Word for ClusterName {
    const WHAT: &'static str = "a cluster name";
    fn parse(text: &str) -> Result<Self, BadWord> {
        label(text).map(|()| Self(text.into()))
    }
}

impl Word for NodeName {
    const WHAT: &'static str = "a node name";
    /// headscale makes a DNS label of whatever a host calls itself (`dnsname.SanitizeHostname`): only a name that it
    /// leaves alone is the name the node will have.
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.contains('.') {
            let first = text.split('.').next().unwrap_or_default();
            return Err(meaning(
                "it is one label: the base domain is appended to it".to_owned(),
                first,
            ));
        }
        label(text).map(|()| Self(text.into()))
    }
}

impl Word for ServiceName {
    const WHAT: &'static str = "a service name";
    fn parse(text: &str) -> Result<Self, BadWord> {
        label(text).map(|()| Self(text.into()))
    }
}

impl Word for UserName {
    const WHAT: &'static str = "a user name";
    /// The rules of headscale's `util.ValidateUsername`, and no trailing `@`: policies append that themselves.
    fn parse(text: &str) -> Result<Self, BadWord> {
        if let Some(bare) = text.strip_suffix('@') {
            return Err(BadWord::new("the final \"@\" belongs to policies, not to the name").meant(bare));
        }
        if text.chars().count() < 2 {
            return Err(BadWord::new("username must be at least 2 characters long"));
        }
        if !text.starts_with(char::is_alphabetic) {
            return Err(BadWord::new("username must start with a letter"));
        }
        if text.matches('@').count() > 1 {
            return Err(BadWord::new("username cannot contain more than one '@'"));
        }
        match text
            .chars()
            .find(|c| !c.is_alphanumeric() && !matches!(c, '-' | '.' | '_' | '@'))
        {
            Some(bad) => Err(BadWord::new(format!("username contains invalid character: '{bad}'"))),
            None => Ok(Self(text.into())),
        }
    }
}

impl Word for Tag {
    const WHAT: &'static str = "a tag";
    /// The policy allows more (`tag:Web_1`), but pre-auth keys take lower case only and a letter has to come first
    /// (`hscontrol/types/preauth_key.go`, `policy/v2/types.go`).
    fn parse(text: &str) -> Result<Self, BadWord> {
        let Some(name) = text.strip_prefix("tag:") else {
            let bad = BadWord::new("tag must start with 'tag:'");
            let guess = format!("tag:{text}");
            return Err(if Self::parse(&guess).is_ok() {
                bad.meant(guess)
            } else {
                bad
            });
        };
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(BadWord::new("tag names must start with a letter, after 'tag:'"));
        }
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(
                BadWord::new("tag should be lowercase, pre-auth keys take no other").meant(text.to_ascii_lowercase())
            );
        }
        match name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            Some(bad) => Err(BadWord::new(format!(
                "{bad:?} may not stand in a tag, which has a-z, 0-9 and hyphens"
            ))),
            None => Ok(Self(text.into())),
        }
    }
}

impl Word for DomainName {
    const WHAT: &'static str = "a domain name";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Err(BadWord::new("it is an address"));
        }
        domain(text).map(|()| Self(text.into()))
    }
}

impl Word for HostName {
    const WHAT: &'static str = "a host name";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Ok(Self(text.into()));
        }
        domain(text).map(|()| Self(text.into()))
    }
}

impl Word for LoginName {
    const WHAT: &'static str = "a login";
    fn parse(text: &str) -> Result<Self, BadWord> {
        let name = text.strip_suffix('$').unwrap_or(text);
        if !name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
            return Err(BadWord::new("a login begins with a letter a-z or an underscore"));
        }
        match name
            .chars()
            .find(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit() && !matches!(c, '_' | '-' | '.'))
        {
            Some(bad) => Err(BadWord::new(format!("{bad:?} may not stand in a login"))),
            None => Ok(Self(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant<W: Word>(text: &str) -> Option<String> {
        W::parse(text).err().unwrap().meant
    }

    #[test]
    fn node_names_are_labels_that_headscale_leaves_alone() {
        for good in ["a", "primer", "web-1", "9lives", &"x".repeat(63)] {
            assert!(NodeName::parse(good).is_ok(), "{good}");
        }
        assert_eq!(meant::<NodeName>("Web_1").as_deref(), Some("web-1"));
        assert_eq!(meant::<NodeName>("WEB").as_deref(), Some("web"));
        assert_eq!(meant::<NodeName>("web.mesh.example.org").as_deref(), Some("web"));
        assert_eq!(meant::<NodeName>("-web-").as_deref(), Some("web"));
        for bad in ["", "-", "ä", "web/1", &"x".repeat(64)] {
            assert_eq!(meant::<NodeName>(bad), None, "{bad}");
        }
    }

    #[test]
    fn user_names_follow_headscale() {
        for good in ["al", "alice", "alice.b_c-d", "alice@example.org", "élan"] {
            assert!(UserName::parse(good).is_ok(), "{good}");
        }
        assert_eq!(meant::<UserName>("alice@").as_deref(), Some("alice"));
        for bad in ["a", "1alice", "a@b@c", "alice smith", ""] {
            assert!(UserName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tags_are_what_pre_auth_keys_take() {
        assert!(Tag::parse("tag:k3s-server").is_ok());
        assert_eq!(meant::<Tag>("worker").as_deref(), Some("tag:worker"));
        assert_eq!(meant::<Tag>("tag:Worker").as_deref(), Some("tag:worker"));
        for bad in ["tag:", "tag:1a", "tag:a b", "group:x", "tag:a:22"] {
            assert!(Tag::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn domains_have_no_scheme_no_final_dot_no_capitals() {
        for good in ["example.org", "lan", "_acme-challenge.example.org"] {
            assert!(DomainName::parse(good).is_ok(), "{good}");
        }
        assert_eq!(
            meant::<DomainName>("https://derp.example.org:8443/x").as_deref(),
            Some("derp.example.org")
        );
        assert_eq!(meant::<DomainName>("example.org.").as_deref(), Some("example.org"));
        assert_eq!(meant::<DomainName>("Example.org").as_deref(), Some("example.org"));
        for bad in ["", "a..b", "10.0.0.1", "a b.org"] {
            assert!(DomainName::parse(bad).is_err(), "{bad}");
        }
        assert!(HostName::parse("10.0.0.1").is_ok());
        assert!(HostName::parse("2001:db8::1").is_ok());
    }

    #[test]
    fn logins() {
        for good in ["root", "_svc", "john.doe", "machine$"] {
            assert!(LoginName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "*", "Root", "1x", "a b"] {
            assert!(LoginName::parse(bad).is_err(), "{bad}");
        }
    }
}
