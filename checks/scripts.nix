# The scripts of modules/scripts, checked with shellcheck and run against stand-ins for what they call.
{ pkgs, ... }:
pkgs.runCommand "tailnet-scripts"
  {
    nativeBuildInputs = [
      pkgs.bash
      pkgs.jq
      pkgs.shellcheck
      pkgs.sqlite
    ];
  }
  ''
    cd "$(mktemp -d)"
    bash -euo pipefail ${./scripts/run.sh} ${../modules/scripts} > log 2>&1 || {
      cat log >&2
      exit 1
    }
    cp log $out
  ''
