//! `users.NAME`

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{Email, Text};

/// A person. Policies name one by email where there is one, and by `NAME@` otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct User {
    /// The email: what OIDC says, or what `headscale users create --email` was given.
    pub email: Option<Spanned<Email>>,
    /// The name people read.
    pub display_name: Option<Spanned<Text>>,
    /// The identifier that the OIDC provider gives the person (issuer and subject), where policies name one by it.
    pub provider_id: Option<Spanned<Text>>,
}

impl Read for User {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a user", reader, |object| {
            Some(Self {
                email: object.optional("email"),
                display_name: object.optional("displayName"),
                provider_id: object.optional("providerId"),
            })
        })
    }
}
