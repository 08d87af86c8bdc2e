# The generator is run, and what it says becomes assertions, warnings and facts for the other modules.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  cfg = config.tailnet;
  tailnetLib = import ../lib { inherit lib; };

  handed = tailnetLib.handOver cfg.cluster;
  hashes = tailnetLib.hashes handed;

  artifacts = tailnetLib.artifacts {
    package = cfg.corePackage;
    system = cfg.corePackage.system or pkgs.stdenv.buildPlatform.system;
    mode = cfg.validation;
    inherit (handed) declaration files;
  };

  # What is to be read while Nix evaluates must not be built from a declaration that holds a secret: derivations are
  # readable by everybody.
  leaks = cfg.leaks.declaration;

  isBuild = cfg.validation == "build";
  isLocked = cfg.validation == "locked";

  lock = if cfg.lockDir != null && builtins.pathExists (cfg.lockDir + "/report.json") then cfg.lockDir else null;

  # The folder of artifacts.
  path =
    if leaks != [ ] then
      throw "tailnet.cluster holds a secret; the failed assertions say where"
    else if isLocked then
      (if lock == null then throw "tailnet.lockDir holds no artifacts" else lock)
    else
      artifacts;

  readJson = file: builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile "${path}/${file}"));

  report =
    if isBuild || leaks != [ ] || (isLocked && lock == null) then
      null
    else if isLocked then
      readJson "report.json"
    else
      builtins.addErrorContext "while tailnet.cluster is judged, which builds a derivation while Nix evaluates; where that is forbidden, set tailnet.validation = \"build\" or \"locked\"" (
        readJson "report.json"
      );

  # Artifacts of another declaration say nothing about this one.
  isStale =
    isLocked
    && report != null
    && (
      report.declaration or null != hashes.declaration
      || report.policyFile or null != hashes.policyFile
    );

  ok = leaks == [ ] && (isBuild || (report != null && report.ok && !isStale));
  nodeFile = "nodes/${cfg.node}.json";
  nodes = cfg.cluster.nodes or { };
  known = ok && !isBuild && lib.elem nodeFile report.artifacts;

  text = tailnetLib.findingText {
    inherit (handed) paths;
    places = tailnetLib.placesOf options.tailnet.cluster.definitionsWithLocations;
  };
  findings = lib.optionals (report != null && !isStale) report.diagnostics;
  ofSeverity = severity: lib.filter (finding: finding.severity == severity) findings;
in
{
  options.tailnet = {
    generated = lib.mkOption {
      type = lib.types.raw;
      readOnly = true;
      internal = true;
      description = ''
        What the generator made of the declaration, for the other modules:

        - `path`: the folder of artifacts (in `build` mode it does not exist while Nix evaluates);
        - `ok`: whether the declaration is without errors, as far as is known while Nix evaluates;
        - `report`: `report.json`, or null where it is not known;
        - `host`: this node's `nodes/NAME.json`. In `build` mode, and when the declaration has errors, what Nix alone knows
          of it: then `ssh`, `ports.tailnet` and `headscale.settings` are null;
        - `files`: the paths of the artifacts, as strings.
      '';
    };

    lockInput = lib.mkOption {
      type = lib.types.raw;
      readOnly = true;
      internal = true;
      description = ''
        What {command}`tailnet lock -` reads: the declaration and the text of its policy file.
      '';
    };
  };

  config = lib.mkMerge [
    { tailnet.lockInput = { inherit (handed) declaration files; }; }
    (lib.mkIf cfg.enable {
      tailnet.generated = {
        inherit path ok report;
        host = if known then readJson nodeFile else tailnetLib.facts { inherit (cfg) cluster node; };
        files = lib.mapAttrs (_: file: "${path}/${file}") {
          report = "report.json";
          policy = "policy.hujson";
          derpMap = "derp.yaml";
          derpMapJson = "derp.json";
          dns = "dns.json";
          flows = "flows.json";
          node = nodeFile;
          k3sConfig = "nodes/${cfg.node}/k3s.yaml";
          corednsCustom = "coredns-custom.yaml";
          kubeconfig = "kubeconfig.yaml";
        };
      };

      assertions =
        map (finding: {
          assertion = false;
          message = text finding;
        }) (ofSeverity "error")
        ++ [
          {
            assertion = nodes ? ${cfg.node};
            message = ''
              tailnet.node: this host is to be the node "${cfg.node}", and tailnet.cluster.nodes has ${
                if nodes == { } then "none" else "only ${lib.concatStringsSep ", " (lib.attrNames nodes)}"
              }
                help: set tailnet.node to the name that this host has in the declaration, or declare tailnet.cluster.nodes.${cfg.node}'';
          }
          {
            assertion = isLocked -> lock != null;
            message = ''
              tailnet.lockDir: ${
                if cfg.lockDir == null then
                  "it is not set, and tailnet.validation is \"locked\""
                else
                  "${tailnetLib.shortPath cfg.lockDir} holds no artifacts of tailnet's"
              }
                help: write them with: nix eval --json .#nixosConfigurations.${config.networking.hostName}.config.tailnet.lockInput | tailnet lock - --out FOLDER
                help: or set tailnet.validation to "eval" or "build", which need no folder'';
          }
          {
            assertion = !isStale;
            message = ''
              tailnet.lockDir: the artifacts in ${tailnetLib.shortPath cfg.lockDir} are of another declaration than tailnet.cluster
                help: write them again with: nix eval --json .#nixosConfigurations.${config.networking.hostName}.config.tailnet.lockInput | tailnet lock - --out FOLDER'';
          }
        ];
      warnings = map text (ofSeverity "warning");

      # Whatever is wrong fails the build of the system, before anything is switched to.
      system.checks = lib.optional (isBuild && leaks == [ ]) artifacts;
    })
  ];
}
