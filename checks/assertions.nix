# `docs/assertions.md` is what Nix prints today, and nearly every code can be met through Nix.
{
  documents,
  expect,
  lib,
  ...
}:
let
  sections = lib.tail (lib.splitString "\n## [" documents.assertions);
  said = lib.filter (lib.hasInfix "```text") sections;
in
expect "assertions" {
  "docs/assertions.md (checks/write-documents writes it)" = {
    expected = builtins.hashString "sha256" documents.assertions;
    actual = builtins.hashString "sha256" (builtins.readFile ../docs/assertions.md);
  };
  "three quarters of all codes are met" = {
    expected = true;
    actual = lib.length said * 4 >= lib.length sections * 3;
  };
}
