# tailscaled and its log-in, layered on services.tailscale.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkIf optional optionals;
  support = import ./support { inherit lib; };
  cfg = config.tailnet;
  host = cfg.generated.host;
  service = config.services.tailscale;
  enabled = cfg.enable && host ? tailscale;
  inherit (host) tailscale;
  runsHeadscale = host ? headscale;
  # Tailscale SSH follows the policy, which is not read while evaluating in `build` mode; then the host reads it when it
  # runs.
  ssh = host.ssh.enable or null;

  bool = value: if value then "true" else "false";
  declaredFlags = {
    hostname = tailscale.hostname;
    accept-dns = bool tailscale.acceptDns;
    accept-routes = bool tailscale.acceptRoutes;
    advertise-routes = lib.concatStringsSep "," tailscale.advertiseRoutes;
    advertise-exit-node = bool tailscale.advertiseExitNode;
    exit-node = tailscale.exitNode or "";
  }
  // lib.optionalAttrs (ssh != null) { ssh = bool ssh; };
  written = flags: lib.mapAttrsToList (name: value: "--${name}=${value}") flags;

  # What `tailscale up` has no flag for and `tailscale set` has.
  setOnly = [
    "auto-update"
    "nickname"
    "relay-server-port"
    "relay-server-static-endpoints"
    "report-posture"
    "sync"
    "update-check"
    "webclient"
  ];
  parse =
    flag:
    let
      value = builtins.match "[^=]*=(.*)" flag;
    in
    {
      name = support.flagName flag;
      value = if value == null then null else lib.head value;
    };
  # `up` refuses to change what it is not told of, so it is told what `tailscaled-set` sets as well.
  alsoUp = lib.filter (flag: !lib.elem (parse flag).name setOnly) service.extraSetFlags;

  forbidden = {
    auth-key = "the key's file is tailnet.secrets.authKeyFile";
    authkey = "the key's file is tailnet.secrets.authKeyFile";
    login-server = "the control server is tailnet.cluster.controlServer.url";
    reset = "it sets the control server back to tailscale.com";
    advertise-tags = "tags come with the pre-auth key; naming them would have a tagged node log in again";
    force-reauth = "every run would log this host out first";
  };

  judge =
    option: flag:
    let
      inherit (parse flag) name value;
      declared = declaredFlags.${name} or null;
      # `--ssh` alone is `--ssh=true`.
      effective = if value == null then "true" else value;
    in
    if forbidden ? ${name} then
      [
        {
          code = "TN601";
          places = [
            "tailnet.cluster.controlServer"
            option
          ];
          message = "${flag} contradicts how this host logs in: ${forbidden.${name}}";
          help = [ "leave it out" ];
        }
      ]
    else
      optional (declared != null && effective != declared) {
        code = "TN601";
        places = [
          "tailnet.cluster.${flagSource name}"
          option
        ];
        message = "the declaration makes --${name} ${builtins.toJSON declared}, and the host sets ${builtins.toJSON effective}";
        help = [ "change tailnet.cluster.${flagSource name}, or leave the flag out" ];
      };
  flagSource =
    name:
    {
      hostname = "nodes.${host.name}";
      accept-dns = "nodes.${host.name}.acceptDns";
      accept-routes = "nodes.${host.name}.acceptRoutes";
      advertise-routes = "nodes.${host.name}.routes";
      advertise-exit-node = "nodes.${host.name}.exitNode";
      exit-node = "nodes.${host.name}.useExitNode";
      ssh = "policy.ssh";
    }
    .${name};

  settings = {
    inherit (tailscale) loginServer;
    noiseKey = tailscale.noiseKey or null;
    node = if ssh == null && cfg.validation == "build" then cfg.generated.files.node else null;
    authKeyFile = cfg.secrets.authKeyFile;
    # On the control server's host the key is made when it is needed.
    mint =
      if runsHeadscale && cfg.secrets.authKeyFile == null then
        {
          inherit (host.preAuthKey) tags;
          user = host.preAuthKey.user or null;
        }
      else
        null;
    up = written declaredFlags ++ lib.subtractLists (written declaredFlags) (service.extraUpFlags ++ alsoUp);
    # Sessions that go through what changes here are to survive it, or be lost knowingly.
    set = written declaredFlags ++ [ "--accept-risk=lose-ssh" ];
  };

  routes = tailscale.advertiseRoutes != [ ] || tailscale.advertiseExitNode;
  follows = tailscale.acceptRoutes || tailscale ? exitNode;
in
{
  config = mkIf enabled {
    services.tailscale = {
      enable = true;
      port = lib.mkOverride 900 tailscale.port;
      # Clients' logs stay here.
      extraDaemonFlags = [ "--no-logs-no-support" ];
      useRoutingFeatures = mkIf (routes || follows) (
        lib.mkOverride 900 (
          if routes && follows then
            "both"
          else if routes then
            "server"
          else
            "client"
        )
      );
    };

    systemd.services.tailscaled.environment = {
      TS_DEBUG_MTU = mkIf (tailscale.mtu != 1280) (toString tailscale.mtu);
      TS_DEBUG_FIREWALL_MODE = mkIf config.networking.nftables.enable (lib.mkDefault "nftables");
    };

    security.pki.certificates = cfg.cluster.controlServer.tls.caCertificates or [ ];

    systemd.services.tailnet-login = {
      description = "Log-in to the tailnet, and its settings";
      after = [
        "tailscaled.service"
        "network.target"
      ]
      ++ optionals runsHeadscale [
        "headscale.service"
        "headscale-users.service"
      ];
      wants = [ "tailscaled.service" ];
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        # Not oneshot: whatever is waited for, nothing waits for this. It ends when all is set, and every switch starts it
        # again.
        Type = "exec";
        ExecStart = "${
          support.script pkgs "tailnet-login" (
            [
              pkgs.coreutils
              pkgs.curl
              pkgs.jq
              service.package
            ]
            ++ optional runsHeadscale config.services.headscale.package
          )
        } ${pkgs.writeText "tailnet-login.json" (builtins.toJSON settings)}";
        Restart = "on-failure";
        RestartSec = "30s";
        RuntimeDirectory = "tailnet-login";
        RuntimeDirectoryMode = "0700";
        UMask = "0077";
        NoNewPrivileges = true;
        PrivateTmp = true;
        ProtectHome = "read-only";
        ProtectSystem = "strict";
      };
    };

    tailnet.findings =
      lib.concatMap (judge "services.tailscale.extraUpFlags") service.extraUpFlags
      ++ lib.concatMap (judge "services.tailscale.extraSetFlags") service.extraSetFlags
      ++ optional (service.authKeyFile != null) {
        code = "TN601";
        places = [
          "tailnet.secrets.authKeyFile"
          "services.tailscale.authKeyFile"
        ];
        message = "two units would log this host in, and one of them shows the key in the arguments of a process";
        help = [ "set tailnet.secrets.authKeyFile instead" ];
      }
      ++ optional (service.port != tailscale.port) {
        code = "TN601";
        places = [
          "tailnet.cluster.nodes.${host.name}.wireguardPort"
          "services.tailscale.port"
        ];
        message = "the declaration makes this ${toString tailscale.port}, and the host sets ${toString service.port}";
        help = [ "change nodes.${host.name}.wireguardPort, or leave services.tailscale.port out" ];
      }
      ++ optional (host ? k3s && service.interfaceName != "tailscale0") {
        code = "TN601";
        places = [
          "tailnet.cluster.nodes.${host.name}.k3s"
          "services.tailscale.interfaceName"
        ];
        message = "k3s and flannel are told to use tailscale0, and the tailnet's interface is ${service.interfaceName}";
        help = [ "leave services.tailscale.interfaceName out" ];
      };
  };
}
