//! TN4xx: k3s and the network. One file a code.

use crate::cluster::declaration::Declaration;
use crate::diagnostics::{Diagnostic, Page};

pub mod accept_dns;
pub mod agents_without_server;
pub mod cidr_families;
pub mod cidr_overlap;
pub mod cluster_dns;
pub mod cluster_domain;
pub mod default_route;
pub mod double_encryption;
pub mod dual_stack_mtu;
pub mod even_etcd;
pub mod exit_node_use;
pub mod host_gw;
pub mod init_server;
pub mod k3s_exit_node;
pub mod no_coredns;
pub mod pod_cidr_size;
pub mod pod_family;
pub mod pod_mtu;
pub mod port_clash;
pub mod reserved_range;
pub mod servers_without_etcd;
pub mod service_port_taken;
pub mod tailnet_mtu;
pub mod underlay_cgnat;
pub mod unencrypted_secrets;

/// The pages of all codes about k3s and the network.
pub const PAGES: &[&Page] = &[
    &cidr_overlap::PAGE,
    &underlay_cgnat::PAGE,
    &reserved_range::PAGE,
    &host_gw::PAGE,
    &dual_stack_mtu::PAGE,
    &tailnet_mtu::PAGE,
    &pod_mtu::PAGE,
    &even_etcd::PAGE,
    &servers_without_etcd::PAGE,
    &agents_without_server::PAGE,
    &cidr_families::PAGE,
    &cluster_dns::PAGE,
    &pod_cidr_size::PAGE,
    &port_clash::PAGE,
    &exit_node_use::PAGE,
    &default_route::PAGE,
    &init_server::PAGE,
    &cluster_domain::PAGE,
    &pod_family::PAGE,
    &double_encryption::PAGE,
    &service_port_taken::PAGE,
    &accept_dns::PAGE,
    &k3s_exit_node::PAGE,
    &no_coredns::PAGE,
    &unencrypted_secrets::PAGE,
];

/// Judges k3s and the network.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    cidr_overlap::check(declaration, findings);
    reserved_range::check(declaration, findings);
    host_gw::check(declaration, findings);
    dual_stack_mtu::check(declaration, findings);
    tailnet_mtu::check(declaration, findings);
    pod_mtu::check(declaration, findings);
    even_etcd::check(declaration, findings);
    servers_without_etcd::check(declaration, findings);
    agents_without_server::check(declaration, findings);
    cidr_families::check(declaration, findings);
    cluster_dns::check(declaration, findings);
    pod_cidr_size::check(declaration, findings);
    port_clash::check(declaration, findings);
    exit_node_use::check(declaration, findings);
    default_route::check(declaration, findings);
    init_server::check(declaration, findings);
    cluster_domain::check(declaration, findings);
    pod_family::check(declaration, findings);
    double_encryption::check(declaration, findings);
    service_port_taken::check(declaration, findings);
    accept_dns::check(declaration, findings);
    k3s_exit_node::check(declaration, findings);
    no_coredns::check(declaration, findings);
    unencrypted_secrets::check(declaration, findings);
}

#[cfg(test)]
mod tests;
