# One host, configured in one of two ways: `with` the module, or `by-hand`. `checks/cost/measure` evaluates both.
{
  nixpkgs,
  how,
}:
let
  pkgs = import ../../lib/nixpkgs.nix nixpkgs;
  inherit (import ../lib.nix { inherit pkgs nixpkgs; }) evalHost evalPlain;
  host =
    {
      "with" = evalHost [ ../../hosts/primer.nix ];
      "with-worker" = evalHost [ ../../hosts/worker.nix ];
      "by-hand" = evalPlain [ ./by-hand.nix ];
    }
    .${how};
in
# Packages may be stand-ins that depend on nothing, so what a system is made of is asked for one by one.
builtins.deepSeq [
  (map (file: "${file.source}") (builtins.attrValues host.config.environment.etc))
  (map (unit: "${unit.unit}") (builtins.attrValues host.config.systemd.units))
  host.config.system.checks
] host.config.system.build.toplevel.drvPath
