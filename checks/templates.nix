# The hosts of the templates evaluate as they are, without a failed assertion.
{
  evalFlake,
  expect,
  failures,
  lib,
  ...
}:
let
  of =
    template:
    lib.mapAttrs' (
      name: host:
      lib.nameValuePair "${template}: ${name}" {
        expected = {
          failures = [ ];
          evaluates = true;
        };
        actual = {
          failures = failures host;
          evaluates = lib.hasSuffix ".drv" host.config.system.build.toplevel.drvPath;
        };
      }
    ) (evalFlake (import (../templates + "/${template}/flake.nix"))).nixosConfigurations;
in
expect "templates" (of "default" // of "existing")
