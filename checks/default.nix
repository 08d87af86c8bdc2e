# Every file of this folder is a check: a function of what `lib.nix` offers, which gives a derivation. A new file is a new
# check. The VM tests of `tests/` are checks, too.
{
  pkgs,
  # The nixpkgs whose modules are evaluated: a path, or a flake.
  nixpkgs ? pkgs.path,
}:
let
  inherit (pkgs) lib;
  harness = import ./lib.nix { inherit pkgs nixpkgs; };

  nixFiles =
    folder:
    lib.filter (name: lib.hasSuffix ".nix" name && name != "default.nix" && name != "lib.nix") (
      lib.optionals (builtins.pathExists folder) (lib.attrNames (builtins.readDir folder))
    );
  named =
    prefix: folder: make:
    lib.listToAttrs (
      map (
        file: lib.nameValuePair "${prefix}${lib.removeSuffix ".nix" file}" (make (folder + "/${file}"))
      ) (nixFiles folder)
    );
in
named "" ./. (file: import file harness)
// named "vm-" ../tests (file: pkgs.testers.runNixOSTest { imports = [ file ]; })
