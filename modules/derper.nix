# derper: a unit of our own, since nixpkgs' one has no client verification by headscale, no certificates and a proxy before
# it. Its flags are the declaration's; keys and certificates come as credentials.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  inherit (lib) mkIf mkOption types;
  support = import ./support { inherit lib; };
  cfg = config.tailnet;
  own = cfg.derper;
  host = cfg.generated.host;
  enabled = cfg.enable && host ? derper;
  inherit (host.derper) hostName args;

  # derper looks for HOST.crt and HOST.key, without what is no letter, digit, dot or hyphen (an IPv6 address's colons).
  fileName = lib.concatStrings (
    lib.filter (c: builtins.match "[A-Za-z0-9.-]" c != null) (lib.stringToCharacters hostName)
  );

  flagNames = map support.flagName;
  ours = flagNames args ++ [
    "c"
    "certdir"
  ];
  doubled = lib.intersectLists ours (flagNames own.extraArgs);

  ports = map (port: port.port) (lib.filter (port: port.who == "derper") host.ports.underlay);
  privileged = lib.any (port: port < 1024) ports;
  capabilities = if privileged then [ "CAP_NET_BIND_SERVICE" ] else [ "" ];

  certificates = [
    cfg.secrets.derpCertificateFile
    cfg.secrets.derpCertificateKeyFile
  ];
  given = !lib.elem null certificates;
in
{
  options.tailnet.derper = {
    package = mkOption {
      type = types.package;
      default = pkgs.tailscale.derper or pkgs.derper;
      defaultText = lib.literalExpression "pkgs.tailscale.derper";
      example = lib.literalExpression "pkgs.callPackage ./derper.nix { }";
      description = ''
        The package with {command}`derper`, where this host is a relay. If unset, the one that is built with tailscale.
      '';
    };
    extraArgs = mkOption {
      type = types.listOf (types.strMatching "-[^[:space:]]+");
      default = [ ];
      example = [ "-accept-connection-limit=100" ];
      description = ''
        More flags for {command}`derper`. One that the declaration decides fails the evaluation. If unset, none.
      '';
    };
  };

  config = mkIf enabled {
    systemd.services.derper = {
      description = "Relay of the tailnet (DERP)";
      documentation = [ "https://pkg.go.dev/tailscale.com/cmd/derper" ];
      after = [ "network-online.target" ] ++ lib.optional (host ? headscale) "headscale.service";
      wants = [ "network-online.target" ];
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        ExecStart = lib.concatStringsSep " " (
          [
            "${own.package}/bin/derper"
            "-c=${if cfg.secrets.derperKeyFile != null then "%d/derper.key" else "%S/derper/derper.key"}"
            "-certdir=%d"
          ]
          ++ map (flag: lib.replaceStrings [ "%" ] [ "%%" ] flag) (args ++ own.extraArgs)
        );
        LoadCredential = lib.optionals given [
          "${fileName}.crt:${cfg.secrets.derpCertificateFile}"
          "${fileName}.key:${cfg.secrets.derpCertificateKeyFile}"
        ]
        ++ lib.optional (cfg.secrets.derperKeyFile != null) "derper.key:${cfg.secrets.derperKeyFile}";
        Restart = "always";
        RestartSec = "5s";
        LimitNOFILE = 1048576;

        DynamicUser = true;
        StateDirectory = "derper";
        StateDirectoryMode = "0700";
        UMask = "0077";
        CapabilityBoundingSet = capabilities;
        AmbientCapabilities = capabilities;
        PrivateUsers = !privileged;
        DevicePolicy = "closed";
        LockPersonality = true;
        MemoryDenyWriteExecute = true;
        NoNewPrivileges = true;
        PrivateDevices = true;
        PrivateTmp = true;
        ProcSubset = "pid";
        ProtectClock = true;
        ProtectControlGroups = true;
        ProtectHome = true;
        ProtectHostname = true;
        ProtectKernelLogs = true;
        ProtectKernelModules = true;
        ProtectKernelTunables = true;
        ProtectProc = "invisible";
        ProtectSystem = "strict";
        RemoveIPC = true;
        # Netlink: it asks for the host's own addresses.
        RestrictAddressFamilies = [
          "AF_INET"
          "AF_INET6"
          "AF_NETLINK"
          "AF_UNIX"
        ];
        RestrictNamespaces = true;
        RestrictRealtime = true;
        RestrictSUIDSGID = true;
        SystemCallArchitectures = "native";
        SystemCallFilter = [
          "@system-service"
          "~@privileged"
          "~@resources"
        ];
        SystemCallErrorNumber = "EPERM";
      };
    };

    tailnet.watchedFiles.derper = lib.filter (file: file != null) certificates;

    tailnet.findings =
      lib.optional (doubled != [ ]) {
        code = "TN601";
        places = [
          "tailnet.cluster.derp"
          "tailnet.derper.extraArgs"
        ];
        message = "the declaration decides derper's ${lib.concatMapStringsSep ", " (name: "-${name}") doubled}, and the host sets it again";
        help = [ "change tailnet.cluster.derp, or leave the flag out of tailnet.derper.extraArgs" ];
      }
      ++ lib.optional (options.services.tailscale ? derper && config.services.tailscale.derper.enable) {
        code = "TN606";
        places = [
          "tailnet.cluster.derp.regions"
          "services.tailscale.derper.enable"
        ];
        message = "two relays on one host answer on the same ports, and the second one verifies no client with headscale";
        help = [ "leave services.tailscale.derper out" ];
      }
      ++ lib.optional ((config.services.headscale.settings.derp or { }).server.enabled or false && host ? headscale) {
        code = "TN606";
        places = [
          "tailnet.cluster.derp.implementation"
          "services.headscale.settings.derp.server.enabled"
        ];
        message = "derper and the relay inside headscale would run side by side in one region";
        help = [
          "set tailnet.cluster.derp.implementation to \"embedded\" for the one inside headscale, or leave services.headscale.settings.derp.server out"
        ];
      }
      ++ lib.optional (!given) {
        code = "TN607";
        places = [
          "tailnet.secrets.derpCertificateFile"
          "tailnet.secrets.derpCertificateKeyFile"
        ];
        message = "derper needs a certificate for ${hostName}, and this host has no path to one";
        help = [ "set both to where the files lie on this host; security.acme's are fullchain.pem and key.pem" ];
      };
  };
}
