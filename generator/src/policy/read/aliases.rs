//! Lists of aliases, destinations and owners.

use crate::hujson::Value;
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::rules;
use crate::policy::words::alias::AliasError;
use crate::policy::words::destination::DestinationError;
use crate::policy::words::{Alias, Autogroup, Destination, Owner, PortRange};
use crate::source::{Span, Spanned};

use super::Reader;

/// Where an alias stands: headscale's words for an autogroup that it does not know differ by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `src` of an ACL or grant.
    Source,
    /// `dst` of an ACL.
    AclDestination,
    /// `dst` of a grant.
    GrantDestination,
    /// `src` of an SSH rule.
    SshSource,
    /// `dst` of an SSH rule.
    SshDestination,
    /// `target` of nodeAttrs.
    Target,
    /// A value of `tagOwners`.
    TagOwner,
    /// A value of `autoApprovers`.
    AutoApprover,
    /// A member of a group.
    GroupMember,
    /// `src` of a test or SSH test, `dst` of an SSH test: found out only when the test runs.
    Test,
}

impl Reader<'_> {
    /// A list of aliases that headscale trims (`Aliases`, `AliasEnc`).
    pub(super) fn aliases(&mut self, value: Option<&Value>, place: Place) -> Vec<Spanned<Alias>> {
        let Some(value) = value else { return Vec::new() };
        let items = self.items(value, "[]v2.AliasEnc", "a list of names is expected here");
        items
            .iter()
            .filter_map(|item| {
                let text = self.string(item, "string")?;
                self.alias(text, item.span, place)
            })
            .collect()
    }

    /// One alias, trimmed where the dialect does.
    pub(super) fn alias(&mut self, text: &str, span: Span, place: Place) -> Option<Spanned<Alias>> {
        let trimmed = text.trim();
        let text = if self.dialect.knows(Feature::Trimming) {
            trimmed
        } else {
            if trimmed != text {
                self.report(rules::not_in_dialect::word(text, span, self.dialect, trimmed));
                return None;
            }
            text
        };
        match Alias::parse(text) {
            // A test fails only when it runs.
            Ok(Alias::Host(_)) if place != Place::Test && rules::unfilled_template::is_template(text) => {
                self.report(rules::unfilled_template::as_host(text, span, place, self.dialect));
                None
            }
            Ok(alias) => {
                self.known_alias(&alias, span);
                Some(Spanned::new(alias, span))
            }
            Err(error) => {
                self.bad_alias(&error, text, span, place);
                None
            }
        }
    }

    /// Reports an alias that the dialect does not know.
    fn known_alias(&mut self, alias: &Alias, span: Span) {
        if *alias == Alias::Autogroup(Autogroup::DangerAll) && !self.dialect.knows(Feature::DangerAll) {
            self.report(rules::not_in_dialect::autogroup(span, self.dialect));
        }
    }

    fn bad_alias(&mut self, error: &AliasError, text: &str, span: Span, place: Place) {
        let finding = match error {
            AliasError::UnknownAutogroup(_) => rules::unknown_autogroup::finding(text, span, place, self.dialect),
            AliasError::Format(name) => rules::invalid_alias::finding(text, name, span, place, self.dialect),
        };
        self.report(finding);
    }

    /// A destination of an ACL (`AliasWithPorts`). When only the ports are wrong the alias is kept, with `stand_in`
    /// for them. `prefix` stands before the message.
    pub(super) fn destination(
        &mut self,
        text: &str,
        span: Span,
        stand_in: PortRange,
        prefix: &str,
    ) -> Option<Spanned<Destination>> {
        let before = self.findings.len();
        let destination = self.destination_inner(text, span, stand_in);
        for finding in self.findings.iter_mut().skip(before) {
            finding.message.insert_str(0, prefix);
        }
        destination
    }

    fn destination_inner(&mut self, text: &str, span: Span, stand_in: PortRange) -> Option<Spanned<Destination>> {
        if text.starts_with('[') && !text.ends_with(':') && !self.dialect.knows(Feature::Brackets) {
            self.report(rules::not_in_dialect::brackets(text, span, self.dialect));
            return None;
        }
        match Destination::parse(text) {
            Ok(destination) => {
                self.known_alias(&destination.alias, span);
                Some(Spanned::new(destination, span))
            }
            Err(DestinationError::Alias(error)) => {
                self.bad_alias(&error, text, span, Place::AclDestination);
                None
            }
            Err(DestinationError::Tag(_)) if self.dialect == Dialect::V0_28 => {
                // 0.28 asks for the prefix only.
                let (host, ports) = text.rsplit_once(':')?;
                let ports = PortRange::parse_list(ports).ok()?;
                let alias = Alias::parse(host).ok()?;
                Some(Spanned::new(Destination { alias, ports }, span))
            }
            Err(DestinationError::Tag(error)) => {
                self.report(rules::tag_name::in_destination(span, &error));
                None
            }
            Err(DestinationError::Ports { ports, error, .. }) => {
                self.report(rules::bad_port::in_destination(text, &ports, span, error, self.dialect));
                // `tag:web` without ports was split at its own colon: what it names is lost.
                let (host, _) = text.rsplit_once(':')?;
                let alias = Alias::parse(host.trim_start_matches('[').trim_end_matches(']')).ok()?;
                let ports = vec![stand_in];
                (!matches!(alias, Alias::Host(_))).then(|| Spanned::new(Destination { alias, ports }, span))
            }
            Err(error) => {
                self.report(rules::bad_destination::finding(text, span, &error, self.dialect));
                None
            }
        }
    }

    /// A list of owners or approvers; neither is trimmed.
    pub(super) fn owners(&mut self, value: &Value, place: Place) -> Vec<Spanned<Owner>> {
        let go = match place {
            Place::AutoApprover => "[]v2.AutoApproverEnc",
            _ => "[]v2.OwnerEnc",
        };
        let items = self.items(value, go, "a list of users, groups and tags is expected here");
        items
            .iter()
            .filter_map(|item| {
                let text = self.string(item, "string")?;
                let parsed = match place {
                    Place::AutoApprover => Owner::parse_approver(text),
                    _ => Owner::parse_tag_owner(text),
                };
                match parsed {
                    Ok(owner) => Some(Spanned::new(owner, item.span)),
                    Err(error) => {
                        let finding = match place {
                            Place::AutoApprover => rules::auto_approver::finding(text, item.span, &error, self.dialect),
                            _ => rules::tag_owner::finding(text, item.span, &error, self.dialect),
                        };
                        self.report(finding);
                        None
                    }
                }
            })
            .collect()
    }
}
