# What a change of the declaration restarts: a rule that is added to the policy reloads headscale and touches nothing else.
{
  pkgs,
  lib,
  nixpkgs ? pkgs.path,
  ...
}:
let
  host =
    modules:
    (import (nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit lib;
      system = null;
      modules = [
        ../modules
        { nixpkgs.pkgs = lib.mkDefault pkgs; }
      ]
      ++ modules;
    }).config;

  rule = {
    tailnet.cluster.policy.grants = [
      {
        src = [ "group:admins" ];
        dst = [ "tag:worker" ];
        ip = [ "tcp:8080" ];
      }
    ];
  };
  node.tailnet.cluster.nodes.tablet.owner = "alice";
  relay.tailnet.cluster.derp.regions."900".name = lib.mkForce "Another name";

  primer = modules: host ([ ../hosts/primer.nix ] ++ modules);
  worker = modules: host ([ ../hosts/worker.nix ] ++ modules);

  unit = config: name: builtins.unsafeDiscardStringContext config.systemd.units.${name}.text;
  without =
    prefix: text:
    lib.concatStringsSep "\n" (lib.filter (line: !lib.hasPrefix prefix line) (lib.splitString "\n" text));

  same =
    what: before: after: names:
    lib.concatMap (
      name: lib.optional (unit before name != unit after name) "${what} changes ${name}"
    ) names;
  differ =
    what: prefix: before: after: name:
    lib.optional (unit before name == unit after name) "${what} does not change ${name}"
    ++ lib.optional (
      without prefix (unit before name) != without prefix (unit after name)
    ) "${what} changes more of ${name} than ${prefix}";

  untouched = [
    "tailscaled.service"
    "tailnet-login.service"
    "tailnet-wait-online.service"
    "k3s.service"
  ];
  onPrimer = untouched ++ [
    "derper.service"
    "headscale-users.service"
  ];

  wrong =
    differ "a rule" "X-Reload-Triggers=" (primer [ ]) (primer [ rule ]) "headscale.service"
    ++ same "a rule" (primer [ ]) (primer [ rule ]) onPrimer
    ++ same "a rule" (worker [ ]) (worker [ rule ]) untouched
    ++ same "a node" (primer [ ]) (primer [ node ]) (onPrimer ++ [ "headscale.service" ])
    ++ same "a node" (worker [ ]) (worker [ node ]) untouched
    ++ differ "the map" "X-Restart-Triggers=" (primer [ ]) (primer [ relay ]) "headscale.service"
    ++ same "the map" (worker [ ]) (worker [ relay ]) untouched;
in
if wrong == [ ] then
  pkgs.writeText "tailnet-restarts" "nothing more than has to be\n"
else
  throw "restarts:\n  ${lib.concatStringsSep "\n  " wrong}"
