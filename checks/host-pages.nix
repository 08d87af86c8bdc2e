# Every TN6xx page's examples, evaluated: the wrong one gives its code and no other, the right one nothing.
{
  pkgs,
  lib,
  nixpkgs ? pkgs.path,
  ...
}:
let
  folder = ../generator/src/host/examples;

  # 601-primer-wrong.nix
  examples = lib.mapAttrsToList (
    name: _:
    let
      parts = builtins.match "([0-9]+)-([a-z]+)-(wrong|right)\\.nix" name;
    in
    {
      inherit name;
      code = "TN${lib.elemAt parts 0}";
      host = lib.elemAt parts 1;
      wrong = lib.elemAt parts 2 == "wrong";
    }
  ) (builtins.readDir folder);

  findings =
    example:
    (import (nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit lib;
      system = null;
      modules = [
        ../modules
        (../hosts + "/${example.host}.nix")
        (folder + "/${example.name}")
        { nixpkgs.pkgs = lib.mkDefault pkgs; }
      ];
    }).config.tailnet.findings;

  # Every code that a module gives has a page, and the other way round.
  codesIn =
    file:
    lib.concatMap (part: if builtins.isList part then part else [ ]) (
      builtins.split "code = \"(TN6[0-9][0-9])\"" (builtins.readFile file)
    );
  modules = lib.filter (name: lib.hasSuffix ".nix" name && name != "findings.nix") (
    lib.attrNames (builtins.readDir ../modules)
  );
  given = lib.unique (
    lib.concatMap (name: codesIn (../modules + "/${name}")) modules ++ codesIn ../modules/support/default.nix
  );
  shown = lib.unique (map (example: example.code) examples);

  wrong =
    lib.concatMap (
      example:
      let
        codes = lib.unique (map (finding: finding.code) (findings example));
        expected = lib.optional example.wrong example.code;
      in
      lib.optional (
        codes != expected
      ) "${example.name}: expected ${toString expected}, found ${toString codes}"
    ) examples
    ++ map (code: "${code} is given and has no page") (lib.subtractLists shown given)
    ++ map (code: "${code} has a page and is never given") (lib.subtractLists given shown);
in
if wrong == [ ] then
  pkgs.writeText "tailnet-host-pages" "${toString (lib.length examples)} examples\n"
else
  throw "pages of TN6xx:\n  ${lib.concatStringsSep "\n  " wrong}"
