# The example cluster's hosts evaluate, without a failed assertion and without a warning, and share one derivation.
{
  evalHost,
  failures,
  expect,
  lib,
  ...
}:
let
  hosts = lib.genAttrs [ "primer" "worker" ] (name: evalHost [ (../hosts + "/${name}.nix") ]);
  each =
    name: host:
    lib.mapAttrs' (test: lib.nameValuePair "${name}: ${test}") {
      "no assertion fails" = {
        expected = [ ];
        actual = failures host;
      };
      "nothing is warned of" = {
        expected = [ ];
        actual = host.config.warnings;
      };
      "its toplevel evaluates" = {
        expected = true;
        actual = lib.hasSuffix ".drv" host.config.system.build.toplevel.drvPath;
      };
    };
in
expect "hosts" (
  lib.concatMapAttrs each hosts
  // {
    "one derivation judges the declaration for both" = {
      expected = "${hosts.primer.config.tailnet.generated.path}";
      actual = "${hosts.worker.config.tailnet.generated.path}";
    };
  }
)
