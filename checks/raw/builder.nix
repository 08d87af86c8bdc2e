# The derivation that judges a declaration, with nothing but Nix and a generator that was built otherwise: no nixpkgs. Its
# build fails unless the report is about this declaration.
{
  # The program `tailnet`.
  generator,
  # What the modules build, or something that is wrong.
  cluster ? (import ../../hosts/cluster.nix).tailnet.cluster,
  mode ? "build",
}:
let
  made = derivation {
    name = "tailnet-raw";
    system = builtins.currentSystem;
    builder = builtins.path {
      path = generator;
      name = "tailnet";
    };
    args = [ "nix-builder" ];
    __structuredAttrs = true;
    declaration = cluster;
    inherit mode;
  };
  report = builtins.fromJSON (builtins.readFile "${made}/report.json");
in
{
  inherit made report;
  # The hash that `locked` compares.
  isSame = report.declaration == builtins.hashString "sha256" (builtins.toJSON cluster);
}
