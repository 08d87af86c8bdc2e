# Neither derper nor headscale reads a certificate again: a service is restarted when the files it was started with change.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.tailnet;
  watched = lib.filterAttrs (_: files: files != [ ]) cfg.watchedFiles;
in
{
  options.tailnet.watchedFiles = mkOption {
    type = types.attrsOf (types.listOf types.str);
    default = { };
    internal = true;
    example = {
      derper = [ "/var/lib/acme/derp.example.org/fullchain.pem" ];
    };
    description = "Files of a service, by the service's name, which it reads only when it starts.";
  };

  config = lib.mkIf (cfg.enable && watched != { }) {
    systemd.paths = lib.mapAttrs' (
      service: files:
      lib.nameValuePair "${service}-certificate" {
        description = "Certificate of ${service}";
        wantedBy = [ "multi-user.target" ];
        pathConfig = {
          PathChanged = files;
          # The certificate and its key are written one after the other.
          TriggerLimitIntervalSec = "30s";
        };
      }
    ) watched;
    systemd.services = lib.mapAttrs' (
      service: _:
      lib.nameValuePair "${service}-certificate" {
        description = "Restart of ${service} with its new certificate";
        serviceConfig = {
          Type = "oneshot";
          ExecStartPre = "${pkgs.coreutils}/bin/sleep 2";
          ExecStart = "${config.systemd.package}/bin/systemctl try-restart ${service}.service";
        };
      }
    ) watched;
  };
}
