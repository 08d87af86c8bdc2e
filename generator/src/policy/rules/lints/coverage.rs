//! Which rule already says what another one says.
//!
//! Rules are compared by the words that they use, not by the nodes of one tailnet: a rule that another covers is covered
//! in every tailnet. A word is inside another when it is the same; a user inside a group that names the user; a group
//! inside one with all of its members; people inside `autogroup:member`, tags inside `autogroup:tagged`, a network
//! inside a wider one; and all of them inside `*`.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use ipnet::IpNet;

use super::subject::{Hosts, Linted};
use super::units::{Unit, Who};
use crate::net::known::TAILNET;
use crate::policy::dialect::Dialect;
use crate::policy::words::{Alias, Autogroup};

/// How many rules are compared before the rest is left: what keeps thousands of rules for the same people, machines and
/// different ports from taking quadratic time.
const COMPARISONS: usize = 400_000;

/// A rule with more pairs of source and destination than this is looked at whole: there can only be few of them.
const PAIRS: usize = 256;

/// How many of those there may be.
const WIDE: usize = 64;

/// How many words a word is looked up under: those of one in very many groups are not all tried.
const WORDS: usize = 64;

/// An index of rules by whom they speak of.
pub(super) struct Coverage<'l, 'a> {
    units: &'l [Unit<'a>],
    ends: Vec<Ends<'a>>,
    by_pair: HashMap<(Who<'a>, Who<'a>), Vec<usize>>,
    wide: Vec<usize>,
    words: Words<'a>,
    comparisons: Cell<usize>,
}

/// Whom a rule speaks of.
struct Ends<'a> {
    src: Vec<Who<'a>>,
    dst: Vec<Who<'a>>,
    sources: HashSet<Who<'a>>,
    destinations: HashSet<Who<'a>>,
}

impl<'l, 'a> Coverage<'l, 'a> {
    /// Indexes the rules of `linted` that `counts`.
    pub(super) fn new(linted: &'l Linted<'a>, counts: impl Fn(&Unit<'a>) -> bool) -> Self {
        let mut coverage = Self {
            units: &linted.units,
            ends: Vec::with_capacity(linted.units.len()),
            by_pair: HashMap::new(),
            wide: Vec::new(),
            words: Words::new(linted),
            comparisons: Cell::new(COMPARISONS),
        };
        for (number, unit) in linted.units.iter().enumerate() {
            let src: Vec<Who<'a>> = unit
                .src
                .iter()
                .map(|alias| coverage.words.who(&alias.value, Side::Source))
                .collect();
            let dst: Vec<Who<'a>> = unit
                .dst
                .iter()
                .map(|(alias, _)| coverage.words.who(alias, Side::Destination))
                .collect();
            if counts(unit) {
                if src.len().saturating_mul(dst.len()) <= PAIRS {
                    for source in &src {
                        for destination in &dst {
                            coverage
                                .by_pair
                                .entry((*source, *destination))
                                .or_default()
                                .push(number);
                        }
                    }
                } else if coverage.wide.len() < WIDE {
                    coverage.wide.push(number);
                }
            }
            coverage.ends.push(Ends {
                sources: src.iter().copied().collect(),
                destinations: dst.iter().copied().collect(),
                src,
                dst,
            });
        }
        coverage
    }

    /// The first rule, another than that of the unit with `number`, that speaks of all whom this one speaks of and
    /// `fits`, which is asked with both units and the number of the other.
    pub(super) fn find(
        &self,
        number: usize,
        fits: impl Fn(&Unit<'a>, &Unit<'a>, usize) -> bool,
    ) -> Option<&'l Unit<'a>> {
        let unit = self.units.get(number)?;
        let ends = self.ends.get(number)?;
        let (source, destination) = (*ends.src.first()?, *ends.dst.first()?);
        let sources = self.words.holding(source, Side::Source);
        let destinations = self.words.holding(destination, Side::Destination);
        let pairs = sources
            .iter()
            .flat_map(|source| destinations.iter().map(move |destination| (*source, *destination)));
        let candidates = pairs.filter_map(|pair| self.by_pair.get(&pair)).flatten();
        let mut best: Option<&'l Unit<'a>> = None;
        for &other in candidates.chain(&self.wide) {
            let left = self.comparisons.get();
            if left == 0 {
                return None;
            }
            self.comparisons.set(left - 1);
            let Some(candidate) = self.units.get(other) else {
                continue;
            };
            let is_another = candidate.order() != unit.order();
            let is_better = best.is_none_or(|best| candidate.order() < best.order());
            if is_another && is_better && fits(unit, candidate, other) && self.speaks_of_all(ends, other) {
                best = Some(candidate);
            }
        }
        best
    }

    /// Whether the unit with `number` speaks of all whom that with the number `other` speaks of.
    pub(super) fn speaks_of(&self, number: usize, other: usize) -> bool {
        self.ends
            .get(other)
            .is_some_and(|ends| self.speaks_of_all(ends, number))
    }

    /// Whether everybody in `ends` is in those of the unit with number `other` too.
    fn speaks_of_all(&self, ends: &Ends<'a>, other: usize) -> bool {
        let Some(others) = self.ends.get(other) else {
            return false;
        };
        let inside = |who: &Who<'a>, side, all: &HashSet<Who<'a>>| {
            all.contains(who) || self.words.holding(*who, side).iter().any(|wider| all.contains(wider))
        };
        ends.src.iter().all(|who| inside(who, Side::Source, &others.sources))
            && ends
                .dst
                .iter()
                .all(|who| inside(who, Side::Destination, &others.destinations))
    }
}

/// The side of a rule: `*` and networks mean more as destinations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
}

/// What the words of a policy mean to each other.
struct Words<'a> {
    hosts: Hosts<'a>,
    members: HashMap<&'a str, HashSet<&'a str>>,
    groups_of: HashMap<&'a str, Vec<&'a str>>,
    /// The networks that rules name, and how long their prefixes are.
    nets: HashSet<IpNet>,
    lengths: Vec<u8>,
    is_0_28: bool,
}

impl<'a> Words<'a> {
    fn new(linted: &Linted<'a>) -> Self {
        let mut members: HashMap<&'a str, HashSet<&'a str>> = HashMap::new();
        let mut groups_of: HashMap<&'a str, Vec<&'a str>> = HashMap::new();
        for group in &linted.document.groups {
            let name = group.name.value.as_str();
            let users: HashSet<&str> = group.members.iter().map(|member| member.value.as_str()).collect();
            for user in &users {
                groups_of.entry(user).or_default().push(name);
            }
            members.insert(name, users);
        }
        let mut words = Self {
            hosts: linted.hosts(),
            members,
            groups_of,
            nets: HashSet::new(),
            lengths: Vec::new(),
            is_0_28: linted.document.dialect == Dialect::V0_28,
        };
        for unit in &linted.units {
            let sources = unit.src.iter().map(|alias| &alias.value);
            for alias in sources.chain(unit.dst.iter().map(|(alias, _)| *alias)) {
                if let Some(net) = words.hosts.network(alias) {
                    words.nets.insert(net);
                }
            }
        }
        words.lengths = words.nets.iter().map(IpNet::prefix_len).collect();
        words.lengths.sort_unstable();
        words.lengths.dedup();
        words
    }

    fn who(&self, alias: &'a Alias, side: Side) -> Who<'a> {
        match alias {
            Alias::Wildcard => Who::Anybody,
            Alias::User(name) => Who::User(name.as_str()),
            Alias::Group(name) => Who::Group(name.as_str()),
            Alias::Tag(name) => Who::Tag(name.as_str()),
            Alias::Host(name) => self.hosts.network(alias).map_or(Who::Tag(name.as_str()), Who::Net),
            Alias::Prefix(prefix) => Who::Net(prefix.network()),
            // As a source it is every address there is.
            Alias::Autogroup(Autogroup::DangerAll) if side == Side::Destination => Who::Anybody,
            Alias::Autogroup(autogroup) => Who::Autogroup(*autogroup),
        }
    }

    /// The words that hold `who`, itself among them.
    fn holding(&self, who: Who<'a>, side: Side) -> Vec<Who<'a>> {
        let mut all = vec![who];
        let autogroup = Who::Autogroup;
        let is_source = side == Side::Source;
        match who {
            Who::User(name) => {
                let groups = self.groups_of.get(name).into_iter().flatten().take(WORDS);
                all.extend(groups.map(|group| Who::Group(group)));
                all.extend([autogroup(Autogroup::Member), Who::Anybody]);
            }
            Who::Group(name) => {
                let members = self.members.get(name);
                let first = members.and_then(|members| members.iter().min());
                let others = first.and_then(|first| self.groups_of.get(first)).into_iter().flatten();
                let others = others.filter(|other| **other != name).take(WORDS).filter(|other| {
                    let wider = self.members.get(*other);
                    wider
                        .zip(members)
                        .is_some_and(|(wider, members)| members.is_subset(wider))
                });
                all.extend(others.map(|group| Who::Group(group)));
                all.extend([autogroup(Autogroup::Member), Who::Anybody]);
            }
            Who::Tag(_) => all.extend([autogroup(Autogroup::Tagged), Who::Anybody]),
            Who::Autogroup(Autogroup::Member | Autogroup::Tagged) => all.push(Who::Anybody),
            Who::Net(net) => {
                let shorter = self.lengths.iter().take_while(|length| **length < net.prefix_len());
                let wider = shorter.filter_map(|&length| IpNet::new(net.addr(), length).ok());
                all.extend(
                    wider
                        .map(|net| net.trunc())
                        .filter(|net| self.nets.contains(net))
                        .map(Who::Net),
                );
                // `*` as a destination is sent as it is and means every address; as a source it stands for the tailnet.
                if !is_source || self.is_0_28 || TAILNET.contains_net(net) {
                    all.push(Who::Anybody);
                }
            }
            Who::Anybody | Who::Autogroup(_) => {}
        }
        if is_source && who != autogroup(Autogroup::DangerAll) {
            all.push(autogroup(Autogroup::DangerAll));
        }
        all
    }
}

/// Whether two lists have the same members, whatever their order.
pub(super) fn same<T: Eq + Hash>(one: impl IntoIterator<Item = T>, other: impl IntoIterator<Item = T>) -> bool {
    one.into_iter().collect::<HashSet<_>>() == other.into_iter().collect::<HashSet<_>>()
}
