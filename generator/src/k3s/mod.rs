//! k3s over the tailnet: its configuration file, the ports it needs, what fits through `tailscale0`.
//!
//! flannel is told the interface (`flannel-iface`), never an address: k3s takes the node address from it, and no
//! address of a tailnet is known before its node has registered (headscale#2912).

pub mod build;
pub mod config;
pub mod kubeconfig;
pub mod mtu;
pub mod ports;
pub mod rules;

/// The interface that tailscaled makes.
pub const INTERFACE: &str = "tailscale0";

/// The domain of names inside the cluster, unless declared otherwise.
pub const CLUSTER_DOMAIN: &str = "cluster.local";
