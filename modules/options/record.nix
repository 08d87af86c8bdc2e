# A type for plain data with named fields, where a field that nobody set stays unset.
#
# `types.submodule` gives every field a value, its default. The generator has defaults of its own, and it tells an option
# that was set to null ("no metrics") from one that was left alone ("metrics where they usually are"). So the value has to
# hold what the user set and nothing else. It also costs less: no module system is evaluated for each of 200 nodes.
#
# Fields merge as options do, with `mkIf`, `mkForce`, `mkMerge` and the rest. Names that are no fields are kept: the
# generator reports them together with everything else and says which name was meant.
{ lib }:
let
  inherit (lib)
    isAttrs
    mapAttrs
    mkOptionType
    zipAttrsWith
    ;
  inherit (lib.modules) mergeDefinitions;

  # Anything that JSON can say; a path, a function and a derivation are not among it.
  json =
    lib.types.nullOr (
      lib.types.oneOf [
        lib.types.bool
        lib.types.int
        lib.types.float
        lib.types.str
        (lib.types.attrsOf json)
        (lib.types.listOf json)
      ]
    )
    // {
      description = "JSON value";
    };

  record =
    {
      # What the record is, for type errors: "a node".
      description,
      # Name to `{ type, description, ... }`, the arguments of `mkOption`.
      fields,
    }:
    mkOptionType {
      name = "record";
      inherit description;
      descriptionClass = "noun";
      check = value: isAttrs value && !(value ? _type) && !(value ? outPath);
      merge =
        loc: defs:
        let
          named = zipAttrsWith (name: mergeDefinitions (loc ++ [ name ]) (fields.${name}.type or json)) (
            map (def: mapAttrs (_: value: { inherit (def) file; inherit value; }) def.value) defs
          );
        in
        mapAttrs (_: merged: merged.optionalValue.value) (
          lib.filterAttrs (_: merged: merged.optionalValue ? value) named
        );
      emptyValue.value = { };
      getSubOptions =
        prefix:
        mapAttrs (
          name: field:
          lib.mkOption field
          // {
            loc = prefix ++ [ name ];
            declarations = [ ];
          }
        ) fields;
    };
in
{
  inherit json record;
}
