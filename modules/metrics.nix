# What can be scraped on this host. All of it listens on loopback, or answers loopback only: nothing here is opened.
{
  config,
  lib,
  ...
}:
let
  inherit (lib) mkIf mkOption types;
  support = import ./support { inherit lib; };
  cfg = config.tailnet;
  host = cfg.generated.host;

  headscaleListen = config.services.headscale.settings.metrics_listen_addr or "";
  headscaleSocket = support.socket headscaleListen;

  derperListen = lib.findFirst (lib.hasPrefix "-a=") null host.derper.args;
in
{
  options.tailnet.metrics = {
    scrapeConfigs = mkOption {
      type = types.listOf types.attrs;
      readOnly = true;
      example = lib.literalExpression ''
        [
          {
            job_name = "tailnet-headscale";
            static_configs = [ { targets = [ "127.0.0.1:9090" ]; labels.node = "primer"; } ];
          }
        ]
      '';
      description = ''
        What this host's headscale, derper and tailscaled can be scraped for, as {option}`services.prometheus.scrapeConfigs`
        takes it. The targets answer on this host only: give them to a Prometheus (or an agent of one) that runs here.
      '';
    };
    prometheus = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = ''
        Whether {option}`tailnet.metrics.scrapeConfigs` are added to this host's {option}`services.prometheus`. If unset,
        they are not.
      '';
    };
  };

  config = lib.mkMerge [
    {
      # One definition, since it is read-only.
      tailnet.metrics.scrapeConfigs = lib.optionals cfg.enable (
        lib.optional (host ? headscale && headscaleListen != "") {
          job_name = "tailnet-headscale";
          static_configs = [
            {
              targets = [
                "${support.bracket (support.reachable headscaleSocket.host)}:${toString headscaleSocket.port}"
              ];
              labels.node = host.name;
            }
          ];
        }
        ++ lib.optional (host ? derper && derperListen != null) {
          job_name = "tailnet-derper";
          scheme = "https";
          # derper shows its debug pages to loopback (and to tailnet addresses, which the policy keeps out), and answers
          # to its own name only.
          metrics_path = "/debug/varz";
          tls_config.server_name = host.derper.hostName;
          static_configs = [
            {
              targets = [ "127.0.0.1:${toString (support.socket (lib.removePrefix "-a=" derperListen)).port}" ];
              labels.node = host.name;
            }
          ];
        }
        ++ lib.optional (host ? tailscale) {
          job_name = "tailnet-tailscaled";
          # tailscaled answers here to its own host.
          static_configs = [
            {
              targets = [ "100.100.100.100:80" ];
              labels.node = host.name;
            }
          ];
        }
      );
    }
    (mkIf cfg.enable {
      services.prometheus.scrapeConfigs = mkIf cfg.metrics.prometheus cfg.metrics.scrapeConfigs;
    })
  ];
}
