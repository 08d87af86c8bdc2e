//! TN3xx: names and the control server. One file a code.

use crate::cluster::declaration::Declaration;
use crate::diagnostics::{Diagnostic, Page};

pub mod acme_address;
pub mod acme_alpn_port;
pub mod acme_unused;
pub mod base_domain_local;
pub mod ephemeral_timeout;
pub mod listen_loopback;
pub mod listen_port;
pub mod magic_dns_needed;
pub mod metrics_everywhere;
pub mod metrics_not_served;
pub mod metrics_public;
pub mod no_prefix;
pub mod oidc_groups_scope;
pub mod oidc_issuer_http;
pub mod oidc_issuer_under_base_domain;
pub mod oidc_scope;
pub mod override_without_nameservers;
pub mod prefix_outside;
pub mod proxy_listen;
pub mod record_family;
pub mod record_shadows_node;
pub mod records_without_magic_dns;
pub mod resolver_in_tailnet;
pub mod resolver_unreachable;
pub mod server_is_base_domain;
pub mod server_name_local;
pub mod server_under_base_domain;
pub mod server_url_http;
pub mod setting_of_later_version;
pub mod trusted_proxies;

/// The pages of all codes about names and the control server.
pub const PAGES: &[&Page] = &[
    &server_is_base_domain::PAGE,
    &server_under_base_domain::PAGE,
    &server_url_http::PAGE,
    &base_domain_local::PAGE,
    &server_name_local::PAGE,
    &override_without_nameservers::PAGE,
    &acme_address::PAGE,
    &listen_port::PAGE,
    &listen_loopback::PAGE,
    &trusted_proxies::PAGE,
    &ephemeral_timeout::PAGE,
    &no_prefix::PAGE,
    &record_shadows_node::PAGE,
    &record_family::PAGE,
    &oidc_issuer_http::PAGE,
    &oidc_issuer_under_base_domain::PAGE,
    &oidc_scope::PAGE,
    &setting_of_later_version::PAGE,
    &magic_dns_needed::PAGE,
    &metrics_public::PAGE,
    &metrics_not_served::PAGE,
    &resolver_in_tailnet::PAGE,
    &resolver_unreachable::PAGE,
    &acme_unused::PAGE,
    &acme_alpn_port::PAGE,
    &records_without_magic_dns::PAGE,
    &oidc_groups_scope::PAGE,
    &prefix_outside::PAGE,
    &proxy_listen::PAGE,
    &metrics_everywhere::PAGE,
];

/// Judges names and the control server.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    server_is_base_domain::check(declaration, findings);
    server_under_base_domain::check(declaration, findings);
    server_url_http::check(declaration, findings);
    base_domain_local::check(declaration, findings);
    server_name_local::check(declaration, findings);
    override_without_nameservers::check(declaration, findings);
    acme_address::check(declaration, findings);
    listen_port::check(declaration, findings);
    listen_loopback::check(declaration, findings);
    trusted_proxies::check(declaration, findings);
    ephemeral_timeout::check(declaration, findings);
    no_prefix::check(declaration, findings);
    record_shadows_node::check(declaration, findings);
    record_family::check(declaration, findings);
    oidc_issuer_http::check(declaration, findings);
    oidc_issuer_under_base_domain::check(declaration, findings);
    oidc_scope::check(declaration, findings);
    setting_of_later_version::check(declaration, findings);
    magic_dns_needed::check(declaration, findings);
    metrics_public::check(declaration, findings);
    metrics_not_served::check(declaration, findings);
    resolver_in_tailnet::check(declaration, findings);
    acme_unused::check(declaration, findings);
    acme_alpn_port::check(declaration, findings);
    records_without_magic_dns::check(declaration, findings);
    oidc_groups_scope::check(declaration, findings);
    prefix_outside::check(declaration, findings);
    proxy_listen::check(declaration, findings);
    metrics_everywhere::check(declaration, findings);
}

#[cfg(test)]
mod tests;
