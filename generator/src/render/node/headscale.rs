//! headscale's settings, in its own names (`hscontrol/types/config.go`): all that the declaration decides and all that
//! keeps it from asking the internet. Paths of files (keys, certificates, database, policy, map) are the host's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cluster::declaration::{ControlServer, Declaration, Oidc};
use crate::cluster::listeners;
use crate::cluster::words::{DerpImplementation, HeadscaleVersion, TlsMode};
use crate::derp::Map;
use crate::dns;

/// headscale's configuration file, as far as it does not name the host's own files.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Settings {
    /// What clients log in to.
    server_url: String,
    /// Where it listens.
    listen_addr: String,
    /// Where it serves metrics and debug pages; empty: nowhere.
    metrics_listen_addr: String,
    /// Where gRPC listens; only headscale before 0.30 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    grpc_listen_addr: Option<String>,
    /// Proxies that are believed about where clients come from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trusted_proxies: Vec<String>,
    /// The tailnet's ranges.
    prefixes: Prefixes,
    /// Relays.
    derp: Derp,
    /// It does not ask for newer versions of itself.
    disable_check_updates: bool,
    /// How nodes expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<NodeSettings>,
    /// The same in headscale 0.28.
    #[serde(skip_serializing_if = "Option::is_none")]
    ephemeral_node_inactivity_timeout: Option<String>,
    /// The name for which it gets a certificate from Let's Encrypt.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_letsencrypt_hostname: Option<String>,
    /// How it proves that the name is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_letsencrypt_challenge_type: Option<String>,
    /// Where Let's Encrypt writes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    acme_email: Option<String>,
    /// The policy is a file. Any other text here would silently be no policy, which allows everything.
    policy: Policy,
    /// Names.
    dns: dns::Settings,
    /// Log-in through a provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc: Option<OidcSettings>,
    /// Clients send no logs to Tailscale.
    logtail: Enabled,
    /// Whether clients may send each other files.
    taildrop: Enabled,
    /// Whether clients update themselves; headscale 0.29 and later.
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_update: Option<Enabled>,
}

/// `enabled: true` or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct Enabled {
    /// Whether it is on.
    enabled: bool,
}

/// The tailnet's ranges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct Prefixes {
    /// IPv4.
    #[serde(skip_serializing_if = "Option::is_none")]
    v4: Option<String>,
    /// IPv6.
    #[serde(skip_serializing_if = "Option::is_none")]
    v6: Option<String>,
    /// `sequential` or `random`.
    allocation: String,
}

/// Relays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct Derp {
    /// The embedded relay.
    server: DerpServer,
    /// Maps from the internet: none. One that cannot be reached would keep headscale from starting.
    urls: Vec<String>,
    /// The map is a file of ours; nothing is fetched again.
    auto_update_enabled: bool,
}

/// The embedded relay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct DerpServer {
    /// Whether it runs.
    enabled: bool,
    /// Its region.
    #[serde(skip_serializing_if = "Option::is_none")]
    region_id: Option<u64>,
    /// Its region's short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    region_code: Option<String>,
    /// Its region's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    region_name: Option<String>,
    /// Where it answers STUN.
    #[serde(skip_serializing_if = "Option::is_none")]
    stun_listen_addr: Option<String>,
    /// Whether it relays for this tailnet's nodes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    verify_clients: Option<bool>,
    /// Its region stands in the map that is rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    automatically_add_embedded_derp_region: Option<bool>,
}

/// How nodes expire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct NodeSettings {
    /// How long people's nodes stay logged in; `0`: for ever.
    expiry: String,
    /// Ephemeral nodes.
    ephemeral: Ephemeral,
}

/// Ephemeral nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct Ephemeral {
    /// After how long one that is gone is removed.
    inactivity_timeout: String,
}

/// The policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct Policy {
    /// `file`
    mode: &'static str,
}

/// Log-in through a provider. The client's secret is a file of the host's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct OidcSettings {
    /// The provider's URL.
    issuer: String,
    /// The client id.
    client_id: String,
    /// What is asked for.
    scope: Vec<String>,
    /// Parameters added to the request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extra_params: BTreeMap<String, String>,
    /// Domains of emails that may log in; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_domains: Vec<String>,
    /// Emails that may log in; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_users: Vec<String>,
    /// Groups that may log in; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_groups: Vec<String>,
    /// Whether an email counts only when verified.
    email_verified_required: bool,
    /// Whether headscale waits for the provider when it starts.
    only_start_if_oidc_is_available: bool,
    /// Whether a node expires with the provider's token.
    use_expiry_from_token: bool,
    /// Protection of the code exchange.
    pkce: PkceSettings,
}

/// Protection of the code exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
struct PkceSettings {
    /// Whether it is on.
    enabled: bool,
    /// `plain` or `S256`.
    method: String,
}

/// The settings of the headscale of `declaration`, whose relays are `map`.
#[must_use]
pub(super) fn settings(declaration: &Declaration, map: &Map) -> Settings {
    let server = &declaration.control_server;
    let version = declaration.headscale_version.value;
    let acme = server.tls.mode.value == TlsMode::LetsEncrypt;
    let timeout = server
        .ephemeral_inactivity_timeout
        .as_ref()
        .map_or_else(|| "30m".to_owned(), |timeout| timeout.value.to_string());
    let since_0_29 = version != HeadscaleVersion::V0_28;
    Settings {
        server_url: server.url.value.to_string(),
        listen_addr: listeners::headscale_listen(server).to_string(),
        metrics_listen_addr: server
            .metrics_listen
            .as_ref()
            .map(|listen| listen.value.to_string())
            .unwrap_or_default(),
        grpc_listen_addr: (version != HeadscaleVersion::V0_30).then(|| listeners::GRPC.to_string()),
        trusted_proxies: server
            .trusted_proxies
            .iter()
            .map(|range| range.value.to_string())
            .collect(),
        prefixes: Prefixes {
            v4: declaration.prefixes.v4.as_ref().map(|range| range.value.to_string()),
            v6: declaration.prefixes.v6.as_ref().map(|range| range.value.to_string()),
            allocation: declaration.prefixes.allocation.value.to_string(),
        },
        derp: Derp {
            server: derp_server(declaration, map),
            urls: Vec::new(),
            auto_update_enabled: false,
        },
        disable_check_updates: true,
        node: since_0_29.then(|| NodeSettings {
            expiry: server
                .node_expiry
                .as_ref()
                .map_or_else(|| "0".to_owned(), |expiry| expiry.value.to_string()),
            ephemeral: Ephemeral {
                inactivity_timeout: timeout.clone(),
            },
        }),
        ephemeral_node_inactivity_timeout: (!since_0_29).then_some(timeout),
        tls_letsencrypt_hostname: acme.then(|| server.url.value.host()),
        tls_letsencrypt_challenge_type: acme.then(|| server.tls.challenge.value.to_string()),
        acme_email: server
            .tls
            .email
            .as_ref()
            .filter(|_| acme)
            .map(|email| email.value.to_string()),
        policy: Policy { mode: "file" },
        dns: dns::Settings::of(declaration),
        oidc: oidc(server),
        logtail: Enabled { enabled: false },
        taildrop: Enabled {
            enabled: server.taildrop.value,
        },
        auto_update: since_0_29.then_some(Enabled {
            enabled: server.auto_update.value,
        }),
    }
}

fn derp_server(declaration: &Declaration, map: &Map) -> DerpServer {
    let derp = &declaration.derp;
    let region = derp
        .regions
        .names()
        .next()
        .and_then(|id| map.regions.get(&id.value.get()));
    let Some(region) = region.filter(|_| derp.implementation.value == DerpImplementation::Embedded) else {
        return DerpServer::default();
    };
    let stun = region.nodes.first().and_then(crate::derp::Node::stun);
    DerpServer {
        enabled: true,
        region_id: Some(region.region_id),
        region_code: Some(region.region_code.clone()),
        region_name: Some(region.region_name.clone()),
        stun_listen_addr: stun.map(|port| format!("0.0.0.0:{port}")),
        verify_clients: Some(derp.verify_clients.value),
        automatically_add_embedded_derp_region: Some(false),
    }
}

fn oidc(server: &ControlServer) -> Option<OidcSettings> {
    let Oidc {
        issuer,
        client_id,
        scope,
        extra_params,
        allowed_domains,
        allowed_users,
        allowed_groups,
        email_verified_required,
        only_start_if_oidc_is_available,
        use_expiry_from_token,
        pkce,
    } = server.oidc.as_ref()?;
    let texts = |list: &[crate::source::Spanned<crate::cluster::words::Text>]| -> Vec<String> {
        list.iter().map(|text| text.value.to_string()).collect()
    };
    Some(OidcSettings {
        issuer: issuer.value.to_string(),
        client_id: client_id.value.to_string(),
        scope: if scope.is_empty() {
            ["openid", "profile", "email"].map(str::to_owned).to_vec()
        } else {
            texts(scope)
        },
        extra_params: extra_params
            .iter()
            .map(|(name, value)| (name.value.to_string(), value.value.to_string()))
            .collect(),
        allowed_domains: texts(allowed_domains),
        allowed_users: allowed_users.iter().map(|email| email.value.to_string()).collect(),
        allowed_groups: texts(allowed_groups),
        email_verified_required: email_verified_required.value,
        only_start_if_oidc_is_available: only_start_if_oidc_is_available.value,
        use_expiry_from_token: use_expiry_from_token.value,
        pkce: PkceSettings {
            enabled: pkce.enabled.value,
            method: pkce.method.value.to_string(),
        },
    })
}
