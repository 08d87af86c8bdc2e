# Option types from the generator's own JSON schema of the declaration (`tailnet schema`), so that the two cannot drift
# apart: every name, enumeration, pattern, default and description below `tailnet.cluster` is the generator's.
{ lib }:
let
  inherit (lib) mapAttrs types;
  inherit (import ./record.nix { inherit lib; }) json record;

  schema = lib.importJSON ./schema.json;

  # Patterns are written as ECMAScript has them; `builtins.match` reads POSIX extended expressions and matches a whole text.
  posix =
    pattern:
    let
      words =
        builtins.replaceStrings
          [
            "[A-Za-z0-9._\\[\\]:-]"
            "^\\s*"
            "[^@\\s]"
            "[^\\s]"
            "\\]"
          ]
          [
            "[][A-Za-z0-9._:-]"
            "^[[:space:]]*"
            "[^@[:space:]]"
            "[^[:space:]]"
            "]"
          ]
          pattern;
      begun = lib.removePrefix "^" words;
    in
    if lib.hasSuffix "$" begun then lib.removeSuffix "$" begun else begun + ".*";

  # "a domain name" -> "domain name", since Nix says "is not of type ...".
  bare = title: lib.removePrefix "an " (lib.removePrefix "a " title);

  text =
    node:
    let
      example = lib.head (node.examples or [ null ]);
    in
    types.str
    // {
      description =
        bare (node.title or "text")
        + lib.optionalString (example != null) ", such as ${builtins.toJSON example}";
      descriptionClass = "nonRestrictiveClause";
    };

  # A text that has to match. Where a secret might stand by mistake, `text` is used instead: the error that Nix makes of a
  # value of the wrong type shows it, the generator's does not.
  word =
    node:
    let
      regex = posix node.pattern;
    in
    text node
    // {
      name = "word";
      check = value: builtins.isString value && builtins.match regex value != null;
    };

  # A file whose text is handed to the generator; a path literal and an absolute path are both fine.
  file = types.either types.path types.str // {
    description = "path of a file";
    descriptionClass = "noun";
  };

  isNull = node: (node.type or null) == "null";

  # The type that `node` of the schema describes. `what` names records in type errors.
  typeOf =
    what: node:
    let
      kinds = lib.toList (node.type or [ ]);
      kind = lib.findFirst (kind: kind != "null") null kinds;
      inner = removeAttrs node [ "anyOf" ];
      optional = type: if lib.elem "null" kinds && lib.length kinds > 1 then types.nullOr type else type;
    in
    if node == true || node == { } then
      json
    else if node ? "$ref" then
      definitions.${lib.removePrefix "#/$defs/" node."$ref"}
    else if node ? anyOf then
      let
        variants = lib.filter (variant: !isNull variant) node.anyOf;
        union = types.oneOf (map (typeOf what) variants);
      in
      if lib.any isNull node.anyOf then types.nullOr union else union
    else if node ? oneOf then
      types.enum (map (variant: variant.const) node.oneOf)
    else if node ? enum then
      optional (types.enum (lib.filter (value: value != null) node.enum))
    else
      optional (
        if kind == "string" then
          if node ? pattern && !(node.x-sensitive or false) then word inner else text inner
        else if kind == "integer" then
          types.ints.between (node.minimum or 0) (node.maximum or 9007199254740991)
        else if kind == "number" then
          types.number
        else if kind == "boolean" then
          types.bool
        else if kind == "array" then
          types.listOf (typeOf what node.items)
        else if node ? properties then
          record {
            description = what;
            fields = fieldsOf node;
          }
        else if builtins.isAttrs (node.additionalProperties or null) then
          types.attrsOf (typeOf what node.additionalProperties)
        else
          types.attrsOf json
      );

  definitions = mapAttrs (
    name: node: typeOf (lib.toLower (lib.substring 0 1 name) + lib.substring 1 (-1) name) node
  ) schema."$defs";

  document = import ./document.nix { inherit lib schema; };

  # What `mkOption` takes, for every property of the object `node`.
  fieldsOf =
    node:
    mapAttrs (
      name: property:
      document node name property
      // {
        type =
          if property.title or null == "a path" then types.nullOr file else typeOf name property;
      }
    ) (removeAttrs node.properties [ "$schema" ]);
in
{
  inherit schema posix fieldsOf;

  # The type of `tailnet.cluster`.
  cluster = record {
    description = "declaration of a cluster";
    fields = fieldsOf schema;
  };
}
