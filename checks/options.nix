# `docs/options.md` is what the modules say today, and every option of theirs is documented.
{
  documents,
  evalHost,
  expect,
  lib,
  ...
}:
let
  inherit (evalHost [ ]) options;
  all = lib.filter (option: option.visible && !option.internal) (
    lib.optionAttrSetToDocList options.tailnet
  );
  lacking = has: map (option: option.name) (lib.filter (option: !has option) all);
in
expect "options" {
  "docs/options.md (checks/write-documents writes it)" = {
    expected = builtins.hashString "sha256" documents.options;
    actual = builtins.hashString "sha256" (builtins.readFile ../docs/options.md);
  };
  "options without an example" = {
    expected = [ ];
    actual = lacking (option: option ? example);
  };
  "options that do not say what happens if they are unset" = {
    expected = [ ];
    actual = lacking (
      option:
      option.readOnly
      || lib.any (word: lib.hasInfix word option.description) [
        "unset"
        "has to be set"
        "If nothing is set"
        "Needed where"
      ]
    );
  };
}
