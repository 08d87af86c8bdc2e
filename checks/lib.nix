# What the checks share: hosts evaluated with given modules, the examples of the generator as Nix values, and a way to
# compare what came out with what was expected.
{ pkgs, nixpkgs }:
let
  inherit (pkgs) lib;
  inherit (builtins)
    head
    isList
    length
    match
    split
    substring
    ;

  tailnetLib = import ../lib { inherit lib; };

  # Enough of a machine that its toplevel evaluates.
  machine =
    { lib, ... }:
    {
      boot.loader.grub.enable = lib.mkDefault false;
      fileSystems."/" = {
        device = lib.mkDefault "/dev/disk/by-label/nixos";
        fsType = lib.mkDefault "ext4";
      };
      system.stateVersion = lib.mkDefault "24.11";
      nixpkgs.pkgs = lib.mkDefault pkgs;
    };

  # A host with the module and `modules`: what `nixosSystem` gives.
  evalHost =
    modules:
    import (nixpkgs + "/nixos/lib/eval-config.nix") {
      system = null;
      inherit lib;
      modules = [
        ../modules
        machine
      ]
      ++ modules;
    };

  # The same without the module: what others configure by hand.
  evalPlain =
    modules:
    import (nixpkgs + "/nixos/lib/eval-config.nix") {
      system = null;
      inherit lib;
      modules = [ machine ] ++ modules;
    };

  # The outputs of a flake that takes nixpkgs and this repository as its inputs, which are given here instead of fetched.
  evalFlake =
    flake:
    let
      outputs = flake.outputs {
        self = outputs;
        nixpkgs.lib = lib // {
          nixosSystem =
            { modules, ... }:
            import (nixpkgs + "/nixos/lib/eval-config.nix") {
              system = null;
              inherit lib;
              modules = modules ++ [ { nixpkgs = { inherit pkgs; }; } ];
            };
        };
        tailnet.nixosModules.default = ../modules;
      };
    in
    outputs;

  # The texts of a host's failed assertions.
  failures =
    host:
    map (assertion: assertion.message) (lib.filter (assertion: !assertion.assertion) host.config.assertions);

  # "TN302" of "TN302 tailnet.cluster...: ...".
  codes =
    texts:
    lib.unique (lib.concatMap (text: lib.optional (match "TN[0-9]{3} .*" text != null) (substring 0 5 text)) texts);

  # JSON5 as the examples use it: comments, bare names, single quotes around nothing that needs escapes, trailing commas.
  fromJson5 =
    text:
    let
      token = "(\"([^\"\\\\]|\\\\.)*\"|'[^'\\\\]*'|//[^\n]*|[A-Za-z_$][A-Za-z0-9_$]*[[:space:]]*:)";
      rewrite =
        piece:
        if !isList piece then
          piece
        else
          let
            word = head piece;
            bare = match "([A-Za-z_$][A-Za-z0-9_$]*)[[:space:]]*:" word;
          in
          if lib.hasPrefix "//" word then
            ""
          else if bare != null then
            "\"${head bare}\":"
          else if lib.hasPrefix "'" word then
            builtins.toJSON (substring 1 (lib.stringLength word - 2) word)
          else
            word;
      strict = lib.concatMapStrings rewrite (split token text);
      # Commas before a closing bracket, outside of texts.
      pieces = split "(\"([^\"\\\\]|\\\\.)*\"|,[[:space:]]*[]}])" strict;
      close =
        piece:
        if !isList piece then
          piece
        else if lib.hasPrefix "," (head piece) then
          substring (lib.stringLength (head piece) - 1) 1 (head piece)
        else
          head piece;
    in
    builtins.fromJSON (lib.concatMapStrings close pieces);

  # The declarations in `generator/examples`, by name. A policy file that one names lies beside it.
  examples =
    let
      folder = ../generator/examples;
      read =
        file:
        let
          declaration = fromJson5 (builtins.readFile (folder + "/${file}"));
        in
        if declaration ? policy.file then
          declaration // { policy = declaration.policy // { file = folder + "/${declaration.policy.file}"; }; }
        else
          declaration;
      files = lib.filter (lib.hasSuffix ".json5") (lib.attrNames (builtins.readDir folder));
    in
    lib.listToAttrs (map (file: lib.nameValuePair (lib.removeSuffix ".json5" file) (read file)) files);

  core = pkgs.callPackage ../generator/package.nix { full = false; };

  # A declaration judged without a host.
  evalCluster =
    cluster:
    tailnetLib.evalCluster {
      package = core;
      system = core.system or pkgs.stdenv.hostPlatform.system;
      inherit cluster;
    };

  # What the wrong example of a page about hosts makes its host say.
  hostSays =
    code:
    let
      folder = ../generator/src/host/examples;
      number = lib.removePrefix "TN" code;
      file = lib.findFirst (
        name: lib.hasPrefix "${number}-" name && lib.hasSuffix "-wrong.nix" name
      ) (throw "${code} has no example in generator/src/host/examples") (lib.attrNames (builtins.readDir folder));
      node = lib.elemAt (lib.splitString "-" file) 1;
      host = evalHost [
        (../hosts + "/${node}.nix")
        (folder + "/${file}")
      ];
    in
    # As in a flake, where the repository's own place is not seen.
    map (lib.replaceStrings [ "${toString ../.}/" ] [ "" ]) (failures host ++ host.config.warnings);

  # The documents that are made from all this.
  documents = {
    options = import ../lib/options-document.nix { inherit lib; } (evalHost [ ]).options;
    assertions = import ../lib/assertions-document.nix {
      inherit
        lib
        evalCluster
        fromJson5
        hostSays
        ;
    };
  };

  # A check named `name` of what is known while Nix evaluates: each of `tests` is `{ expected; actual; }`. All that differ
  # are shown.
  expect =
    name: tests:
    let
      wrong = lib.filterAttrs (_: test: test.actual != test.expected) tests;
      show = value: if builtins.isString value then value else lib.generators.toPretty { } value;
    in
    if tests == { } then
      throw "check ${name}: there is nothing to check"
    else if wrong != { } then
      throw "check ${name}: ${toString (length (lib.attrNames wrong))} of ${
        toString (length (lib.attrNames tests))
      } differ\n${
        lib.concatStrings (
          lib.mapAttrsToList (
            name: test: "\n- ${name}\n  expected: ${show test.expected}\n  actual:   ${show test.actual}\n"
          ) wrong
        )
      }"
    else
      pkgs.writeText "check-${name}" "${toString (length (lib.attrNames tests))} as expected\n";

  # As `expect`, where each of `tests` is whether it holds.
  holds =
    name: tests:
    expect name (
      lib.mapAttrs (_: actual: {
        inherit actual;
        expected = true;
      }) tests
    );
in
{
  inherit
    codes
    core
    documents
    evalCluster
    evalFlake
    evalHost
    evalPlain
    examples
    expect
    failures
    fromJson5
    holds
    lib
    nixpkgs
    pkgs
    tailnetLib
    ;
}
