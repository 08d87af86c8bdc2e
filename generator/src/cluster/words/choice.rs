//! Words of which there are a few: written as one of a list of strings.

/// One of a fixed list of texts.
pub trait Choice: Copy + 'static {
    /// What it is, with an article: `a flannel backend`.
    const WHAT: &'static str;
    /// Every text with what it stands for.
    const ALL: &'static [(&'static str, Self)];
}

/// Defines an enum whose variants are written as texts: the enum, [`Choice`], `as_str`, serialisation and schema.
macro_rules! choice {
    (
        $(#[$doc:meta])* $name:ident, what: $what:expr,
        $( $(#[$vdoc:meta])* $variant:ident = $text:literal ),+ $(,)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[cfg_attr(feature = "full", derive(schemars::JsonSchema), schemars(inline))]
        pub enum $name {
            $( $(#[$vdoc])* #[serde(rename = $text)] $variant ),+
        }

        impl $name {
            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text ),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::cluster::words::Choice for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [(&'static str, Self)] = &[ $( ($text, Self::$variant) ),+ ];
        }

        impl crate::cluster::reading::Read for $name {
            fn read(
                value: &crate::hujson::Value,
                reader: &mut crate::cluster::reading::Reader,
            ) -> Option<Self> {
                crate::cluster::reading::choice(value, reader)
            }
        }
    };
}

choice! {
    /// Which headscale runs the tailnet: decides the policy's dialect and what its configuration may say.
    HeadscaleVersion, what: "a headscale version",
    /// 0.28 (nixos-26.05).
    V0_28 = "0.28",
    /// 0.29 (nixos-unstable).
    V0_29 = "0.29",
    /// 0.30 (unreleased).
    V0_30 = "0.30",
}
choice! {
    /// How headscale hands out addresses.
    Allocation, what: "an allocation",
    /// The next free one.
    Sequential = "sequential",
    /// Any free one.
    Random = "random",
}
choice! {
    /// Who terminates TLS for the control server.
    TlsMode, what: "a TLS mode",
    /// headscale fetches a certificate from Let's Encrypt.
    LetsEncrypt = "letsencrypt",
    /// headscale reads a certificate and its key from files, which the host that runs it names.
    Files = "files",
    /// A reverse proxy before headscale does; headscale speaks plain HTTP to it.
    Proxy = "proxy",
}
choice! {
    /// How Let's Encrypt is shown that the name is ours.
    AcmeChallenge, what: "an ACME challenge",
    /// Over port 80.
    Http01 = "HTTP-01",
    /// Over port 443.
    TlsAlpn01 = "TLS-ALPN-01",
}
choice! {
    /// How the OIDC code exchange is protected.
    PkceMethod, what: "a PKCE method",
    /// The verifier as it is.
    Plain = "plain",
    /// Its SHA-256.
    S256 = "S256",
}
choice! {
    /// A node's part in k3s.
    K3sRole, what: "a k3s role",
    /// Runs the API server, and pods.
    Server = "server",
    /// Runs pods.
    Agent = "agent",
}
choice! {
    /// How pods on different nodes reach each other.
    FlannelBackend, what: "a flannel backend",
    /// VXLAN over UDP 8472.
    Vxlan = "vxlan",
    /// WireGuard over UDP 51820 and 51821, encrypted a second time inside the tailnet.
    WireguardNative = "wireguard-native",
    /// Plain routes: needs nodes on one network segment, which a tailnet is not.
    HostGw = "host-gw",
    /// No flannel: another CNI has to be installed.
    None = "none",
}
choice! {
    /// A part that k3s brings with it and that can be left out.
    K3sComponent, what: "a packaged component of k3s",
    /// The cluster's DNS server.
    Coredns = "coredns",
    /// Volumes on the node's disk.
    LocalStorage = "local-storage",
    /// Resource metrics for `kubectl top` and autoscaling.
    MetricsServer = "metrics-server",
    /// Container runtime classes.
    Runtimes = "runtimes",
    /// Load balancer: takes the ports of `LoadBalancer` services on every node.
    Servicelb = "servicelb",
    /// Ingress controller: takes 80 and 443 through servicelb.
    Traefik = "traefik",
}
choice! {
    /// Which program relays.
    DerpImplementation, what: "a DERP implementation",
    /// Tailscale's `derper`, a program of its own.
    Derper = "derper",
    /// The relay inside headscale.
    Embedded = "embedded",
}
choice! {
    /// Type of an extra DNS record; clients honour no others.
    RecordType, what: "a record type",
    /// IPv4
    A = "A",
    /// IPv6
    Aaaa = "AAAA",
}
choice! {
    /// Which SSH server answers.
    SshServer, what: "an SSH server",
    /// tailscaled itself, judged by the policy's `ssh` rules.
    Tailscale = "tailscale",
    /// The host's own sshd, with its own keys and logins: the policy only opens the port.
    Openssh = "openssh",
}
