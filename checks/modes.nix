# The three ways of judging. `build` and `locked` build nothing while Nix evaluates: the generator that they are given here
# cannot be built at all.
{
  core,
  evalHost,
  evalCluster,
  expect,
  failures,
  lib,
  pkgs,
  ...
}:
let
  unbuildable = derivation {
    name = "unbuildable-generator";
    system = core.system or pkgs.stdenv.hostPlatform.system;
    builder = "/no/such/builder";
  };
  host =
    node: module:
    evalHost [
      (../hosts + "/${node}.nix")
      module
    ];
  toplevel = host: builtins.seq host.config.system.build.toplevel.drvPath true;

  eval = host "primer" { };
  build = host "primer" {
    tailnet = {
      validation = "build";
      corePackage = unbuildable;
    };
  };
  buildWorker = host "worker" {
    tailnet = {
      validation = "build";
      corePackage = unbuildable;
    };
  };

  # What `tailnet lock` would write: the artifacts, in a folder that is there already.
  folder = (evalCluster eval.config.tailnet.cluster).artifacts;
  lockedBy =
    module:
    host "primer" {
      imports = [ module ];
      tailnet = {
        validation = "locked";
        lockDir = /. + builtins.unsafeDiscardStringContext (builtins.seq (builtins.readDir folder) "${folder}");
        corePackage = unbuildable;
      };
    };
  locked = lockedBy { };
  stale = lockedBy { tailnet.cluster.tailnetMtu = 1290; };
  none = host "primer" {
    tailnet = {
      validation = "locked";
      corePackage = unbuildable;
    };
  };

  checkNames = host: map (check: check.name or "") host.config.system.checks;
  units =
    host:
    lib.filter (name: builtins.match "(headscale|derper|tailscaled|k3s)[.]service" name != null) (
      lib.attrNames host.config.systemd.units
    );
  says = host: part: lib.length (lib.filter (lib.hasInfix part) (failures host));
in
expect "modes" {
  "build evaluates and builds nothing" = {
    expected = [
      true
      true
      [ ]
    ];
    actual = [
      (toplevel build)
      (toplevel buildWorker)
      (failures build)
    ];
  };
  "build has the derivation among the system's checks, eval has not" = {
    expected = [
      true
      false
    ];
    actual = map (host: lib.elem "tailnet-keystone" (checkNames host)) [
      build
      eval
    ];
  };
  "the same units run, however it is judged" = {
    expected = [
      (units eval)
      (units eval)
    ];
    actual = [
      (units build)
      (units locked)
    ];
  };
  "locked evaluates, builds nothing, and knows the host as eval does" = {
    expected = [
      true
      [ ]
      eval.config.tailnet.generated.host
    ];
    actual = [
      (toplevel locked)
      (failures locked)
      locked.config.tailnet.generated.host
    ];
  };
  "artifacts of another declaration are refused" = {
    expected = 1;
    actual = says stale "are of another declaration than tailnet.cluster";
  };
  "locked without a folder says so" = {
    expected = 1;
    actual = says none "tailnet.lockDir: it is not set";
  };
  "a host of one platform is judged by a generator for another" = {
    expected = "aarch64-linux";
    actual =
      (host "primer" {
        tailnet = {
          validation = "build";
          corePackage = derivation {
            name = "generator-elsewhere";
            system = "aarch64-linux";
            builder = "/no/such/builder";
          };
        };
      }).config.tailnet.generated.path.system;
  };
  "a host that is no node says so" = {
    expected = 1;
    actual = says (host "primer" { tailnet.node = "primus"; }) "this host is to be the node \"primus\"";
  };
}
