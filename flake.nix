{
  description = "A headscale tailnet with k3s, declared once and judged before it is deployed";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forAllSystems =
        make:
        lib.genAttrs [
          "x86_64-linux"
          "aarch64-linux"
        ] (system: make nixpkgs.legacyPackages.${system});
      tailnetLib = import ./lib { inherit lib; };
    in
    {
      nixosModules.default = ./modules;

      overlays.default = final: _: {
        tailnet-generator = final.callPackage ./generator/package.nix { };
        tailnet-generator-core = final.callPackage ./generator/package.nix { full = false; };
      };

      packages = forAllSystems (
        pkgs:
        let
          own = self.overlays.default (pkgs // own) pkgs;
        in
        own // { default = own.tailnet-generator; }
      );

      # The example cluster, which the tests boot, too.
      nixosConfigurations = lib.genAttrs [ "primer" "worker" ] (
        host:
        lib.nixosSystem {
          modules = [
            self.nixosModules.default
            ./hosts/${host}.nix
          ];
        }
      );

      checks = forAllSystems (pkgs: import ./checks { inherit pkgs nixpkgs; });

      apps = forAllSystems (pkgs: {
        default = {
          type = "app";
          program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.default}/bin/tailnet";
          meta.description = "Judge the declaration of a tailnet and render what its hosts need";
        };
      });

      formatter = forAllSystems (pkgs: pkgs.callPackage ({ nixfmt-tree }: nixfmt-tree) { });

      devShells = forAllSystems (pkgs: {
        default = pkgs.callPackage ./shell.nix { };
      });

      templates = {
        default = {
          path = ./templates/default;
          description = "A primer with headscale, a relay and k3s, and a worker";
        };
        existing = {
          path = ./templates/existing;
          description = "Beside a headscale that runs already: its policy file kept, its nodes declared";
        };
      };

      lib = {
        # evalCluster { system; cluster; } judges a declaration without a host: `ok`, `report`, `findings` (as texts), and
        # the derivation of the `artifacts`.
        evalCluster =
          {
            system,
            cluster,
            package ? self.packages.${system}.tailnet-generator-core,
          }:
          tailnetLib.evalCluster { inherit system cluster package; };

        # mkTailnet { cluster; hosts; } makes one NixOS configuration a host, all with the same declaration: `hosts` are
        # the hosts' own modules by the names of their nodes.
        mkTailnet =
          {
            cluster,
            hosts,
            specialArgs ? { },
          }:
          lib.mapAttrs (
            node: host:
            lib.nixosSystem {
              inherit specialArgs;
              modules = [
                self.nixosModules.default
                host
                {
                  networking.hostName = lib.mkDefault node;
                  tailnet = {
                    enable = lib.mkDefault true;
                    node = lib.mkDefault node;
                    inherit cluster;
                  };
                }
              ];
            }
          ) hosts;
      };
    };
}
