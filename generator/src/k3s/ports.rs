//! The ports of k3s (`installation/requirements.md` of its documentation).

/// The Kubernetes API: agents and people to servers, servers to each other.
pub const API: u16 = 6443;

/// The kubelet: metrics and, without the agents' tunnel, logs and exec. All nodes to all.
pub const KUBELET: u16 = 10250;

/// etcd's clients and peers: servers to each other, with embedded etcd only.
pub const ETCD: (u16, u16) = (2379, 2380);

/// vxlan, UDP: all nodes to all. Whoever reaches it from outside is inside the pod network.
pub const VXLAN: u16 = 8472;

/// flannel's WireGuard over IPv4 and over IPv6, UDP.
pub const WIREGUARD: (u16, u16) = (51820, 51821);

/// What listens on every node for itself: the agents' load balancer and the control plane's own parts.
pub const LOCAL: [u16; 6] = [6444, 10248, 10249, 10257, 10258, 10259];

/// What Traefik takes on every node through k3s's service load balancer, when both are on.
pub const INGRESS: [u16; 2] = [80, 443];

/// The embedded registry, TCP: all nodes to all, when it is on.
pub const REGISTRY: u16 = 5001;
