# The host against the policy: ports that the policy opens and nobody listens on, ports that are opened on the tailnet's
# interface and the policy opens to nobody.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.tailnet;
  host = cfg.generated.host;
  granted = host.ports.tailnet or null;
  interface = config.services.tailscale.interfaceName;
  opened = config.networking.firewall.interfaces.${interface};

  singles =
    protocol:
    map (entry: entry.from) (
      lib.filter (entry: entry.protocol == protocol && entry ? from && entry.from == entry.to) granted
    );
  covered =
    protocol: port:
    lib.any (
      entry: entry.protocol == protocol && entry ? from && entry.from <= port && port <= entry.to
    ) granted;

  at = path: default: lib.attrByPath path default config.services;
  enabled = path: at (path ++ [ "enable" ]) false == true;
  # What nixpkgs' modules are known to listen on. Not all of them: whatever else there is goes into `tailnet.listens`.
  known =
    lib.concatMap
      (service: lib.optionals (enabled service.path) (map (port: "tcp:${toString port}") service.ports))
      (
        map
          (name: {
            path = [
              "prometheus"
              "exporters"
              name
            ];
            ports = [
              (at [
                "prometheus"
                "exporters"
                name
                "port"
              ] 0)
            ];
          })
          [
            "blackbox"
            "nginx"
            "node"
            "postgres"
            "smartctl"
            "systemd"
            "zfs"
          ]
        ++ [
          {
            path = [ "prometheus" ];
            ports = [ (at [ "prometheus" "port" ] 9090) ];
          }
          {
            path = [ "grafana" ];
            ports = [ (at [ "grafana" "settings" "server" "http_port" ] 3000) ];
          }
          {
            path = [ "nginx" ];
            ports = [
              80
              443
            ];
          }
          {
            path = [ "caddy" ];
            ports = [
              80
              443
            ];
          }
          {
            path = [ "postgresql" ];
            ports = [ (at [ "postgresql" "settings" "port" ] 5432) ];
          }
          {
            path = [ "gitea" ];
            ports = [ (at [ "gitea" "settings" "server" "HTTP_PORT" ] 3000) ];
          }
          {
            path = [ "forgejo" ];
            ports = [ (at [ "forgejo" "settings" "server" "HTTP_PORT" ] 3000) ];
          }
          {
            path = [ "jellyfin" ];
            ports = [ 8096 ];
          }
          {
            path = [ "openssh" ];
            ports = at [ "openssh" "ports" ] [ 22 ];
          }
          {
            path = [
              "nfs"
              "server"
            ];
            ports = [ 2049 ];
          }
        ]
      );

  k3s = cfg.cluster.k3s or { };
  backend = k3s.flannelBackend or "vxlan";
  ofK3s =
    lib.optionals (host ? k3s) (
      [
        "tcp:10250"
        "tcp:5001"
      ]
      ++ lib.optional (backend == "vxlan") "udp:8472"
      ++ lib.optionals (backend == "wireguard-native") [
        "udp:51820"
        "udp:51821"
      ]
    )
    ++ lib.optionals (host.k3s.role or null == "server") [
      "tcp:${toString (k3s.apiPort or 6443)}"
      "tcp:2379"
      "tcp:2380"
    ];

  ours =
    map (entry: "${entry.protocol}:${toString entry.port}") host.ports.underlay
    ++ lib.optional (host.ssh.enable or false == true) "tcp:22"
    ++ lib.optional (host ? headscale) "tcp:${
      lib.last (lib.splitString ":" (config.services.headscale.settings.metrics_listen_addr or ""))
    }";

  # Who opens a port for everybody has something behind it.
  everywhere =
    map (port: "tcp:${toString port}") config.networking.firewall.allowedTCPPorts
    ++ map (port: "udp:${toString port}") config.networking.firewall.allowedUDPPorts;

  listens = cfg.listens ++ ofK3s ++ ours ++ everywhere ++ known;

  unheard = lib.filter (port: !lib.elem port listens) (
    map (port: "tcp:${toString port}") (singles "tcp") ++ map (port: "udp:${toString port}") (singles "udp")
  );

  split = port: {
    protocol = lib.head (lib.splitString ":" port);
    number = lib.toInt (lib.last (lib.splitString ":" port));
  };
  unreachable = lib.filter (port: !covered (split port).protocol (split port).number) (
    lib.unique (
      cfg.listens
      ++ map (port: "tcp:${toString port}") opened.allowedTCPPorts
      ++ map (port: "udp:${toString port}") opened.allowedUDPPorts
    )
  );
in
{
  options.tailnet.listens = mkOption {
    type = types.listOf (types.strMatching "(tcp|udp):[0-9]{1,5}");
    default = [ ];
    example = [ "tcp:8080" ];
    description = ''
      What listens on this host for the tailnet, beside what this module and nixpkgs' commonest services are known to: a
      container's port, a pod's `hostPort`. It opens nothing; ports that the policy opens are looked for here before a
      warning says that nobody listens on them, and one that the policy opens to nobody is a warning. If unset, nothing
      more is known.
    '';
  };

  config = lib.mkIf (cfg.enable && granted != null) {
    tailnet.findings =
      map (port: {
        code = "TN609";
        severity = "warning";
        places = [
          "tailnet.cluster.policy"
          "tailnet.listens"
        ];
        message = "the policy lets peers reach ${port} on ${host.name}, and nothing on it is known to listen there";
        help = [
          "enable the service on this host; or name the port in tailnet.listens, when something this module does not know listens there; or take it out of the rule"
        ];
      }) unheard
      ++ map (port: {
        code = "TN610";
        severity = "warning";
        places = [
          "tailnet.cluster.policy"
          (
            if lib.elem port cfg.listens then
              "tailnet.listens"
            else
              "networking.firewall.interfaces.${interface}"
          )
        ];
        message = "${port} is there for the tailnet on ${host.name}, and the policy lets nobody reach it";
        help = [ "add a rule for it (access.services, policy.grants), or leave it out" ];
      }) unreachable;
  };
}
