# What work on this repository needs. `nix develop`, or `nix-shell`.
{
  pkgs ? import <nixpkgs> { },
  mkShell ? pkgs.mkShell,
  cargo ? pkgs.cargo,
  clippy ? pkgs.clippy,
  jq ? pkgs.jq,
  nixfmt ? pkgs.nixfmt,
  rustc ? pkgs.rustc,
  rustfmt ? pkgs.rustfmt,
  shellcheck ? pkgs.shellcheck,
}:
mkShell {
  packages = [
    cargo
    clippy
    jq
    nixfmt
    rustc
    rustfmt
    shellcheck
  ];
}
