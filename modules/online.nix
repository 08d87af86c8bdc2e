# `tailnet-online.target`: this host has an address in the tailnet and can resolve the control server. And the control
# server's own host, which has to find it before there is any tailnet.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  support = import ./support { inherit lib; };
  cfg = config.tailnet;
  host = cfg.generated.host;
  enabled = cfg.enable && host ? tailscale;
  controlHost = support.urlHost host.tailscale.loginServer;
  isName = builtins.match "[0-9.]+|\\[.*]" controlHost == null;
  listen =
    if host.headscale.settings or null == null then
      "127.0.0.1"
    else
      support.reachable (support.socket config.services.headscale.settings.listen_addr).host;
in
{
  config = lib.mkIf enabled {
    # The public address may not lead back to its own host (NAT), and DNS may not be up yet.
    networking.hosts = lib.mkIf (host ? headscale && isName) { ${listen} = [ controlHost ]; };

    systemd.targets.tailnet-online = {
      description = "Tailnet is online";
      requires = [ "tailnet-wait-online.service" ];
      after = [ "tailnet-wait-online.service" ];
    };

    systemd.services.tailnet-wait-online = {
      description = "Wait for the tailnet to be online";
      after = [
        "tailscaled.service"
        "tailnet-login.service"
      ];
      wants = [ "tailnet-login.service" ];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        # Who only wants the target is started after this time, too, and says itself what it misses.
        TimeoutStartSec = lib.mkDefault "120s";
        ExecStart = "${
          support.script pkgs "tailnet-wait-online" [
            pkgs.coreutils
            pkgs.getent
            pkgs.jq
            config.services.tailscale.package
          ]
        } ${lib.escapeShellArg controlHost}";
        NoNewPrivileges = true;
        PrivateTmp = true;
        ProtectHome = true;
        ProtectSystem = "strict";
      };
    };
  };
}
