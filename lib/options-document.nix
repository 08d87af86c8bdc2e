# `docs/options.md`: the options of the module, as Markdown. `checks/options.nix` compares it with what lies there.
{ lib }:
# The `options` of a host that has the module.
options:
let
  documented = lib.filter (option: option.visible && !option.internal) (
    lib.optionAttrSetToDocList options.tailnet
  );
  isBelow = prefix: option: lib.hasPrefix prefix option.name;

  # The manual's roles, which Markdown has not.
  plain = builtins.replaceStrings [ "{option}" "{command}" "{file}" ] [ "" "" "" ];

  value =
    label: given:
    let
      text = lib.removeSuffix "\n" (given.text or (lib.generators.toPretty { } given));
    in
    if lib.hasInfix "\n" text then
      "${label}:\n\n```nix\n${text}\n```\n\n"
    else
      "${label}: `${text}`\n\n";

  section =
    option:
    "### `${option.name}`\n\n"
    + "${lib.trim (plain option.description)}\n\n"
    + "Type: ${option.type}\n\n"
    + lib.optionalString (option ? default) (value "Default" option.default)
    + lib.optionalString (option ? example) (value "Example" option.example);

  chapter =
    title: select:
    "## ${title}\n\n" + lib.concatMapStrings section (lib.filter select documented);
  isCluster = option: option.name == "tailnet.cluster" || isBelow "tailnet.cluster." option;
  isSecret = isBelow "tailnet.secrets";
in
lib.removeSuffix "\n" ''
  # Options of the NixOS module

  Made from the modules by `checks/write-documents`; do not edit.

  ${chapter "What one host adds" (option: !isCluster option && !isSecret option)}${chapter "Secrets of a host" isSecret}${chapter "The declaration" isCluster}''
