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

  derivationFor =
    mode:
    tailnetLib.artifacts {
      package = cfg.corePackage;
      # Where it is known on which machine this is evaluated, that is the one that has to build.
      system = cfg.corePackage.system or pkgs.stdenv.buildPlatform.system;
      inherit mode;
      inherit (handed) declaration files;
    };

  path =
    {
      eval = derivationFor "eval";
      build = derivationFor "build";
      locked = cfg.lockDir;
    }
    .${cfg.validation};

  readJson = file: lib.importJSON "${path}/${file}";

  report =
    if cfg.validation == "build" then
      null
    else
      builtins.addErrorContext
        "while the artifacts of tailnet.cluster are built; where import from derivation is forbidden, set tailnet.validation to \"build\" or \"locked\""
        (readJson "report.json");

  ok = report == null || report.ok;
  nodeFile = "nodes/${cfg.node}.json";
  isNode = cfg.cluster ? nodes.${cfg.node};
  facts = tailnetLib.facts {
    inherit (cfg) cluster node;
  };

  text = tailnetLib.findingText {
    inherit (handed) paths;
    places = tailnetLib.placesOf options.tailnet.cluster.definitionsWithLocations;
  };
  findings = lib.optionals (report != null) report.diagnostics;
  ofSeverity = severity: lib.filter (finding: finding.severity == severity) findings;
in
{
  options.tailnet.generated = lib.mkOption {
    type = lib.types.raw;
    readOnly = true;
    internal = true;
    description = ''
      What the generator made of the declaration, for the other modules:

      - `path`: the folder of artifacts (in `build` mode it does not exist while Nix evaluates);
      - `ok`: whether the declaration is without errors, as far as is known while Nix evaluates;
      - `report`: `report.json`, or null in `build` mode;
      - `host`: this node's `nodes/NAME.json`. In `build` mode, and when the declaration has errors, what Nix alone knows
        of it: then `ssh`, `ports.tailnet` and `headscale.settings` are null;
      - `files`: the paths of the artifacts.
    '';
  };

  config = lib.mkIf cfg.enable {
    tailnet.generated = {
      inherit path ok report;
      host = if report != null && ok && lib.elem nodeFile report.artifacts then readJson nodeFile else facts;
      files = {
        report = "${path}/report.json";
        policy = "${path}/policy.hujson";
        derpMap = "${path}/derp.yaml";
        derpMapJson = "${path}/derp.json";
        dns = "${path}/dns.json";
        flows = "${path}/flows.json";
        node = "${path}/${nodeFile}";
        k3sConfig = "${path}/nodes/${cfg.node}/k3s.yaml";
        corednsCustom = "${path}/coredns-custom.yaml";
        kubeconfig = "${path}/kubeconfig.yaml";
      };
    };

    assertions =
      map (finding: {
        assertion = false;
        message = text finding;
      }) (ofSeverity "error")
      ++ [
        {
          assertion = isNode;
          message = ''
            tailnet.node: this host is to be the node "${cfg.node}", which tailnet.cluster.nodes does not have (${
              lib.concatStringsSep ", " (lib.attrNames (cfg.cluster.nodes or { }))
            })
              help: set tailnet.node to the name that this host has in the declaration, or declare nodes.${cfg.node}'';
        }
      ];
    warnings = map text (ofSeverity "warning");

    system.checks = lib.optional (cfg.validation == "build") path;
  };
}
