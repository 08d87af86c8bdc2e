//! `controlServer`: where headscale runs and how clients reach it.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{
    AcmeChallenge, Certificate, Cidr, Email, Lifetime, Listen, NodeName, PkceMethod, Text, TlsMode, Url,
};
use super::map::Map;
use super::{defaults, unwritten};

/// The control server: headscale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlServer {
    /// The node that runs headscale. If unset, headscale runs elsewhere: the artifacts are made, and no host here
    /// serves them.
    #[serde(default)]
    pub node: Option<Spanned<NodeName>>,
    /// What clients log in to (`server_url`, `--login-server`). https, and a name that resolves while the tailnet is
    /// down.
    pub url: Spanned<Url>,
    /// Where headscale listens. If unset: on every address at the URL's port, or on 127.0.0.1:8080 behind a proxy.
    #[serde(default)]
    pub listen: Option<Spanned<Listen>>,
    /// Where headscale serves metrics and debug pages; they carry the whole policy, so keep them off the internet. null:
    /// nowhere.
    #[serde(default = "defaults::metrics_listen")]
    pub metrics_listen: Option<Spanned<Listen>>,
    /// Who terminates TLS.
    #[serde(default)]
    pub tls: Tls,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<Spanned<Cidr>>,
    /// Log-in through an OpenID Connect provider. If unset, nodes join by pre-auth key or are registered by an
    /// administrator.
    #[serde(default)]
    pub oidc: Option<Oidc>,
    /// How long a person's node stays logged in. If unset: for ever. Tagged nodes never expire.
    #[serde(default)]
    pub node_expiry: Option<Spanned<Lifetime>>,
    /// After how long an ephemeral node that is gone is removed. If unset: 30m.
    #[serde(default)]
    pub ephemeral_inactivity_timeout: Option<Spanned<Lifetime>>,
    /// Whether nodes of one user may send each other files (Taildrop).
    #[serde(default = "defaults::yes")]
    pub taildrop: Spanned<bool>,
    /// Whether clients update themselves unless told otherwise.
    #[serde(default = "defaults::no")]
    pub auto_update: Spanned<bool>,
}

/// TLS of the control server. Paths of certificates and keys are the host's own (`tailnet.secrets`), not the cluster's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Tls {
    /// Who terminates TLS.
    pub mode: Spanned<TlsMode>,
    /// Where Let's Encrypt writes about expiring certificates. Only with mode `letsencrypt`.
    pub email: Option<Spanned<Email>>,
    /// How the name is proved. Only with mode `letsencrypt`.
    pub challenge: Spanned<AcmeChallenge>,
    /// Certificates (PEM) of a certificate authority of your own, which every host of the cluster then trusts. Phones do
    /// not: on Android a relay behind such an authority cannot be used.
    pub ca_certificates: Vec<Spanned<Certificate>>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            mode: defaults::tls_mode(),
            email: None,
            challenge: defaults::challenge(),
            ca_certificates: Vec::new(),
        }
    }
}

/// OpenID Connect, passed through to headscale. The client secret is a file that the host names
/// (`tailnet.secrets.oidcClientSecretFile`). Groups of the provider cannot be used in the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Oidc {
    /// The provider's URL.
    pub issuer: Spanned<Url>,
    /// The client id registered there.
    pub client_id: Spanned<Text>,
    /// Scopes to ask for. If unset: openid, profile, email.
    #[serde(default)]
    pub scope: Vec<Spanned<Text>>,
    /// Parameters added to the request.
    #[serde(default)]
    pub extra_params: Map<Text, Spanned<Text>>,
    /// Only people with an email in one of these domains may log in. Empty: all.
    #[serde(default)]
    pub allowed_domains: Vec<Spanned<Text>>,
    /// Only people with one of these emails may log in. Empty: all.
    #[serde(default)]
    pub allowed_users: Vec<Spanned<Email>>,
    /// Only members of one of these groups may log in. Empty: all.
    #[serde(default)]
    pub allowed_groups: Vec<Spanned<Text>>,
    /// Whether an email counts only when the provider says that it was verified.
    #[serde(default = "defaults::yes")]
    pub email_verified_required: Spanned<bool>,
    /// Whether headscale waits for the provider when it starts. false: it starts without, and people log in later.
    #[serde(default = "defaults::yes")]
    pub only_start_if_oidc_is_available: Spanned<bool>,
    /// Whether a node expires with the provider's token.
    #[serde(default = "defaults::no")]
    pub use_expiry_from_token: Spanned<bool>,
    /// Protection of the code exchange.
    #[serde(default)]
    pub pkce: Pkce,
}

/// PKCE (RFC 7636).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Pkce {
    /// Whether it is used.
    pub enabled: Spanned<bool>,
    /// How.
    pub method: Spanned<PkceMethod>,
}

impl Default for Pkce {
    fn default() -> Self {
        Self {
            enabled: defaults::no(),
            method: defaults::pkce_method(),
        }
    }
}

impl ControlServer {
    /// What stands in where none was written.
    pub(super) fn stand_in() -> Self {
        Self {
            node: None,
            url: unwritten(Url::stand_in()),
            listen: None,
            metrics_listen: defaults::metrics_listen(),
            tls: Tls::default(),
            trusted_proxies: Vec::new(),
            oidc: None,
            node_expiry: None,
            ephemeral_inactivity_timeout: None,
            taildrop: defaults::yes(),
            auto_update: defaults::no(),
        }
    }
}

impl Read for ControlServer {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "controlServer", reader, |object| {
            Some(Self {
                node: object.optional("node"),
                url: object.required_or("url", unwritten(Url::stand_in())),
                listen: object.optional("listen"),
                metrics_listen: object.nullable("metricsListen", defaults::metrics_listen()),
                tls: object.or("tls", Tls::default()),
                trusted_proxies: object.list("trustedProxies"),
                oidc: object.optional("oidc"),
                node_expiry: object.optional("nodeExpiry"),
                ephemeral_inactivity_timeout: object.optional("ephemeralInactivityTimeout"),
                taildrop: object.or("taildrop", defaults::yes()),
                auto_update: object.or("autoUpdate", defaults::no()),
            })
        })
    }
}

impl Read for Tls {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "controlServer.tls", reader, |object| {
            let default = Self::default();
            Some(Self {
                mode: object.or("mode", default.mode),
                email: object.optional("email"),
                challenge: object.or("challenge", default.challenge),
                ca_certificates: object.list("caCertificates"),
            })
        })
    }
}

impl Read for Oidc {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "controlServer.oidc", reader, |object| {
            let (issuer, client_id) = (object.required("issuer"), object.required("clientId"));
            let scope = object.list("scope");
            let extra_params = object.map("extraParams", "extraParams");
            let allowed_domains = object.list("allowedDomains");
            let allowed_users = object.list("allowedUsers");
            let allowed_groups = object.list("allowedGroups");
            let email_verified_required = object.or("emailVerifiedRequired", defaults::yes());
            let only_start_if_oidc_is_available = object.or("onlyStartIfOidcIsAvailable", defaults::yes());
            let use_expiry_from_token = object.or("useExpiryFromToken", defaults::no());
            let pkce = object.or("pkce", Pkce::default());
            Some(Self {
                issuer: issuer?,
                client_id: client_id?,
                scope,
                extra_params,
                allowed_domains,
                allowed_users,
                allowed_groups,
                email_verified_required,
                only_start_if_oidc_is_available,
                use_expiry_from_token,
                pkce,
            })
        })
    }
}

impl Read for Pkce {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "pkce", reader, |object| {
            let default = Self::default();
            Some(Self {
                enabled: object.or("enabled", default.enabled),
                method: object.or("method", default.method),
            })
        })
    }
}
