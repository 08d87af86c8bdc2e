# Without flakes: `import ./. { inherit pkgs; }` has the packages and the module.
{
  pkgs ? import <nixpkgs> { },
}:
{
  tailnet-generator = pkgs.callPackage ./generator/package.nix { };
  tailnet-generator-core = pkgs.callPackage ./generator/package.nix { full = false; };
  module = ./modules;
  lib = import ./lib { inherit (pkgs) lib; };
  checks = import ./checks {
    inherit pkgs;
    nixpkgs = pkgs.path;
  };
}
