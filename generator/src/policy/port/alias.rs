//! Words of Tailscale's service that name people and machines, and what headscale has instead.

use super::super::dialect::{Dialect, Feature};
use super::change::Effect;
use super::names::Names;

/// Where an alias stands, as far as that decides what may stand there instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The source of an ACL or grant, a target of node attributes.
    Source,
    /// The destination of an ACL or grant.
    Destination,
    /// The source of an SSH rule that has a destination which tagged nodes may not enter.
    SshSourcePeople,
    /// The source of any other SSH rule.
    SshSource,
    /// The destination of an SSH rule with tagged sources.
    SshDestinationTagged,
    /// The destination of any other SSH rule.
    SshDestination,
    /// An owner of a tag.
    Owner,
    /// Whose routes are approved.
    Approver,
    /// What a test speaks of.
    Test,
}

/// What becomes of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It stays.
    Keep,
    /// Other words stand for it.
    Become(Vec<String>, Effect, String),
    /// Nothing stands for it.
    LeaveOut(String),
}

/// The roles of Tailscale's service, which stand for people that only the service knows.
const ROLES: [&str; 7] = [
    "admin",
    "owner",
    "it-admin",
    "network-admin",
    "billing-admin",
    "auditor",
    "shared",
];

/// What becomes of `word`, which stands at `place`.
pub(super) fn translate(word: &str, place: Place, names: &mut Names, dialect: Dialect) -> Outcome {
    let word = word.trim();
    if let Some(name) = word.strip_prefix("autogroup:") {
        return autogroup(word, name, place, names, dialect);
    }
    if let Some(set) = word.strip_prefix("ipset:") {
        return ipset(set, place, names);
    }
    if word.starts_with("svc:") {
        return Outcome::LeaveOut("headscale has no services (svc:): name the nodes that run it".to_owned());
    }
    if let Some(domain) = word.strip_prefix("user:*@") {
        let why = format!("headscale cannot name the users of a domain ({domain})");
        return people(word, &format!("users-of-{domain}"), place, names, &why);
    }
    if let Some((group, _)) = word.strip_prefix("group:").and_then(|group| group.split_once('@')) {
        let why = "headscale knows no groups of an identity provider, and reads this as a user";
        return people(word, group, place, names, why);
    }
    match (word, place) {
        ("*", Place::Approver) => Outcome::LeaveOut(
            "headscale approves for users, groups and tags only: name the tags of the routers".to_owned(),
        ),
        ("*", Place::SshDestination) => Outcome::Become(
            vec!["autogroup:member".to_owned(), "autogroup:tagged".to_owned()],
            Effect::Same,
            "headscale takes no * as an SSH destination: these two are all nodes".to_owned(),
        ),
        ("*", Place::SshDestinationTagged) => Outcome::Become(
            vec!["autogroup:tagged".to_owned()],
            Effect::Narrower,
            "headscale takes no * as an SSH destination, and tagged sources may not enter people's devices".to_owned(),
        ),
        ("*", Place::SshSource) => Outcome::Become(
            vec!["autogroup:member".to_owned(), "autogroup:tagged".to_owned()],
            Effect::Same,
            "headscale takes no * as an SSH source: these two are all nodes".to_owned(),
        ),
        ("*", Place::SshSourcePeople) => Outcome::Become(
            vec!["autogroup:member".to_owned()],
            Effect::Narrower,
            "headscale takes no * as an SSH source, and tagged nodes may not enter people's devices".to_owned(),
        ),
        _ if names.is_bare_user(word, place) => Outcome::Become(
            vec![format!("{word}@")],
            Effect::Same,
            "headscale knows users by an @ in their name".to_owned(),
        ),
        _ => Outcome::Keep,
    }
}

fn autogroup(word: &str, name: &str, place: Place, names: &mut Names, dialect: Dialect) -> Outcome {
    if ROLES.contains(&name) {
        let why = match name {
            "shared" => "headscale has no sharing between tailnets",
            _ => "headscale has no roles",
        };
        return people(word, name, place, names, why);
    }
    match (name, place) {
        ("member" | "members", Place::Owner | Place::Approver) => {
            let why = "headscale takes users, groups and tags here";
            people(word, "member", place, names, why)
        }
        ("members", _) => Outcome::Become(
            vec!["autogroup:member".to_owned()],
            Effect::Same,
            "the name that headscale knows".to_owned(),
        ),
        ("tagged", Place::Approver) if !names.tags.is_empty() => Outcome::Become(
            names.tags.clone(),
            Effect::Same,
            "headscale takes users, groups and tags here: these are all tags".to_owned(),
        ),
        ("danger-all", Place::Source) if !dialect.knows(Feature::DangerAll) => Outcome::Become(
            vec!["*".to_owned()],
            Effect::Same,
            "on 0.28 * is every address".to_owned(),
        ),
        _ => Outcome::Keep,
    }
}

/// People that only the service knows: a group that somebody has to fill, where a group may stand.
fn people(word: &str, name: &str, place: Place, names: &mut Names, why: &str) -> Outcome {
    match place {
        Place::SshDestination | Place::SshDestinationTagged => Outcome::LeaveOut(format!(
            "{why}, and takes no groups as SSH destinations: for one's own devices write \"autogroup:self\""
        )),
        Place::Test => Outcome::LeaveOut(format!("{why}: nothing can be asserted of people it does not know")),
        _ => {
            let group = names.group_for(word, name);
            let why = format!("{why}: fill {group}, which lets nobody in as long as it is empty");
            Outcome::Become(vec![group], Effect::Narrower, why)
        }
    }
}

fn ipset(set: &str, place: Place, names: &Names) -> Outcome {
    let takes_addresses = matches!(place, Place::Source | Place::Destination);
    match names.ipsets.get(set) {
        Some(addresses) if takes_addresses && !addresses.is_empty() => Outcome::Become(
            addresses.clone(),
            Effect::Same,
            "headscale has no ipsets: these are its addresses".to_owned(),
        ),
        _ => Outcome::LeaveOut("headscale has no ipsets".to_owned()),
    }
}
