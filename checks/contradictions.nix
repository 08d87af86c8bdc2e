# What a host sets against the declaration is a finding that names both places; what it adds beside it is none.
{
  pkgs,
  lib,
  nixpkgs ? pkgs.path,
  ...
}:
let
  config =
    file: module:
    (import (nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit lib;
      system = null;
      modules = [
        ../modules
        file
        module
        { nixpkgs.pkgs = lib.mkDefault pkgs; }
      ];
    }).config;

  primer = module: config ../hosts/primer.nix module;
  worker = module: config ../hosts/worker.nix module;

  # name = [ host code [ words of the text ] ]
  refused = {
    "another URL" = [
      (primer { services.headscale.settings.server_url = "https://elsewhere.example.org"; })
      "TN601"
      [
        "tailnet.cluster.controlServer.url"
        "services.headscale.settings.server_url"
        "https://elsewhere.example.org"
        "checks/contradictions.nix"
      ]
    ];
    "forced, too" = [
      (primer { services.headscale.settings.dns.base_domain = lib.mkForce "x.example.org"; })
      "TN601"
      [
        "tailnet.cluster.dns"
        "services.headscale.settings.dns.base_domain"
      ]
    ];
    "maps from the internet" = [
      (primer { services.headscale.settings.derp.urls = [ "https://controlplane.tailscale.com/derpmap/default" ]; })
      "TN601"
      [
        "tailnet.cluster.derp"
        "services.headscale.settings.derp.urls"
      ]
    ];
    "a policy of its own" = [
      (primer { services.headscale.settings.policy.path = "/etc/other.hujson"; })
      "TN601"
      [
        "tailnet.cluster.policy"
        "services.headscale.settings.policy.path"
      ]
    ];
    "a policy mode that is none, which would allow everything" = [
      (primer { services.headscale.settings.policy.mode = "db"; })
      "TN601"
      [ "services.headscale.settings.policy.mode" ]
    ];
    "clients' logs to Tailscale" = [
      (primer { services.headscale.settings.logtail.enabled = true; })
      "TN601"
      [ "services.headscale.settings.logtail.enabled" ]
    ];
    "a log that hides whether a reload went well" = [
      (primer { services.headscale.settings.log.level = "error"; })
      "TN601"
      [ "services.headscale.settings.log.level" ]
    ];
    "the relay inside headscale beside derper, misspelt" = [
      (primer { services.headscale.settings.derp.server.enable = true; })
      "TN602"
      [
        "services.headscale.settings.derp.server.enable:"
        "write derp.server.enabled"
      ]
    ];
    "the relay inside headscale beside derper" = [
      (primer { services.headscale.settings.derp.server.enabled = true; })
      "TN606"
      [
        "tailnet.cluster.derp.implementation"
        "services.headscale.settings.derp.server.enabled"
      ]
    ];
    "a key of headscale 0.22" = [
      (primer { services.headscale.settings.dns.use_username_in_magic_dns = true; })
      "TN602"
      [ "services.headscale.settings.dns.use_username_in_magic_dns" ]
    ];
    "a conditional definition" = [
      (primer { services.headscale.settings.nonsense = lib.mkIf true { deep = lib.mkDefault 1; }; })
      "TN602"
      [ "services.headscale.settings.nonsense.deep" ]
    ];
    "a database that is too old" = [
      (primer (
        { pkgs, ... }:
        {
          tailnet.headscale.databaseVersion = "0.27.1";
          services.headscale.package = pkgs.headscale // {
            version = "0.29.2";
          };
        }
      ))
      "TN605"
      [
        "tailnet.headscale.databaseVersion"
        "0.27.1"
      ]
    ];
    "a package of another series" = [
      (primer (
        { pkgs, ... }:
        {
          services.headscale.package = pkgs.headscale // {
            version = "0.28.0";
          };
        }
      ))
      "TN604"
      [
        "tailnet.cluster.headscaleVersion"
        "services.headscale.package"
      ]
    ];
    "a flag of derper again" = [
      (primer { tailnet.derper.extraArgs = [ "-verify-client-url-fail-open=true" ]; })
      "TN601"
      [
        "tailnet.cluster.derp"
        "tailnet.derper.extraArgs"
        "-verify-client-url-fail-open"
      ]
    ];
    "derper without a certificate" = [
      (primer { tailnet.secrets.derpCertificateFile = lib.mkForce null; })
      "TN607"
      [ "tailnet.secrets.derpCertificateFile" ]
    ];
    "MagicDNS for the whole host" = [
      (worker { services.tailscale.extraSetFlags = [ "--accept-dns" ]; })
      "TN601"
      [
        "tailnet.cluster.nodes.worker.acceptDns"
        "services.tailscale.extraSetFlags"
      ]
    ];
    "--reset" = [
      (worker { services.tailscale.extraUpFlags = [ "--reset" ]; })
      "TN601"
      [ "services.tailscale.extraUpFlags" ]
    ];
    "--advertise-tags" = [
      (worker { services.tailscale.extraUpFlags = [ "--advertise-tags=tag:worker" ]; })
      "TN601"
      [ "services.tailscale.extraUpFlags" ]
    ];
    "the log-in of nixpkgs' module" = [
      (worker { services.tailscale.authKeyFile = "/run/secrets/key"; })
      "TN601"
      [
        "tailnet.secrets.authKeyFile"
        "services.tailscale.authKeyFile"
      ]
    ];
    "another WireGuard port" = [
      (worker { services.tailscale.port = 51820; })
      "TN601"
      [
        "tailnet.cluster.nodes.worker.wireguardPort"
        "services.tailscale.port"
      ]
    ];
    "another interface" = [
      (worker { services.tailscale.interfaceName = "ts0"; })
      "TN601"
      [ "services.tailscale.interfaceName" ]
    ];
    "k3s as a server" = [
      (worker { services.k3s.role = "server"; })
      "TN601"
      [
        "tailnet.cluster.nodes.worker.k3s"
        "services.k3s.role"
      ]
    ];
    "another network for pods" = [
      (primer { services.k3s.extraFlags = [ "--cluster-cidr=10.9.0.0/16" ]; })
      "TN601"
      [
        "tailnet.cluster.k3s"
        "services.k3s.extraFlags"
        "--cluster-cidr"
      ]
    ];
    "a token of k3s' own option" = [
      (worker { services.k3s.tokenFile = "/run/secrets/k3s"; })
      "TN601"
      [
        "tailnet.secrets.k3sTokenFile"
        "services.k3s.tokenFile"
      ]
    ];
    "an agent with the server's token" = [
      (worker { tailnet.secrets.k3sTokenFile = "/run/secrets/k3s-token"; })
      "TN608"
      [ "tailnet.secrets.k3sTokenFile" ]
    ];
    "an agent without a token" = [
      (worker { tailnet.secrets.k3sAgentTokenFile = lib.mkForce null; })
      "TN607"
      [ "tailnet.secrets.k3sAgentTokenFile" ]
    ];
    "a login that does not exist" = [
      (worker {
        tailnet.cluster.access.ssh = [
          {
            from = [ "group:admins" ];
            to = [ "tag:worker" ];
            as = [ "operator" ];
          }
        ];
      })
      "TN603"
      [
        "tailnet.cluster.policy.ssh"
        "users.users.operator"
      ]
    ];
    "sshd everywhere and over the tailnet only" = [
      (worker {
        tailnet.sshOverTailnetOnly = true;
        services.openssh.enable = true;
        services.openssh.openFirewall = true;
      })
      "TN601"
      [
        "tailnet.sshOverTailnetOnly"
        "services.openssh.openFirewall"
      ]
    ];
  };

  allowed = {
    "settings the declaration says nothing of" = primer {
      services.headscale.settings = {
        log.level = "debug";
        tuning.batch_change_delay = "1s";
        node.routes.ha.probe_interval = "20s";
        database.sqlite.wal_autocheckpoint = 500;
      };
    };
    "the same value again" = primer {
      services.headscale.settings.server_url = "https://headscale.keystone.example.org";
    };
    "flags beside the declaration's" = worker {
      services.tailscale.extraSetFlags = [ "--operator=alice" ];
      services.tailscale.extraUpFlags = [ "--netfilter-mode=on" ];
      services.k3s.extraFlags = [ "--kubelet-arg=max-pods=50" ];
    };
    "another flag for derper" = primer { tailnet.derper.extraArgs = [ "-accept-connection-limit=100" ]; };
    "a package of the declared series" = primer (
      { pkgs, ... }:
      {
        tailnet.headscale.databaseVersion = "0.28.0";
        services.headscale.package = pkgs.headscale // {
          version = "0.29.2";
        };
      }
    );
    "sshd over the tailnet only" = worker {
      tailnet.sshOverTailnetOnly = true;
      services.openssh.enable = true;
    };
  };

  text =
    finding:
    lib.concatStringsSep " " (
      [ finding.code ] ++ map (place: "${place}:") finding.places ++ [ finding.message ] ++ finding.help or [ ]
    );

  wrong =
    lib.concatLists (
      lib.mapAttrsToList (
        name: case:
        let
          findings = (lib.head case).tailnet.findings;
          code = lib.elemAt case 1;
          words = lib.elemAt case 2;
          fits =
            finding: finding.code == code && lib.all (word: lib.hasInfix word (text finding)) words;
        in
        lib.optional (
          !lib.any fits findings
        ) "${name}: expected ${code} with ${toString words}, found ${toString (map text findings)}"
      ) refused
    )
    ++ lib.concatLists (
      lib.mapAttrsToList (
        name: host:
        map (finding: "${name}: ${text finding}") host.tailnet.findings
      ) allowed
    );
in
if wrong == [ ] then
  pkgs.writeText "tailnet-contradictions" "${toString (lib.length (lib.attrNames refused))} refused\n"
else
  throw "contradictions:\n  ${lib.concatStringsSep "\n  " wrong}"
