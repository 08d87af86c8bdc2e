# What the manual says of an option, from its place in the generator's schema: the description with what happens if it is
# left alone and what its words mean, the default, an example. Nothing here is evaluated unless a manual is built.
{ lib, schema }:
let
  inherit (lib) concatMapStrings optionalAttrs optionalString;

  examples = import ./examples.nix;

  resolve =
    node: if node ? "$ref" then schema."$defs".${lib.removePrefix "#/$defs/" node."$ref"} else node;

  # What is left of a node that may be null, or one of several, when only its first real variant counts.
  first =
    node:
    if node ? anyOf then
      first (lib.head (lib.filter (variant: variant.type or null != "null") node.anyOf))
    else
      resolve node;

  kindOf = node: lib.findFirst (kind: kind != "null") null (lib.toList (node.type or [ ]));

  # An example of a value, or null where the schema gives none. `default`: what the example should not be.
  exampleOf =
    default: given:
    let
      node = first given;
      kind = kindOf node;
      choices =
        if node ? oneOf then
          map (variant: variant.const) node.oneOf
        else
          lib.filter (choice: choice != null) (node.enum or [ ]);
      others = lib.filter (choice: choice != default) choices;
      items = exampleOf null node.items;
      values = exampleOf null node.additionalProperties;
      name = lib.head (node.propertyNames.examples or [ "example" ]);
      parts = lib.filterAttrs (_: value: value != null) (
        lib.mapAttrs (name: exampleOfProperty node name) (
          lib.getAttrs (
            if node.required or [ ] != [ ] then node.required else lib.take 1 (lib.attrNames node.properties)
          ) node.properties
        )
      );
    in
    if given ? examples || node ? examples then
      lib.head (given.examples or node.examples)
    else if others != [ ] then
      lib.head others
    else if kind == "boolean" then
      default != true
    else if kind == "array" then
      if items == null then null else [ items ]
    else if node ? properties then
      if parts == { } then null else parts
    else if builtins.isAttrs (node.additionalProperties or null) then
      if values == null then null else { ${name} = values; }
    else
      null;

  # Properties are known by the object they stand in, which a description names best.
  exampleOfProperty =
    object: name: property:
    examples.${object.title or ""}.${name} or examples.${
      lib.head (lib.splitString "." (object.description or ""))
    }.${name} or (exampleOf (property.default or null) property);

  show = value: value.literal or (lib.generators.toPretty { } value);

  unset =
    object: name: property:
    let
      said = lib.hasInfix "unset" (property.description or "");
      default = property.default or null;
    in
    if lib.elem name (object.required or [ ]) then
      " It has to be set."
    else if said then
      ""
    else if first property ? properties then
      " If unset, each of its options takes the default that it has."
    else if default == null then
      " If unset: none."
    else if default == [ ] || default == { } then
      " If unset: empty."
    else
      " If unset: `${if builtins.isString default then default else show default}`.";

  choices =
    property:
    let
      node = first property;
    in
    optionalString (node ? oneOf) (
      "\n\n" + concatMapStrings (variant: "- `${variant.const}`: ${variant.description}\n") node.oneOf
    );
in
# The arguments of `mkOption` for `name`, a property of the schema's `object`.
object: name: property:
let
  example = exampleOfProperty object name property;
in
{
  description = property.description + unset object name property + choices property;
}
// optionalAttrs (property ? default) {
  defaultText = lib.literalExpression (show property.default);
}
// optionalAttrs (example != null) { example = lib.literalExpression (show example); }
