# What one host adds to the declaration: whether it takes part, as whom, and how the declaration is judged.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.tailnet;
in
{
  options.tailnet = {
    enable = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = ''
        Whether this host is configured from {option}`tailnet.cluster`. If unset, importing the module changes nothing.
      '';
    };

    node = mkOption {
      type = types.str;
      default = config.networking.hostName;
      defaultText = lib.literalExpression "config.networking.hostName";
      example = "primer";
      description = ''
        Which node of {option}`tailnet.cluster.nodes` this host is. If unset, the one that is called as the host is.
      '';
    };

    package = mkOption {
      type = types.package;
      default = pkgs.callPackage ../../generator/package.nix { };
      defaultText = lib.literalExpression "pkgs.callPackage ./generator/package.nix { }";
      example = lib.literalExpression "pkgs.tailnet-generator";
      description = ''
        The package with the command {command}`tailnet`, which is installed on the host. If unset, it is built from this
        repository.
      '';
    };

    corePackage = mkOption {
      type = types.package;
      default = pkgs.buildPackages.callPackage ../../generator/package.nix { full = false; };
      defaultText = lib.literalExpression "pkgs.buildPackages.callPackage ./generator/package.nix { full = false; }";
      example = lib.literalExpression "inputs.tailnet.packages.x86_64-linux.tailnet-generator-core";
      description = ''
        The generator that judges the declaration, without what people at a terminal use: it builds in a third of the time.
        It has to run on the machine that evaluates (or builds, see {option}`tailnet.validation`). If unset, it is made for
        the platform that this host is built on; to evaluate an aarch64 host on x86_64, name the package for x86_64.
      '';
    };

    validation = mkOption {
      type = types.enum [
        "eval"
        "build"
        "locked"
      ];
      default = "eval";
      example = "build";
      description = ''
        When the declaration is judged.

        - `eval`: while Nix evaluates, by building one derivation for the whole cluster (import from derivation). Everything
          that is wrong is an assertion.
        - `build`: nothing is built while Nix evaluates. What is wrong fails a derivation that every system depends on
          ({option}`system.checks`).
        - `locked`: {command}`tailnet lock` has written the artifacts into a folder beside the declaration
          ({option}`tailnet.lockDir`). They are read while Nix evaluates, nothing is built, and a declaration that has
          changed since is an assertion.

        If unset, `eval`. Where import from derivation is forbidden (`allow-import-from-derivation = false`), choose one of
        the others.
      '';
    };

    lockDir = mkOption {
      type = types.nullOr types.path;
      default = null;
      example = lib.literalExpression "./cluster.lock";
      description = ''
        The folder that {command}`tailnet lock` wrote, for {option}`tailnet.validation` = `"locked"`, which fails if this is
        unset. The other kinds of validation do not look at it.
      '';
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ cfg.package ];
  };
}
