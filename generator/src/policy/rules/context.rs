//! What every rule looks at: the document, what it defines, and the nearest name to one that it does not define.

use std::cell::Cell;
use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Span;

use super::super::dialect::Dialect;
use super::super::document::Document;
use super::super::words::{Alias, GroupName, HostName, Prefix, TagName};
use super::mend;
use super::places::{Place, Reference, references};
use super::wording::quote;

/// How many pairs of names are compared in one run before suggestions are given up: what keeps a policy of
/// thousands of undefined names from taking quadratic time.
const COMPARISONS: usize = 500_000;

/// One document with an index of what it defines.
pub(super) struct Context<'a> {
    /// The document.
    pub(super) document: &'a Document,
    groups: HashMap<&'a str, Span>,
    tags: HashMap<&'a str, Span>,
    hosts: HashMap<&'a str, (Prefix, Span)>,
    references: Vec<Reference<'a>>,
    blamed: Vec<Span>,
    comparisons: Cell<usize>,
}

/// A defined name that resembles an undefined one.
pub(super) struct Near<'a> {
    /// The name, prefix included.
    pub(super) name: &'a str,
    /// Where it is defined.
    pub(super) span: Span,
    /// Whether both are the same but for case, hyphens and underscores, and no other name is as near.
    pub(super) certain: bool,
}

impl<'a> Context<'a> {
    /// Indexes `document`, of which `before` was found while it was read.
    pub(super) fn new(document: &'a Document, before: &[Diagnostic]) -> Self {
        let mut blamed: Vec<Span> = before
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .filter_map(|found| found.span)
            .collect();
        blamed.sort_unstable_by_key(|span| (span.source, span.start));
        Self {
            blamed,
            document,
            groups: document
                .groups
                .iter()
                .map(|group| (group.name.value.as_str(), group.name.span))
                .collect(),
            tags: document
                .tag_owners
                .iter()
                .map(|owner| (owner.tag.value.as_str(), owner.tag.span))
                .collect(),
            hosts: document
                .hosts
                .iter()
                .map(|host| (host.name.value.as_str(), (host.prefix.value, host.name.span)))
                .collect(),
            references: references(document),
            comparisons: Cell::new(COMPARISONS),
        }
    }

    /// Whether the policy is written for 0.28.
    pub(super) fn is_0_28(&self) -> bool {
        self.document.dialect == Dialect::V0_28
    }

    /// Whether something inside `span` could not be read: what looks empty may not have been.
    pub(super) fn is_blamed(&self, span: Span) -> bool {
        let from = self
            .blamed
            .partition_point(|other| (other.source, other.start) < (span.source, span.start));
        self.blamed
            .iter()
            .skip(from)
            .take_while(|other| other.source == span.source && other.start < span.end)
            .any(|other| span.encloses(*other))
    }

    /// Whether what stands at `span` itself could not be read.
    pub(super) fn is_misread(&self, span: Span) -> bool {
        let from = self
            .blamed
            .partition_point(|other| (other.source, other.start) < (span.source, span.start));
        self.blamed
            .iter()
            .skip(from)
            .take_while(|other| (other.source, other.start) == (span.source, span.start))
            .any(|other| *other == span)
    }

    /// Whether `tagOwners` has `tag`.
    pub(super) fn has_tag(&self, tag: &TagName) -> bool {
        self.tags.contains_key(tag.as_str())
    }

    /// Whether `groups` has `group`.
    pub(super) fn has_group(&self, group: &GroupName) -> bool {
        self.groups.contains_key(group.as_str())
    }

    /// What `hosts` says of `host`.
    pub(super) fn host(&self, host: &HostName) -> Option<Prefix> {
        self.hosts.get(host.as_str()).map(|(prefix, _)| *prefix)
    }

    /// Where `name` (with its prefix) is defined as a group, tag or host.
    pub(super) fn definition(&self, name: &str) -> Option<Span> {
        self.groups
            .get(name)
            .or_else(|| self.tags.get(name))
            .copied()
            .or_else(|| self.hosts.get(name).map(|(_, span)| *span))
    }

    /// All aliases of rules, targets and tests, in the order written.
    pub(super) fn references(&self) -> &[Reference<'a>] {
        &self.references
    }

    /// The aliases that stand at one of `places`.
    pub(super) fn references_at(&self, places: &[Place]) -> impl Iterator<Item = &Reference<'a>> {
        self.references
            .iter()
            .filter(|reference| places.contains(&reference.place))
    }

    /// The defined tag that resembles `tag` most.
    pub(super) fn near_tag(&self, tag: &str) -> Option<Near<'a>> {
        self.nearest(tag, "tag:", self.tags.iter().map(|(name, span)| (*name, *span)))
    }

    /// The defined group that resembles `group` most.
    pub(super) fn near_group(&self, group: &str) -> Option<Near<'a>> {
        self.nearest(group, "group:", self.groups.iter().map(|(name, span)| (*name, *span)))
    }

    /// The defined host that resembles `host` most.
    pub(super) fn near_host(&self, host: &str) -> Option<Near<'a>> {
        self.nearest(host, "", self.hosts.iter().map(|(name, (_, span))| (*name, *span)))
    }

    /// The nearest of `names`: at most a third of the letters differ, of one or two letters none. Ties are broken by name, so that the answer
    /// does not depend on the order of the index.
    fn nearest(&self, name: &str, prefix: &str, names: impl Iterator<Item = (&'a str, Span)>) -> Option<Near<'a>> {
        let short = name.strip_prefix(prefix).unwrap_or(name);
        let length = short.chars().count();
        let limit = (length / 3).min(3);
        let mut best: Option<(usize, &'a str, Span, bool)> = None;
        for (candidate, span) in names {
            let other = candidate.strip_prefix(prefix).unwrap_or(candidate);
            if other.chars().count().abs_diff(length) > limit {
                continue;
            }
            let left = self.comparisons.get();
            if left == 0 {
                return None;
            }
            self.comparisons.set(left - 1);
            let distance = if folded(short) == folded(other) {
                0
            } else {
                strsim::osa_distance(short, other)
            };
            if distance > limit {
                continue;
            }
            best = match best {
                Some((least, ..)) if distance > least => best,
                Some((least, other, at, _)) if distance == least => {
                    let (name, span) = if candidate < other {
                        (candidate, span)
                    } else {
                        (other, at)
                    };
                    Some((least, name, span, false))
                }
                _ => Some((distance, candidate, span, true)),
            };
        }
        best.map(|(distance, name, span, unique)| Near {
            name,
            span,
            certain: distance == 0 && unique,
        })
    }

    /// Adds to a finding of an undefined name what it may have been meant to be.
    pub(super) fn suggest(&self, found: Diagnostic, reference: Option<&Reference<'_>>, near: &Near<'_>) -> Diagnostic {
        let Some(span) = found.span else { return found };
        let written = reference.map_or_else(|| near.name.to_owned(), |reference| reference.rewritten(near.name));
        found
            .related(near.span, format!("{} is defined here", quote(near.name)))
            .help(format!("did you mean {}?", quote(near.name)))
            .fix(mend::word(span, &written, near.certain))
    }
}

/// What is left of a name when case and separators are not looked at.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether an alias stands for tagged nodes, as SSH rules see it.
pub(super) fn is_tagged(alias: &Alias) -> bool {
    use super::super::words::Autogroup;
    matches!(alias, Alias::Tag(_) | Alias::Autogroup(Autogroup::Tagged))
}
