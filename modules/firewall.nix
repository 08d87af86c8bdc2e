# What each role needs, on the right interface: what has to be reached before there is a tailnet everywhere, what the policy
# lets peers open on the tailnet's interface, and nothing else.
{
  config,
  lib,
  ...
}:
let
  inherit (lib) mkIf mkOption types;
  cfg = config.tailnet;
  host = cfg.generated.host;
  enabled = cfg.enable && host ? ports;
  interface = config.services.tailscale.interfaceName;

  ofProtocol = protocol: lib.filter (entry: entry.protocol == protocol);
  underlay = protocol: map (entry: entry.port) (ofProtocol protocol host.ports.underlay);

  tailnet = host.ports.tailnet or null;
  single =
    protocol:
    map (entry: entry.from) (lib.filter (entry: entry.from == entry.to) (ofProtocol protocol tailnet));
  ranges =
    protocol:
    map (entry: { inherit (entry) from to; }) (
      lib.filter (entry: entry.from != entry.to) (ofProtocol protocol tailnet)
    );
in
{
  options.tailnet.sshOverTailnetOnly = mkOption {
    type = types.bool;
    default = false;
    example = true;
    description = ''
      Whether sshd can be reached over the tailnet only. Then its ports are not opened on other interfaces, and a host whose
      tailnet is down is reached at its console. If unset, sshd is reached as {option}`services.openssh` says.
    '';
  };

  config = lib.mkMerge [
    (mkIf enabled {
      networking.firewall = {
        allowedTCPPorts = underlay "tcp";
        allowedUDPPorts = underlay "udp";
        # Pods reach the node's own services (kube-dns, the API) through these; the network between pods is theirs, and
        # what may enter it is flannel's traffic on the tailnet's interface.
        trustedInterfaces = mkIf (host ? k3s) [
          "cni0"
          (
            if cfg.cluster.k3s.flannelBackend or "vxlan" == "wireguard-native" then "flannel-wg" else "flannel.1"
          )
        ];
      };
    })

    (mkIf (enabled && tailnet != null) {
      # With iptables tailscaled accepts what enters by its interface before this is asked, and its own filter, which is the
      # policy, is all there is; with nftables this is asked as well. It is the same list.
      networking.firewall.interfaces.${interface} = {
        allowedTCPPorts = single "tcp";
        allowedTCPPortRanges = ranges "tcp";
        allowedUDPPorts = single "udp";
        allowedUDPPortRanges = ranges "udp";
      };
    })

    # In `build` mode the policy is not read in time. tailscaled's own filter is the policy in any case.
    (mkIf (enabled && tailnet == null && config.networking.nftables.enable) {
      networking.firewall.trustedInterfaces = [ interface ];
    })

    (mkIf (enabled && cfg.sshOverTailnetOnly) {
      services.openssh.openFirewall = lib.mkOverride 900 false;
      networking.firewall.interfaces.${interface}.allowedTCPPorts = config.services.openssh.ports;

      tailnet.findings = lib.optional (config.services.openssh.enable && config.services.openssh.openFirewall) {
        code = "TN601";
        places = [
          "tailnet.sshOverTailnetOnly"
          "services.openssh.openFirewall"
        ];
        message = "sshd is to be reached over the tailnet only, and the host opens its ports everywhere";
        help = [ "leave one of them out" ];
      };
    })
  ];
}
