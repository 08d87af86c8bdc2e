# What several modules need to compare a host's own settings with what the declaration decides.
{ lib }:
let
  inherit (builtins) isAttrs head tail;
  tailnetLib = import ../../lib { inherit lib; };

  # { a.b = 1; c = { }; } -> [ { path = [ "a" "b" ]; value = 1; } { path = [ "c" ]; value = { }; } ]
  leaves =
    let
      go =
        path: value:
        if isAttrs value && value != { } && !lib.isDerivation value then
          lib.concatLists (lib.mapAttrsToList (name: go (path ++ [ name ])) value)
        else
          [ { inherit path value; } ];
    in
    value: lib.optionals (value != { }) (go [ ] value);

  # The paths that a definition sets, through mkIf, mkForce, mkMerge and the rest.
  definedPaths =
    let
      go =
        path: value:
        let
          kind = value._type or null;
        in
        if isAttrs value && kind == "if" then
          lib.optionals value.condition (go path value.content)
        else if isAttrs value && (kind == "override" || kind == "order") then
          go path value.content
        else if isAttrs value && kind == "merge" then
          lib.concatMap (go path) value.contents
        else if isAttrs value && value != { } && !lib.isDerivation value then
          lib.concatLists (lib.mapAttrsToList (name: go (path ++ [ name ])) value)
        else
          [ path ];
    in
    go [ ];

  showPath = lib.concatStringsSep ".";
in
{
  inherit leaves definedPaths showPath;

  # Settings as the declaration decides them: stronger than what a wrapped module takes by itself, weaker than what somebody
  # wrote for this host. Where the two differ, `contradictions` says so; nothing is overridden without a word.
  declared =
    let
      go = value: if isAttrs value then lib.mapAttrs (_: go) value else lib.mkOverride 900 value;
    in
    go;

  # One finding for each value of `declared` that ended up as another one in `actual`.
  contradictions =
    {
      # What the declaration decides, as nested sets.
      declared,
      # What the option has in the end.
      actual,
      # The option that holds it, and its name.
      option,
      name,
      # The declaration's option that decides a path: path -> name.
      source,
      # Paths that another finding is about.
      ignored ? (_: false),
    }:
    lib.concatMap (
      leaf:
      let
        absent = {
          absent = true;
        };
        found = lib.attrByPath leaf.path absent actual;
        same = found == leaf.value || ignored leaf.path;
        places = tailnetLib.placesOf option.definitionsWithLocations (showPath leaf.path);
      in
      lib.optional (!same) {
        code = "TN601";
        places = [
          (source leaf.path)
          "${name}.${showPath leaf.path}"
        ];
        message = "the declaration makes this ${builtins.toJSON leaf.value}, and the host sets ${
          if found == absent then "nothing" else builtins.toJSON found
        }" + lib.optionalString (places != [ ]) " (${lib.concatStringsSep ", " places})";
        help = [
          "change ${source leaf.path}, or leave ${name}.${showPath leaf.path} out"
        ];
      }
    ) (leaves declared);

  # What of an artifact a unit depends on: by content, where it can be known, so that another node in the declaration or
  # another rule restarts and reloads only whom it is about.
  artifact =
    pkgs: cfg: name: file:
    if !cfg.generated.ok then
      pkgs.writeText name ""
    else if cfg.validation == "build" then
      file
    else
      pkgs.writeText name (builtins.readFile file);

  # "--name=value", "-name=value" or "--name" -> "name"
  flagName = flag: head (lib.splitString "=" (lib.removePrefix "-" (lib.removePrefix "-" flag)));

  # The known name that was probably meant.
  nearest =
    known: name:
    lib.findFirst (candidate: lib.strings.levenshteinAtMost 2 name candidate) null known;

  # "0.0.0.0:443" -> { host = "0.0.0.0"; port = 443; }
  socket =
    text:
    let
      parts = builtins.match "(.*):([0-9]+)" text;
    in
    {
      host = lib.removeSuffix "]" (lib.removePrefix "[" (head parts));
      port = lib.toInt (lib.elemAt parts 1);
    };

  # Where a listener on `host` is reached from its own machine.
  reachable =
    host:
    if host == "0.0.0.0" || host == "" then
      "127.0.0.1"
    else if host == "::" then
      "::1"
    else
      host;

  bracket = host: if lib.hasInfix ":" host then "[${host}]" else host;

  # "https://host:8443/x" -> "host"
  urlHost =
    url:
    let
      parts = builtins.match "[a-z]+://([^/:]+|\\[[^]]*])(:[0-9]+)?(/.*)?" url;
    in
    if parts == null then url else head parts;

  urlPort =
    url:
    let
      parts = builtins.match "([a-z]+)://([^/:]+|\\[[^]]*])(:([0-9]+))?(/.*)?" url;
      port = lib.elemAt parts 3;
    in
    if parts == null then
      443
    else if port != null then
      lib.toInt port
    else if head parts == "http" then
      80
    else
      443;

  # A program from one of the scripts of this folder: strict, and checked with shellcheck when it is built.
  script =
    pkgs: name: runtimeInputs:
    lib.getExe' (pkgs.writeShellApplication {
      inherit name runtimeInputs;
      text = builtins.readFile (../scripts + "/${name}.sh");
    }) name;

  # "0.29.2" -> "0.29"; null for what is no release.
  series =
    version:
    let
      parts = builtins.match "([0-9]+)\\.([0-9]+)\\..*" version;
    in
    if parts == null then null else "${head parts}.${head (tail parts)}";
}
