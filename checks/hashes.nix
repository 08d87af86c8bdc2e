# The generator's hash of a declaration is the one that Nix calculates, so that `locked` knows when artifacts are stale.
{
  evalCluster,
  examples,
  expect,
  lib,
  tailnetLib,
  ...
}:
let
  odd = examples.minimal // {
    users.alice.displayName = "Ælice \"the\" 山 \\ ∆ / \t x";
    derp.regions."900" = {
      code = "home";
      # Floats: JSON of a whole one has a fraction in Nix.
      latitude = 52.0;
      longitude = 13.123456789;
      nodes.primer = {
        hostName = "derp.example.org";
        port = 8443;
      };
    };
  };
in
expect "hashes" (
  lib.mapAttrs (
    _: cluster:
    let
      inherit (evalCluster cluster) report;
    in
    {
      expected = tailnetLib.hashes (tailnetLib.handOver cluster);
      actual = {
        inherit (report) declaration;
        policyFile = report.policyFile or null;
      };
    }
  ) (examples // { inherit odd; })
)
