# The option types are those of the generator's schema: every pattern is one that Nix can read and that its example
# matches, and every option has a description that says what happens if it is unset, a default or the word that it has to
# be set, and an example.
{
  expect,
  lib,
  ...
}:
let
  inherit (import ../modules/options/schema.nix { inherit lib; }) schema posix;

  patterns =
    node:
    if lib.isAttrs node then
      lib.optional (builtins.isString (node.pattern or null)) {
        inherit (node) pattern;
        examples = node.examples or [ ];
      }
      ++ lib.concatMap patterns (lib.attrValues node)
    else if lib.isList node then
      lib.concatMap patterns node
    else
      [ ];

  evaluated = lib.evalModules { modules = [ ../modules/options/cluster.nix ]; };
  options = lib.filter (option: lib.hasPrefix "tailnet.cluster." option.name) (
    lib.optionAttrSetToDocList evaluated.options
  );
  lacking = what: map (option: option.name) (lib.filter (option: !(what option)) options);

  # Properties of the schema that are no options, and the other way round: counted by what they are called.
  names = node: lib.attrNames (removeAttrs (node.properties or { }) [ "$schema" ]);
  inSchema = lib.concatMap names ([ schema ] ++ lib.attrValues schema."$defs");
  last = option: lib.last option.loc;
in
expect "types" (
  lib.listToAttrs (
    map (
      word:
      lib.nameValuePair "pattern ${word.pattern}" {
        expected = [ ];
        actual = lib.filter (example: builtins.match (posix word.pattern) example == null) word.examples;
      }
    ) (patterns schema)
  )
  // {
    "options without a word on being unset" = {
      expected = [ ];
      actual = lacking (option: lib.hasInfix "unset" option.description || lib.hasInfix "has to be set" option.description);
    };
    "options without an example" = {
      expected = [ ];
      actual = lacking (option: option ? example);
    };
    "options without a default that need not be set" = {
      expected = [ ];
      actual = lacking (option: option ? default || lib.hasInfix "has to be set" option.description);
    };
    "properties of the schema that are no options" = {
      expected = [ ];
      actual = lib.subtractLists (map last options) inSchema;
    };
    "a value of the wrong type is refused" = {
      expected = false;
      actual =
        (builtins.tryEval (
          (lib.evalModules {
            modules = [
              ../modules/options/cluster.nix
              { tailnet.cluster.derp.regions."900".nodes.primer.port = 70000; }
            ];
          }).config.tailnet.cluster.derp.regions."900".nodes.primer.port
        )).success;
    };
    "what nobody set is not there" = {
      expected = {
        dns.magicDns = false;
        controlServer.metricsListen = null;
      };
      actual =
        (lib.evalModules {
          modules = [
            ../modules/options/cluster.nix
            { tailnet.cluster.dns.magicDns = lib.mkIf true (lib.mkForce false); }
            {
              tailnet.cluster = {
                dns.magicDns = true;
                dns.overrideLocalDns = lib.mkIf false true;
                controlServer.metricsListen = null;
              };
            }
          ];
        }).config.tailnet.cluster;
    };
  }
)
