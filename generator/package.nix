# The generator. `full = false` leaves out what people at a terminal use (argument parsing, schemas, pages, completions):
# what is left is what Nix runs while it evaluates, and it builds in a third of the time.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
  full ? true,
}:
let
  inherit (lib) fileset;
  root = ../.;
  manifest = lib.importTOML ../Cargo.toml;
in
rustPlatform.buildRustPackage {
  pname = "tailnet-generator" + lib.optionalString (!full) "-core";
  inherit (manifest.workspace.package) version;

  src = fileset.toSource {
    inherit root;
    fileset = fileset.difference (
      # The tests compare the documents and the options' schema with what the generator says.
      fileset.unions [
        ../Cargo.toml
        ../Cargo.lock
        ../rustfmt.toml
        ../clippy.toml
        ../README.md
        ../docs
        ../modules/options/schema.json
        ./.
      ]
    ) (fileset.unions [ ./package.nix (fileset.maybeMissing ./fuzz) ]);
  };
  cargoLock.lockFile = ../Cargo.lock;

  # A profile of its own, which is quick to build: every user waits for it once.
  buildType = if full then "release" else "core";
  buildNoDefaultFeatures = !full;
  cargoBuildFlags = [
    "--package"
    "tailnet-generator"
    "--bin"
    "tailnet"
  ];

  # What is built without features has been tested with them.
  doCheck = full;
  cargoTestFlags = [ "--workspace" ];

  nativeBuildInputs = lib.optional full installShellFiles;
  postInstall = lib.optionalString (full && stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    $out/bin/tailnet man man
    installManPage man/*
    installShellCompletion --cmd tailnet \
      --bash <($out/bin/tailnet completions bash) \
      --fish <($out/bin/tailnet completions fish) \
      --zsh <($out/bin/tailnet completions zsh)
  '';

  meta = {
    description = "Judges the declaration of a headscale tailnet and renders what its hosts need";
    license = lib.licenses.mit;
    mainProgram = "tailnet";
    platforms = lib.platforms.linux;
  };
}
