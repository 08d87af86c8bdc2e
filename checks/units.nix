# The units and the firewall of the example's hosts, as evaluated, against what is written down in expected/units.nix.
{
  pkgs,
  lib,
  nixpkgs ? pkgs.path,
  ...
}:
let
  expected = import ./expected/units.nix;

  host =
    file:
    (import (nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit lib;
      system = null;
      modules = [
        ../modules
        file
        { nixpkgs.pkgs = lib.mkDefault pkgs; }
      ];
    }).config;
  hosts = {
    primer = host ../hosts/primer.nix;
    worker = host ../hosts/worker.nix;
  };

  # "/nix/store/HASH-curl/bin/curl" -> ".../bin/curl", "/nix/store/HASH-a.json" -> ".../a.json"
  plain =
    value:
    if builtins.isString value || lib.isDerivation value || builtins.isPath value then
      let
        text = builtins.unsafeDiscardStringContext "${value}";
        parts = builtins.split "${builtins.storeDir}/[a-z0-9]{32}-([^/ ]*)" text;
        show =
          index: part:
          if builtins.isString part then
            part
          else if lib.hasPrefix "/" (builtins.elemAt parts (index + 1)) then
            "..."
          else
            ".../${lib.head part}";
      in
      builtins.replaceStrings [ " \\\n " ] [ " " ] (lib.concatStrings (lib.imap0 show parts))
    else if builtins.isList value then
      map plain value
    else
      value;

  show = builtins.toJSON;
  differs =
    place: want: have:
    lib.optional (want != have) "${place}\n    expected ${show want}\n    is       ${show have}";

  # Order says nothing in these.
  sets = [
    "after"
    "wants"
    "requires"
    "bindsTo"
    "partOf"
    "wantedBy"
  ];

  unit =
    hostName: name: want:
    let
      have = hosts.${hostName}.systemd.services.${name};
      place = "${hostName}: ${name}.service";
      service = plain' have.serviceConfig;
      plain' = lib.mapAttrs (_: plain);
      names = if want.whole or false then lib.attrNames (service // want.serviceConfig) else lib.attrNames want.serviceConfig;
    in
    lib.concatMap (
      key: differs "${place} ${key}" (want.serviceConfig.${key} or null) (service.${key} or null)
    ) names
    ++ lib.concatMap (
      key:
      if lib.elem key sets then
        differs "${place} ${key}" (lib.sort lib.lessThan want.${key}) (lib.sort lib.lessThan have.${key})
      else
        differs "${place} ${key}" want.${key} (plain have.${key})
    ) (lib.attrNames (removeAttrs want [ "whole" "serviceConfig" ]));

  firewall =
    hostName: want:
    let
      have = hosts.${hostName}.networking.firewall;
      tailnet = have.interfaces.tailscale0;
      sorted = lib.sort lib.lessThan;
    in
    differs "${hostName}: allowedTCPPorts" want.allowedTCPPorts (sorted have.allowedTCPPorts)
    ++ differs "${hostName}: allowedUDPPorts" want.allowedUDPPorts (sorted have.allowedUDPPorts)
    ++ differs "${hostName}: trustedInterfaces" want.trustedInterfaces (sorted have.trustedInterfaces)
    ++ differs "${hostName}: tcp on tailscale0" want.tailnet.tcp (sorted tailnet.allowedTCPPorts)
    ++ differs "${hostName}: udp on tailscale0" want.tailnet.udp (sorted tailnet.allowedUDPPorts)
    ++ differs "${hostName}: ranges on tailscale0" [ ] (
      tailnet.allowedTCPPortRanges ++ tailnet.allowedUDPPortRanges
    );

  # The file that a unit's command names last, as it will be on the host.
  told =
    hostName:
    let
      command = hosts.${hostName}.systemd.services.tailnet-login.serviceConfig.ExecStart;
      file = lib.last (lib.splitString " " command);
    in
    lib.importJSON file;
  login =
    hostName: want:
    let
      have = told hostName;
    in
    lib.concatMap (key: differs "${hostName}: tailnet-login.json ${key}" want.${key} have.${key}) (
      lib.attrNames want
    )
    ++ lib.concatMap (
      flag:
      lib.optional (lib.any (lib.hasPrefix flag) (have.up ++ have.set)) "${hostName}: tailnet-login uses ${flag}"
    ) [ "--reset" "--advertise-tags" "--auth-key" "--force-reauth" ];

  wrong =
    lib.concatLists (
      lib.concatMap (hostName: lib.mapAttrsToList (unit hostName) expected.${hostName}) [
        "primer"
        "worker"
      ]
    )
    ++ lib.concatMap (
      name: lib.optional (hosts.worker.systemd.services ? ${name}) "worker: has ${name}.service"
    ) expected.absent.worker
    ++ lib.concatLists (lib.mapAttrsToList firewall expected.firewall)
    ++ lib.concatLists (lib.mapAttrsToList login expected.login)
    ++ differs "primer: what the relay's certificate is watched by" [
      "/var/lib/acme/headscale.keystone.example.org/fullchain.pem"
      "/var/lib/acme/headscale.keystone.example.org/key.pem"
    ] hosts.primer.systemd.paths.derper-certificate.pathConfig.PathChanged
    ++ differs "primer: headscale's name on its own host" [ "headscale.keystone.example.org" ]
      (lib.filter (name: name != "localhost") hosts.primer.networking.hosts."127.0.0.1")
    ++ lib.concatMap (
      hostName:
      map (assertion: "${hostName}: ${assertion.message}") (
        lib.filter (assertion: !assertion.assertion) hosts.${hostName}.assertions
      )
      ++ map (warning: "${hostName}: ${warning}") hosts.${hostName}.warnings
    ) (lib.attrNames hosts);
in
if wrong == [ ] then
  pkgs.writeText "tailnet-units" "as written down\n"
else
  throw "units are not as written down in checks/expected/units.nix:\n  ${lib.concatStringsSep "\n  " wrong}"
