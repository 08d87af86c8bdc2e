//! `keys`: public halves, written by `tailnet keys init`.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{CaHash, CertificatePin, MachineKey, NodeKey, NodeName};
use super::map::Map;

/// Public halves of the cluster's keys. Private ones never stand here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Keys {
    /// headscale's noise key: what a client checks the control server against before its first log-in.
    pub noise: Option<Spanned<MachineKey>>,
    /// Keys of relays, by the node that runs them.
    pub derp: Map<NodeName, DerpKeys>,
    /// Keys of k3s.
    pub k3s: K3sKeys,
}

/// Public halves of one relay's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DerpKeys {
    /// The key it introduces itself with.
    pub public_key: Option<Spanned<NodeKey>>,
    /// The pin of its self-signed certificate, which then stands in the relay map. If unset, its certificate has to come
    /// from an authority that the clients trust.
    pub certificate: Option<Spanned<CertificatePin>>,
}

/// Public halves of k3s's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct K3sKeys {
    /// The hash of the CA: agents join with a token that carries it, and so check the server before they trust it.
    pub ca_hash: Option<Spanned<CaHash>>,
}

impl Read for Keys {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "keys", reader, |object| {
            Some(Self {
                noise: object.optional("noise"),
                derp: object.map("derp", "keys.derp"),
                k3s: object.or("k3s", K3sKeys::default()),
            })
        })
    }
}

impl Read for DerpKeys {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a relay's keys", reader, |object| {
            Some(Self {
                public_key: object.optional("publicKey"),
                certificate: object.optional("certificate"),
            })
        })
    }
}

impl Read for K3sKeys {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "keys.k3s", reader, |object| {
            Some(Self {
                ca_hash: object.optional("caHash"),
            })
        })
    }
}
