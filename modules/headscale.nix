# headscale, layered on services.headscale: its settings are the declaration's, its policy is reloaded and checked, its
# database is kept before an upgrade.
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
  tailnetLib = import ../lib { inherit lib; };
  cfg = config.tailnet;
  own = cfg.headscale;
  generated = cfg.generated;
  host = generated.host;
  service = config.services.headscale;
  enabled = cfg.enable && host ? headscale;

  inherit (host.headscale) settings;
  settled = enabled && settings != null;
  controlServer = cfg.cluster.controlServer or { };
  tlsMode = controlServer.tls.mode or "letsencrypt";

  credential = name: "/run/credentials/headscale.service/${name}";
  credentials =
    lib.optional (cfg.secrets.noiseKeyFile != null) "noise_private.key:${cfg.secrets.noiseKeyFile}"
    ++ lib.optional (
      cfg.secrets.embeddedDerpKeyFile != null
    ) "derp_private.key:${cfg.secrets.embeddedDerpKeyFile}"
    ++ lib.optionals (tlsMode == "files" && cfg.secrets.tlsCertificateFile != null) [
      "tls.crt:${cfg.secrets.tlsCertificateFile}"
      "tls.key:${cfg.secrets.tlsKeyFile}"
    ]
    ++ lib.optional (
      controlServer.oidc or null != null && cfg.secrets.oidcClientSecretFile != null
    ) "oidc_client_secret:${cfg.secrets.oidcClientSecretFile}";

  stateDir = "/var/lib/headscale";
  policyPath = "/etc/headscale/policy.hujson";
  derpMapPath = "/etc/headscale/derp.yaml";

  artifact = support.artifact pkgs cfg;
  policyFile = artifact "policy.hujson" generated.files.policy;
  derpMapFile = artifact "derp.yaml" generated.files.derpMap;

  # Where the host keeps things; nothing of it can contradict the declaration.
  paths = {
    noise.private_key_path =
      if cfg.secrets.noiseKeyFile != null then
        credential "noise_private.key"
      else
        "${stateDir}/noise_private.key";
    derp.server.private_key_path =
      if cfg.secrets.embeddedDerpKeyFile != null then
        credential "derp_private.key"
      else
        "${stateDir}/derp_server_private.key";
    database = {
      type = "sqlite";
      sqlite.path = "${stateDir}/db.sqlite";
    };
  }
  // lib.optionalAttrs (tlsMode == "files") {
    tls_cert_path = credential "tls.crt";
    tls_key_path = credential "tls.key";
  }
  // lib.optionalAttrs (controlServer.oidc or null != null) {
    oidc.client_secret_path = credential "oidc_client_secret";
  };

  # What must be as it is, or the guarantees above do not hold.
  fixed = {
    policy = {
      mode = "file";
      path = policyPath;
    };
    derp.paths = [ derpMapPath ];
  };

  declared = lib.recursiveUpdate (if settled then settings else { }) fixed;

  source =
    path:
    let
      top = lib.head path;
      under = {
        server_url = "controlServer.url";
        listen_addr = "controlServer.listen";
        metrics_listen_addr = "controlServer.metricsListen";
        trusted_proxies = "controlServer.trustedProxies";
        prefixes = "prefixes";
        derp = "derp";
        dns = "dns";
        policy = "policy";
        oidc = "controlServer.oidc";
        taildrop = "controlServer.taildrop";
        auto_update = "controlServer.autoUpdate";
        ephemeral_node_inactivity_timeout = "controlServer.ephemeralInactivityTimeout";
        node =
          if path == [ "node" "expiry" ] then
            "controlServer.nodeExpiry"
          else
            "controlServer.ephemeralInactivityTimeout";
      };
    in
    "tailnet.cluster.${under.${top} or (if lib.hasPrefix "tls_" top || top == "acme_email" then "controlServer.tls" else "controlServer")}";

  # The module of 2024-11 has typed options with defaults for keys of headscale 0.22, one of which today's headscale
  # refuses to start with. Its file is written without them.
  legacy = (options.services.headscale.settings.type.getSubOptions [ ]) ? dns_config;
  dead = [
    "acl_policy_path"
    "db_host"
    "db_name"
    "db_password_file"
    "db_path"
    "db_port"
    "db_type"
    "db_user"
    "dns_config"
    "ip_prefixes"
    "private_key_path"
  ];
  cleaned = lib.filterAttrsRecursive (
    name: value: value != null && name != "strip_email_domain" && name != "auto_update_enable"
  ) (removeAttrs service.settings dead);

  # In `build` mode the declaration's settings are not known yet: the file is put together when the system is built. What the
  # host wrote, and not what modules take by themselves, is compared there.
  moduleFiles = map toString options.services.headscale.enable.declarations ++ [ ownFile ];
  merged =
    pkgs.runCommand "headscale.yaml"
      {
        nativeBuildInputs = [ pkgs.jq ];
      }
      ''
        jq --null-input --from-file ${./scripts/headscale-merge.jq} \
          --slurpfile node ${generated.files.node} \
          --slurpfile own ${pkgs.writeText "headscale-own.json" (builtins.toJSON cleaned)} \
          --slurpfile written ${
            pkgs.writeText "headscale-written.json" (
              builtins.toJSON (
                map (entry: entry.path) (lib.filter (entry: !lib.elem (toString entry.file) moduleFiles) written)
              )
            )
          } > $out
      '';
  underlayPort = lib.findFirst (port: port.who == "headscale" && port.port != 80) null host.ports.underlay;

  listen = support.socket service.settings.listen_addr;
  local = support.bracket (support.reachable listen.host);
  ready =
    if (service.settings.tls_letsencrypt_hostname or null) != null && service.settings.tls_letsencrypt_hostname != "" then
      # Its first TLS handshake asks Let's Encrypt for a certificate, which another handshake must wait for.
      lib.optional (service.settings.metrics_listen_addr or "" != "") "http://${
        let metrics = support.socket service.settings.metrics_listen_addr; in "${support.bracket (support.reachable metrics.host)}:${toString metrics.port}"
      }/metrics"
    else
      let
        tls = service.settings.tls_cert_path or null != null;
      in
      # Its own loopback or address: there is nobody in between, and the certificate is for another name.
      [ "${if tls then "https" else "http"}://${local}:${toString listen.port}/health" ]
      ++ lib.optional tls "--insecure";

  known = lib.importJSON ./data/headscale-settings.json;
  series = host.headscale.version;
  knownKeys = known.keys ++ known.only.${series} or [ ];
  ownFile = toString ./headscale.nix;

  isKnown =
    path:
    let
      key = lib.toLower (support.showPath path);
    in
    lib.elem key knownKeys
    || lib.any (prefix: lib.hasPrefix "${prefix}." key) known.free
    || lib.any (lib.hasPrefix "${key}.") knownKeys;

  written = lib.concatMap (
    definition:
    map (path: {
      inherit path;
      inherit (definition) file;
    }) (support.definedPaths definition.value)
  ) (lib.filter (definition: toString definition.file != ownFile) options.services.headscale.settings.definitionsWithLocations);

  unknown = lib.filter (entry: entry.path != [ ] && !isKnown entry.path) written;

  packageSeries = support.series (service.package.version or "");
  minor = text: lib.toInt (lib.last (lib.splitString "." text));
  tooFar =
    own.databaseVersion != null
    && packageSeries != null
    && (
      let
        from = support.series "${own.databaseVersion}.0";
      in
      minor packageSeries > minor from + 1 || minor packageSeries < minor from
    );

  database = support.script pkgs "headscale-database" [
    pkgs.coreutils
    pkgs.jq
    pkgs.sqlite
    service.package
  ];
  isSqlite = lib.elem service.settings.database.type [
    "sqlite"
    "sqlite3"
  ];
  databaseArguments = "${service.settings.database.sqlite.path} ${own.backupDir}";
in
{
  options.tailnet.headscale = {
    backupDir = mkOption {
      type = types.strMatching "/[^[:space:]]+";
      default = "/var/lib/headscale/backups";
      example = "/var/backup/headscale";
      description = ''
        Where a copy of headscale's database is kept before a new minor version of headscale changes it. headscale's user
        has to be able to write there. If unset, below its own state directory.
      '';
    };
    databaseVersion = mkOption {
      type = types.nullOr (types.strMatching "[0-9]+\\.[0-9]+(\\.[0-9]+)?");
      default = null;
      example = "0.28.0";
      description = ''
        The version of headscale that last used this host's database, where you know it: an upgrade that headscale would
        refuse (more than one minor version, or back) then fails the evaluation. If unset, it is found when headscale starts
        and, where NixOS can check before it switches, before the switch.
      '';
    };
  };

  config = lib.mkMerge [
    (mkIf enabled {
      services.headscale = {
        enable = true;
        settings = lib.mkMerge [
          (support.declared paths)
          (support.declared fixed)
          (mkIf settled (support.declared settings))
        ];
      };

      environment.etc = {
        "headscale/policy.hujson".source = policyFile;
        "headscale/derp.yaml".source = derpMapFile;
      }
      // lib.optionalAttrs legacy {
        "headscale/config.yaml".source = lib.mkForce (
          if settled then (pkgs.formats.yaml { }).generate "headscale.yaml" cleaned else merged
        );
      };

      systemd.services.headscale = {
        # A policy that changes is reloaded; the map is read at the start only.
        reloadTriggers = [ policyFile ];
        restartTriggers = [ derpMapFile ];
        serviceConfig = {
          ExecStartPre = mkIf isSqlite [ "${database} prepare ${databaseArguments}" ];
          ExecReload = [
            "+${
              support.script pkgs "headscale-reload" [
                pkgs.coreutils
                pkgs.gnugrep
                pkgs.gnused
                config.systemd.package
              ]
            } $MAINPID"
          ];
          LoadCredential = mkIf (credentials != [ ]) credentials;
          TimeoutStartSec = lib.mkDefault "10min";
        };
      };

      # The files themselves, not the credentials, which are copies.
      tailnet.watchedFiles.headscale = lib.optionals (tlsMode == "files") (
        lib.filter (file: file != null) [
          cfg.secrets.tlsCertificateFile
          cfg.secrets.tlsKeyFile
        ]
      );

      systemd.services.headscale-users = {
        description = "Users of the tailnet's declaration in headscale";
        after = [ "headscale.service" ];
        # Not required: a headscale that comes up at its second try is to have its users, too.
        wants = [ "headscale.service" ];
        wantedBy = [ "multi-user.target" ];
        startLimitIntervalSec = 0;
        serviceConfig = {
          Type = "oneshot";
          Restart = "on-failure";
          RestartSec = "5s";
          ExecStart = "${
            support.script pkgs "headscale-users" [
              pkgs.gnugrep
              pkgs.jq
              service.package
            ]
          } ${pkgs.writeText "headscale-users.json" (builtins.toJSON host.headscale.users)}";
          User = service.user;
          Group = service.group;
          ProtectSystem = "strict";
          ProtectHome = true;
          PrivateTmp = true;
          NoNewPrivileges = true;
        };
      };

      assertions = [
        {
          assertion = tlsMode == "files" -> cfg.secrets.tlsCertificateFile != null && cfg.secrets.tlsKeyFile != null;
          message = "tailnet.secrets.tlsCertificateFile and tailnet.secrets.tlsKeyFile have to be set on this host: tailnet.cluster.controlServer.tls.mode is \"files\", and headscale runs here";
        }
        {
          assertion = controlServer.oidc or null != null -> cfg.secrets.oidcClientSecretFile != null;
          message = "tailnet.secrets.oidcClientSecretFile has to be set on this host: tailnet.cluster.controlServer.oidc is used, and headscale runs here";
        }
      ];
    })

    (mkIf settled {
      services.headscale = {
        # What decides its capabilities: the port it listens on.
        address = lib.mkOverride 900 (support.socket settings.listen_addr).host;
        port = lib.mkOverride 900 (support.socket settings.listen_addr).port;
      };

      systemd.services.headscale.serviceConfig = {
        ExecStartPost = mkIf (ready != [ ]) [
          "${support.script pkgs "headscale-ready" [
            pkgs.coreutils
            pkgs.curl
          ]} $MAINPID ${lib.escapeShellArgs ready}"
        ];
        # Let's Encrypt's HTTP-01 challenge comes to port 80, whatever headscale's own port is.
        CapabilityBoundingSet = mkIf (tlsMode == "letsencrypt" && service.port >= 1024) [
          "CAP_NET_BIND_SERVICE"
        ];
        AmbientCapabilities = mkIf (tlsMode == "letsencrypt" && service.port >= 1024) [
          "CAP_NET_BIND_SERVICE"
        ];
      };

      tailnet.findings =
        support.contradictions {
          inherit declared source;
          actual = service.settings;
          # Beside derper it is a second relay: derper.nix says so.
          ignored =
            path:
            host ? derper
            && path == [
              "derp"
              "server"
              "enabled"
            ];
          option = options.services.headscale.settings;
          name = "services.headscale.settings";
        }
        ++ map (
          entry:
          let
            name = support.showPath entry.path;
            meant = support.nearest knownKeys (lib.toLower name);
          in
          {
            code = "TN602";
            places = [ "services.headscale.settings.${name}" ];
            message = "headscale ${series} has no such setting and would ignore it without a word (${
              lib.concatStringsSep ", " (
                tailnetLib.placesOf options.services.headscale.settings.definitionsWithLocations name
              )
            })";
            help = [
              (
                if known.hints ? ${name} then
                  known.hints.${name}
                else if meant != null then
                  "write ${meant}"
                else
                  "leave it out"
              )
            ];
          }
        ) unknown
        ++ lib.optional
          (lib.elem (service.settings.log.level or "info") [
            "warn"
            "error"
            "fatal"
            "panic"
          ])
          {
            code = "TN601";
            places = [
              "tailnet.cluster.policy"
              "services.headscale.settings.log.level"
            ];
            message = "whether a changed policy is in force is read from headscale's log, which does not say so at the level ${service.settings.log.level}";
            help = [ "set services.headscale.settings.log.level to \"info\", or leave it out" ];
          }
        ++ lib.optional (packageSeries != null && packageSeries != series) {
          code = "TN604";
          places = [
            "tailnet.cluster.headscaleVersion"
            "services.headscale.package"
          ];
          message = "the policy and the settings are judged and written for headscale ${series}, and the package is ${service.package.version}";
          help = [ "set tailnet.cluster.headscaleVersion to \"${packageSeries}\", or the package to a ${series}" ];
        }
        ++ lib.optional tooFar {
          code = "TN605";
          places = [
            "tailnet.headscale.databaseVersion"
            "services.headscale.package"
          ];
          message = "headscale ${service.package.version} refuses a database last used by ${own.databaseVersion}: it goes up one minor version at a time, and never back";
          help = [ "upgrade through each minor version in between, one switch each" ];
        };
    })

    # `build` mode: whether it answers is not asked, since where it listens is not known.
    (mkIf (enabled && !settled) {
      services.headscale = {
        port = lib.mkOverride 900 (if underlayPort == null then 8080 else underlayPort.port);
        # What nixpkgs' module asserts something of.
        settings = support.declared {
          server_url = controlServer.url or "";
          dns = {
            base_domain = cfg.cluster.baseDomain or "";
            override_local_dns = cfg.cluster.dns.overrideLocalDns or true;
            nameservers.global = cfg.cluster.dns.nameservers or [ ];
          };
        };
      };
      systemd.services.headscale = {
        restartTriggers = [ merged ];
        script = mkIf (!legacy) (
          lib.mkForce ''
            ${lib.optionalString (service.settings.database.postgres.password_file or null != null) ''
              HEADSCALE_DATABASE_POSTGRES_PASS="$(head -n1 ${lib.escapeShellArg service.settings.database.postgres.password_file})"
              export HEADSCALE_DATABASE_POSTGRES_PASS
            ''}
            exec ${lib.getExe service.package} serve --config ${merged}
          ''
        );
      };
    })

    (mkIf (enabled && !isSqlite) {
      warnings = [
        "services.headscale.settings.database.type: nothing keeps a copy of a ${service.settings.database.type} database before headscale is upgraded; do it yourself"
      ];
    })

    (lib.optionalAttrs (options.system ? preSwitchChecks) (
      mkIf (enabled && isSqlite) {
        system.preSwitchChecks.headscale-database = "${database} check ${databaseArguments}";
      }
    ))
  ];
}
