# What the modules and the flake share, without a package set.
{ lib }:
let
  inherit (builtins)
    elemAt
    hashString
    head
    isPath
    isString
    match
    readFile
    storeDir
    toJSON
    ;

  # "/nix/store/HASH-source/hosts/x.nix" -> "hosts/x.nix", "/nix/store/HASH-x.nix" -> "x.nix": what lies in the store is
  # called as it is where it came from.
  shortPath =
    path:
    let
      text = builtins.unsafeDiscardStringContext (toString path);
      below = match "${storeDir}/[^/]*/(.*)" text;
      direct = match "${storeDir}/[a-z0-9]{32}-([^/]*)" text;
    in
    if below != null then
      head below
    else if direct != null then
      head direct
    else
      text;

  # A declaration as the generator takes it: plain data, with the text of the policy file beside it. The file is named as
  # in its repository, so that neither the artifacts nor the derivation depend on where the repository lies.
  handOver =
    cluster:
    let
      file = cluster.policy.file or null;
      given = isPath file || isString file && lib.hasPrefix "/" file;
      short = shortPath file;
      name = if lib.hasPrefix "/" short then baseNameOf short else short;
    in
    if !given then
      {
        declaration = cluster;
        files = { };
        paths = { };
      }
    else
      {
        declaration = cluster // {
          policy = cluster.policy // {
            file = name;
          };
        };
        files.${name} = readFile file;
        # What to show for a file's name in a finding.
        paths.${name} = short;
      };

  # The derivation that judges a declaration and writes its artifacts: its builder is the generator itself, there is no
  # shell and no standard environment, and nothing of a host is in it, so that all hosts share one.
  artifacts =
    {
      # The generator; it has to run on `system`.
      package,
      system,
      # "eval": what is wrong is in report.json; "build": what is wrong fails the build.
      mode,
      declaration,
      files ? { },
    }:
    derivation {
      name = lib.strings.sanitizeDerivationName "tailnet-${
        if isString (declaration.name or null) then declaration.name else "cluster"
      }";
      inherit
        system
        mode
        declaration
        files
        ;
      builder = "${package}/bin/tailnet";
      args = [ "nix-builder" ];
      __structuredAttrs = true;
    };

  # What `report.json` calls the hash of the declaration and of its policy file.
  hashes =
    { declaration, files, ... }:
    {
      declaration = hashString "sha256" (toJSON declaration);
      policyFile =
        if files == { } then null else hashString "sha256" files.${declaration.policy.file};
    };

  # `nodes.primer.tags[0]`, `policy.groups."group:admins"[1]` -> [ "nodes" "primer" "tags" 0 ].
  parsePath =
    path:
    let
      index = match "\\[([0-9]+)](.*)" path;
      quoted = match "[.]?\"(([^\"\\\\]|\\\\.)*)\"(.*)" path;
      plain = match "[.]?([^].\"[]+)(.*)" path;
    in
    if path == "" then
      [ ]
    else if index != null then
      [ (lib.toInt (head index)) ] ++ parsePath (elemAt index 1)
    else if quoted != null then
      [ (builtins.fromJSON "\"${head quoted}\"") ] ++ parsePath (elemAt quoted 2)
    else if plain != null then
      [ (head plain) ] ++ parsePath (elemAt plain 1)
    else
      [ ];

  # Where the value at `path` was defined, as "hosts/cluster.nix:12:5", given the definitions of the option above it.
  # Several definitions give several places; of what was never written, the places are those of what should hold it.
  placesOf =
    definitions: path:
    let
      typeOf = value: if builtins.isAttrs value then value._type or null else null;

      # `mkMerge` and `mkIf` taken away; what they leave, each with the best place known for it.
      discharge =
        def:
        let
          type = typeOf def.value;
        in
        if type == "merge" then
          lib.concatMap (value: discharge (def // { inherit value; })) def.value.contents
        else if type == "if" then
          lib.optionals def.value.condition (discharge (def // { value = def.value.content; }))
        else
          [ def ];

      # Of `mkOverride` and `mkOrder`: the priority, and what is inside.
      unwrap =
        type: default: def:
        if typeOf def.value == type then
          def
          // {
            inherit (def.value) priority;
            value = def.value.content;
          }
        else
          def // { priority = default; };

      # The definitions that count, in their order.
      settle =
        defs:
        let
          ranked = map (unwrap "override" 100) (lib.concatMap discharge defs);
          highest = lib.foldl' (least: def: lib.min least def.priority) 9999 ranked;
          counting = lib.filter (def: def.priority == highest) ranked;
        in
        lib.sort (a: b: a.priority < b.priority) (map (unwrap "order" 1000) counting);

      position =
        name: def:
        let
          pos = builtins.unsafeGetAttrPos name def.value;
        in
        if pos == null then
          def.place
        else
          "${shortPath pos.file}:${toString pos.line}:${toString pos.column}";

      attribute =
        name: defs:
        lib.concatMap (
          def:
          lib.optional (builtins.isAttrs def.value && def.value ? ${name}) {
            value = def.value.${name};
            place = position name def;
          }
        ) defs;

      # List definitions are concatenated in order: the one that reaches as far as `index` holds it.
      element =
        index: defs:
        if defs == [ ] || !builtins.isList (head defs).value then
          [ ]
        else
          let
            def = head defs;
            count = builtins.length def.value;
          in
          if index < count then
            let
              value = elemAt def.value index;
              first = lib.attrNames value;
            in
            [
              {
                inherit value;
                place = if builtins.isAttrs value && first != [ ] then position (head first) { inherit value; inherit (def) place; } else def.place;
              }
            ]
          else
            element (index - count) (lib.tail defs);

      walk =
        steps: defs:
        if steps == [ ] then
          defs
        else
          let
            step = head steps;
            next = settle ((if builtins.isInt step then element else attribute) step defs);
          in
          if next == [ ] then defs else walk (lib.tail steps) next;
    in
    lib.unique (
      map (def: def.place) (
        walk (parsePath path) (
          settle (
            map (def: {
              inherit (def) value;
              place = shortPath def.file;
            }) definitions
          )
        )
      )
    );

  # One finding of the generator as the text of an assertion or a warning. `places`: where its value is defined.
  findingText =
    {
      places ? (_: [ ]),
      paths ? { },
    }:
    finding:
    let
      option = "tailnet.cluster" + lib.optionalString (finding.path != "") ".${finding.path}";
      file = paths.${finding.file} or finding.file;
      at =
        if finding ? file then
          [ "${file}:${toString finding.line}:${toString finding.column}" ]
        else
          places finding.path;
      related = map (
        other:
        "\n  ${other.message}: "
        + (
          if other ? file then
            "${paths.${other.file} or other.file}:${toString other.line}:${toString other.column}"
          else
            "tailnet.cluster.${other.path}"
        )
      ) (finding.related or [ ]);
    in
    "${finding.code} ${option}: ${finding.message}"
    + lib.optionalString (at != [ ]) "\n  defined at ${lib.concatStringsSep ", " at}"
    + lib.concatStrings related
    + lib.concatMapStrings (help: "\n  help: ${help}") finding.help
    + "\n  more: tailnet explain ${finding.code}";

  # A declaration judged without a host, its types included.
  evalCluster =
    {
      package,
      system,
      cluster,
    }:
    let
      evaluated = lib.evalModules {
        modules = [
          ../modules/options/cluster.nix
          {
            _file = "cluster.nix";
            tailnet.cluster = cluster;
          }
        ];
      };
      handed = handOver evaluated.config.tailnet.cluster;
      made = artifacts {
        inherit package system;
        mode = "eval";
        inherit (handed) declaration files;
      };
      report = lib.importJSON "${made}/report.json";
    in
    {
      inherit (report) ok;
      inherit report;
      inherit (handed) declaration;
      artifacts = made;
      findings = map (findingText {
        inherit (handed) paths;
        places = placesOf evaluated.options.tailnet.cluster.definitionsWithLocations;
      }) report.diagnostics;
    };
in
{
  inherit
    artifacts
    evalCluster
    findingText
    handOver
    hashes
    parsePath
    placesOf
    shortPath
    ;
  facts = import ./facts.nix { inherit lib; };
}
