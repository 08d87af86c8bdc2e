# The flake in README.md, as it stands there, evaluates: only its inputs are given here instead of fetched.
{
  evalFlake,
  expect,
  failures,
  lib,
  ...
}:
let
  blocks = lib.tail (lib.splitString "\n```nix\n" (builtins.readFile ../README.md));
  texts = map (block: lib.head (lib.splitString "\n```" block)) blocks;
  text = lib.findFirst (lib.hasInfix "nixosModules.default") (throw "README.md has no flake") texts;

  flake = import (builtins.toFile "flake.nix" text);
  host = (evalFlake flake).nixosConfigurations.primer;
in
expect "readme" {
  "its flake has two inputs" = {
    expected = [
      "nixpkgs"
      "tailnet"
    ];
    actual = lib.attrNames flake.inputs;
  };
  "no assertion fails" = {
    expected = [ ];
    actual = failures host;
  };
  "its toplevel evaluates" = {
    expected = true;
    actual = lib.hasSuffix ".drv" host.config.system.build.toplevel.drvPath;
  };
  "headscale, the relay and k3s run on it" = {
    expected = [
      "derper.service"
      "headscale.service"
      "k3s.service"
    ];
    actual = lib.filter (name: lib.elem name [ "derper.service" "headscale.service" "k3s.service" ]) (
      lib.attrNames host.config.systemd.units
    );
  };
}
