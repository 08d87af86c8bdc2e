# The package set of the nixpkgs at `path`: nixpkgs as everybody has it, or a flake that stands in for it where packages
# cannot be built.
path:
if builtins.pathExists (path + "/default.nix") then
  import path { }
else
  let
    flake = (import (path + "/flake.nix")).outputs { };
  in
  flake.legacyPackages.${builtins.currentSystem} // { inherit (flake) lib; }
