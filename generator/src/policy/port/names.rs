//! What a policy names: taken and free groups, tags, users without `@`, sets of addresses.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::hujson::{Kind, Value};
use crate::net::AddrSet;
use crate::policy::words::{GroupName, Prefix};

use super::alias::Place;
use super::tree::{field, strings};

/// More addresses than that are not written in place of one set.
const MOST_ADDRESSES: usize = 32;

/// Sets that contain sets that contain sets: so far, and no further.
const DEEPEST: usize = 32;

/// The names of a policy, and those that porting adds.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Every group that is defined or mentioned.
    groups: HashSet<String>,
    /// The tags that have owners, in the order written.
    pub(super) tags: Vec<String>,
    /// Hosts.
    hosts: HashMap<String, String>,
    /// Words that stand where only users can be meant, and have no `@`.
    bare_users: HashSet<String>,
    /// What each ipset is, as addresses and CIDRs; empty where it cannot be said.
    pub(super) ipsets: HashMap<String, Vec<String>>,
    /// The groups that were made: what each stands for.
    pub(super) made: BTreeMap<String, String>,
}

impl Names {
    /// The names of the policy `root`.
    pub(super) fn of(root: &Value) -> Self {
        let mut names = Self::default();
        names.mentioned(root);
        let groups = members(field(root, "groups"));
        for (name, value) in &groups {
            names.groups.insert(match name.starts_with("group:") {
                true => (*name).to_owned(),
                false => format!("group:{name}"),
            });
            names.bare(value);
        }
        for (tag, owners) in members(field(root, "tagOwners")) {
            if tag.starts_with("tag:") {
                names.tags.push(tag.to_owned());
            }
            names.bare(owners);
        }
        if let Some(approvers) = field(root, "autoApprovers") {
            for (_, approvers) in members(field(approvers, "routes")) {
                names.bare(approvers);
            }
            if let Some(approvers) = field(approvers, "exitNode") {
                names.bare(approvers);
            }
        }
        for (host, value) in members(field(root, "hosts")) {
            if let Some(address) = value.as_str() {
                names.hosts.insert(host.to_owned(), address.to_owned());
            }
        }
        let sets = members(field(root, "ipsets"));
        let mut known = Sets {
            written: sets.iter().copied().collect(),
            done: HashMap::new(),
            depth: 0,
        };
        for (name, _) in &sets {
            let addresses = names.addresses(name, &mut known).map(|set| {
                let prefixes = set
                    .prefixes()
                    .map(|net| match net.prefix_len() == net.max_prefix_len() {
                        true => net.addr().to_string(),
                        false => net.to_string(),
                    });
                prefixes.take(MOST_ADDRESSES + 1).collect::<Vec<_>>()
            });
            let addresses = addresses.filter(|all| all.len() <= MOST_ADDRESSES).unwrap_or_default();
            names
                .ipsets
                .insert(name.strip_prefix("ipset:").unwrap_or(name).to_owned(), addresses);
        }
        names
    }

    /// The group that stands for `word`, people that headscale does not know: called `name`, or otherwise where that is
    /// taken. Nobody may come into it that was not meant.
    pub(super) fn group_for(&mut self, word: &str, name: &str) -> String {
        let word = if word == "autogroup:members" {
            "autogroup:member"
        } else {
            word
        };
        if let Some((group, _)) = self.made.iter().find(|(_, stands_for)| *stands_for == word) {
            return group.clone();
        }
        let group = std::iter::once(format!("group:{name}"))
            .chain((1_u32..).map(|n| match n {
                1 => format!("group:tailscale-{name}"),
                n => format!("group:tailscale-{name}-{n}"),
            }))
            .find(|group| !self.groups.contains(group))
            .unwrap_or_default();
        self.groups.insert(group.clone());
        self.made.insert(group.clone(), word.to_owned());
        group
    }

    /// Whether `word` names a user without the `@` that headscale wants. Where a host may stand it has to be named as a
    /// user elsewhere, and not as a host.
    pub(super) fn is_bare_user(&self, word: &str, place: Place) -> bool {
        match place {
            Place::Owner | Place::Approver => is_bare(word),
            _ => self.bare_users.contains(word) && !self.hosts.contains_key(word),
        }
    }

    /// Takes in what stands where users do.
    fn bare(&mut self, value: &Value) {
        let bare = strings(value).filter(|word| is_bare(word)).map(str::to_owned);
        self.bare_users.extend(bare);
    }

    /// Takes in every string that is a group's name.
    fn mentioned(&mut self, value: &Value) {
        match &value.kind {
            Kind::String(text) => {
                if GroupName::parse(text).is_ok() {
                    self.groups.insert(text.to_string());
                    // As a destination it has ports behind it.
                    if let Some((group, _)) = text.rsplit_once(':') {
                        self.groups.insert(group.to_owned());
                    }
                }
            }
            Kind::Array(items) => items.iter().for_each(|item| self.mentioned(item)),
            Kind::Object(members) => {
                for member in members {
                    if GroupName::parse(&member.name.value).is_ok() {
                        self.groups.insert(member.name.value.to_string());
                    }
                    self.mentioned(&member.value);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }

    /// The addresses of an ipset: its entries add and remove addresses, CIDRs, hosts and other sets, one after the
    /// other. `None`: something else stands there, or sets that are made of each other.
    fn addresses<'a>(&self, name: &'a str, sets: &mut Sets<'a>) -> Option<AddrSet> {
        if let Some(done) = sets.done.get(name) {
            return done.clone();
        }
        if sets.depth >= DEEPEST {
            return None;
        }
        // Until it is known, it is not: a set made of itself is none.
        sets.done.insert(name, None);
        sets.depth += 1;
        let set = self.evaluate(name, sets);
        sets.depth -= 1;
        sets.done.insert(name, set.clone());
        set
    }

    fn evaluate<'a>(&self, name: &'a str, sets: &mut Sets<'a>) -> Option<AddrSet> {
        let mut set = AddrSet::default();
        for entry in sets.written.get(name)?.as_array()? {
            let entry = entry.as_str()?.trim();
            let (adds, what) = match entry.split_once(' ') {
                Some(("add", what)) => (true, what.trim()),
                Some(("remove", what)) => (false, what.trim()),
                Some(_) => return None,
                None => (true, entry),
            };
            let other = if let Some(host) = what.strip_prefix("host:") {
                literal(self.hosts.get(host)?)?
            } else if what.starts_with("ipset:") {
                self.addresses(what, sets)?
            } else {
                literal(what)?
            };
            set = if adds {
                set.union(&other)
            } else {
                set.difference(&other)
            };
        }
        Some(set)
    }
}

/// The ipsets of a policy, as written and as far as they are evaluated.
struct Sets<'a> {
    written: HashMap<&'a str, &'a Value>,
    done: HashMap<&'a str, Option<AddrSet>>,
    depth: usize,
}

/// The members of an object, by name.
fn members(value: Option<&Value>) -> Vec<(&str, &Value)> {
    let members = value.and_then(Value::as_object).unwrap_or_default();
    members
        .iter()
        .map(|member| (&*member.name.value, &member.value))
        .collect()
}

/// An address or CIDR as a set.
fn literal(text: &str) -> Option<AddrSet> {
    let prefix = Prefix::parse(text).ok()?;
    Some(AddrSet::from(prefix.network()))
}

/// Whether `word` looks like a user's name without `@`.
fn is_bare(word: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    !word.is_empty() && word.chars().all(fits) && Prefix::parse(word).is_err()
}
