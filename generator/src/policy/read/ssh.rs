//! `ssh` (headscale's `SSH`, and the part of `Policy.validate` that looks at single words).

use crate::hujson::{Kind, Value};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::document::{SshAction, SshRule};
use crate::policy::rules;
use crate::policy::words::{CheckPeriod, login};
use crate::source::Spanned;

use super::shape::Shape;
use super::{Place, Reader};

/// The fields of an SSH rule.
pub(crate) const SSH: Shape = Shape {
    go: "v2.SSH",
    what: "an SSH rule",
    fields: &["action", "src", "dst", "users", "checkPeriod", "acceptEnv"],
    features: &[("acceptEnv", Feature::AcceptEnv)],
    ..Shape::EMPTY
};

impl Reader<'_> {
    pub(super) fn ssh(&mut self, value: &Value) -> Vec<SshRule> {
        let items = self.items(value, "[]v2.SSH", "ssh is a list of rules");
        items.iter().map(|item| self.ssh_rule(item)).collect()
    }

    fn ssh_rule(&mut self, value: &Value) -> SshRule {
        let fields = self.fields(value, &SSH);
        let check_period = fields.get("checkPeriod").and_then(|value| self.check_period(value));
        let action = match fields.get("action") {
            Some(value) => self.ssh_action(value),
            None => {
                self.report(rules::ssh_action::missing(value.span, self.dialect));
                None
            }
        };
        let users = match fields.get("users") {
            Some(users) => self.logins(users),
            None => {
                self.users_missing(value);
                Vec::new()
            }
        };
        SshRule {
            span: value.span,
            // Whichever draws no second finding after a wrong one.
            action: action.unwrap_or(match fields.get("checkPeriod") {
                Some(_) => SshAction::Check,
                None => SshAction::Accept,
            }),
            src: self.aliases(fields.get("src"), Place::SshSource),
            dst: self.aliases(fields.get("dst"), Place::SshDestination),
            users,
            check_period,
            accept_env: fields
                .get("acceptEnv")
                .map(|value| self.accept_env(value))
                .unwrap_or_default(),
        }
    }

    fn ssh_action(&mut self, value: &Value) -> Option<SshAction> {
        let raw = self.raw(value);
        let text = if self.dialect.knows(Feature::Trimming) {
            raw.trim()
        } else {
            &raw
        };
        match text {
            "accept" => Some(SshAction::Accept),
            "check" => Some(SshAction::Check),
            "" if self.dialect > Dialect::V0_28 => {
                self.report(rules::ssh_action::missing(value.span, self.dialect));
                None
            }
            _ => {
                self.report(rules::ssh_action::finding(text, value, self.dialect));
                None
            }
        }
    }

    fn check_period(&mut self, value: &Value) -> Option<Spanned<CheckPeriod>> {
        // 0.28 has no pointer there: `null` reaches Prometheus' parser as the empty text.
        let text = match (&value.kind, self.dialect) {
            (Kind::Null, Dialect::V0_28) => "".into(),
            (Kind::Null, _) => return None,
            (Kind::String(text), Dialect::V0_28) => text.as_ref().into(),
            (_, Dialect::V0_28) => {
                let expected = "a duration in a string is expected here";
                self.report(rules::wrong_type::finding(value, "model.Duration", expected));
                return None;
            }
            _ => self.raw(value),
        };
        match CheckPeriod::parse(&text, self.dialect) {
            Ok(period) => Some(Spanned::new(period, value.span)),
            Err(error) => {
                self.report(rules::check_period_syntax::finding(
                    &text,
                    value.span,
                    &error,
                    self.dialect,
                ));
                None
            }
        }
    }

    fn logins(&mut self, value: &Value) -> Vec<Spanned<Box<str>>> {
        let items = self.items(value, "v2.SSHUsers", "a list of logins is expected here");
        let wrong = !matches!(value.kind, Kind::Array(_) | Kind::Null);
        if items.is_empty() && !wrong {
            self.users_missing(value);
        }
        items
            .iter()
            .filter_map(|item| {
                let text = self.string(item, "string")?;
                // 0.28 neither trims nor looks at them.
                if self.dialect == Dialect::V0_28 {
                    return Some(Spanned::new(text.into(), item.span));
                }
                match login::parse(text) {
                    Ok(login) => Some(Spanned::new(login.into(), item.span)),
                    Err(error) => {
                        self.report(rules::ssh_login::finding(item.span, error));
                        None
                    }
                }
            })
            .collect()
    }

    fn users_missing(&mut self, value: &Value) {
        if self.dialect > Dialect::V0_28 {
            self.report(rules::ssh_login::missing(value.span));
        }
    }

    fn accept_env(&mut self, value: &Value) -> Vec<Spanned<Box<str>>> {
        let mut names = self.texts(value, "[]string", "string");
        names.retain(|name| {
            let empty = name.value.is_empty();
            if empty {
                self.report(rules::accept_env::finding(name.span));
            }
            !empty
        });
        names
    }
}
