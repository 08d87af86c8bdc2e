//! TN2xx: relays and the map that names them. One file a code.

use super::public;
use crate::cluster::declaration::Declaration;
use crate::diagnostics::{Diagnostic, Page};

pub mod coordinates;
pub mod embedded_address;
pub mod embedded_node;
pub mod embedded_stun;
pub mod empty_map;
pub mod http_port;
pub mod local_name;
pub mod map_shape;
pub mod no_relay;
pub mod no_stun;
pub mod not_meshed;
pub mod public_host_name;
pub mod public_insecure;
pub mod public_map_missing;
pub mod public_node_name;
pub mod public_pin;
pub mod public_port;
pub mod public_region_id;
pub mod public_region_missing;
pub mod region_overwritten;
pub mod region_range;
pub mod relay_address;
pub mod stale_name;
pub mod two_on_one_host;
pub mod unresolvable_name;

/// The pages of all codes about relays.
pub const PAGES: &[&Page] = &[
    &empty_map::PAGE,
    &region_range::PAGE,
    &region_overwritten::PAGE,
    &no_relay::PAGE,
    &two_on_one_host::PAGE,
    &unresolvable_name::PAGE,
    &local_name::PAGE,
    &coordinates::PAGE,
    &embedded_node::PAGE,
    &embedded_address::PAGE,
    &embedded_stun::PAGE,
    &public_map_missing::PAGE,
    &public_region_missing::PAGE,
    &map_shape::PAGE,
    &public_region_id::PAGE,
    &public_node_name::PAGE,
    &public_host_name::PAGE,
    &public_port::PAGE,
    &relay_address::PAGE,
    &public_pin::PAGE,
    &public_insecure::PAGE,
    &no_stun::PAGE,
    &not_meshed::PAGE,
    &stale_name::PAGE,
    &http_port::PAGE,
];

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    empty_map::check(declaration, findings);
    region_range::check(declaration, findings);
    no_relay::check(declaration, findings);
    two_on_one_host::check(declaration, findings);
    unresolvable_name::check(declaration, findings);
    local_name::check(declaration, findings);
    coordinates::check(declaration, findings);
    embedded_node::check(declaration, findings);
    embedded_address::check(declaration, findings);
    embedded_stun::check(declaration, findings);
    public_map_missing::check(declaration, findings);
    public_region_missing::check(declaration, findings);
    not_meshed::check(declaration, findings);
    http_port::check(declaration, findings);
    relay_address::check(declaration, findings);

    let regions = public::used(&declaration.derp, findings);
    region_overwritten::check(declaration, &regions, findings);
    public_node_name::check(&regions, findings);
    no_stun::check(declaration, &regions, findings);
    for region in &regions {
        no_relay::check_public(region, findings);
        public_region_id::check(region, findings);
        for node in &region.nodes {
            public_host_name::check(node, findings);
            public_port::check(node, findings);
            relay_address::check_public(node, findings);
            public_pin::check(node, findings);
            public_insecure::check(node, findings);
            stale_name::check(node, findings);
        }
    }
}

#[cfg(test)]
mod tests;
