//! `controlServer`: where headscale runs and how clients reach it.

use serde::Serialize;

use crate::source::Spanned;

use super::super::words::{AcmeChallenge, Cidr, Email, Lifetime, Listen, NodeName, PkceMethod, Text, TlsMode, Url};
use super::defaults;
use super::map::Map;

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
    pub ca_certificates: Vec<Spanned<Box<str>>>,
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
