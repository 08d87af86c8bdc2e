{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    # Where this repository lies.
    tailnet.url = "git+https://git.example.org/tailnet";
    tailnet.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    { nixpkgs, tailnet, ... }:
    let
      host =
        name:
        nixpkgs.lib.nixosSystem {
          modules = [
            tailnet.nixosModules.default
            ./cluster.nix
            ./${name}.nix
          ];
        };
    in
    {
      nixosConfigurations = {
        primer = host "primer";
        worker = host "worker";
      };
    };
}
