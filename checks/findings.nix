# Twenty things that are wrong with one host's declaration are twenty failed assertions of one evaluation, each with its
# code, the option, and the line of the Nix file where the value is.
{
  codes,
  evalHost,
  expect,
  failures,
  lib,
  ...
}:
let
  host = evalHost [
    ./declarations/twenty.nix
    {
      networking.hostName = "primer";
      tailnet.enable = true;
    }
  ];
  said = failures host;
  found = codes said;
  ofGenerator = lib.filter (lib.hasInfix " tailnet.cluster") said;

  # The line in which `text` stands in the file of the declaration.
  lineOf =
    text:
    let
      lines = lib.splitString "\n" (builtins.readFile ./declarations/twenty.nix);
      numbered = lib.imap1 (number: line: { inherit number line; }) lines;
    in
    (lib.findFirst (entry: lib.hasInfix text entry.line) { number = 0; } numbered).number;

  hasPlace =
    code: text:
    lib.any (
      message:
      lib.hasPrefix code message
      && lib.hasInfix "declarations/twenty.nix:${toString (lineOf text)}:" message
    ) said;

  # The merged value's place is the one that counts, and a list's element is found in the definition that it came from.
  inherit (import ../lib { inherit lib; }) parsePath placesOf;
  places = placesOf [
    {
      file = "/a.nix";
      value = lib.mkMerge [
        (lib.mkIf false { a = 1; })
        { list = [ 1 ]; }
      ];
    }
    {
      file = "/b.nix";
      value = {
        list = [
          2
          3
        ];
        a = lib.mkForce 1;
      };
    }
  ];
  isIn = file: path: map (lib.hasInfix file) (places path);
in
expect "findings" {
  "there are at least twenty" = {
    expected = true;
    actual = lib.length ofGenerator >= 20;
  };
  "of at least twenty codes" = {
    expected = true;
    actual = lib.length found >= 20;
  };
  "each has a way out or an explanation" = {
    expected = [ ];
    actual = lib.filter (message: !lib.hasInfix "more: tailnet explain TN" message) ofGenerator;
  };
  "each has a place" = {
    expected = [ ];
    actual = lib.filter (message: !lib.hasInfix "defined at " message) ofGenerator;
  };
  "a place is that of the value" = {
    expected = {
      url = true;
      tag = true;
    };
    actual = {
      url = hasPlace "TN302" "url =";
      tag = hasPlace "TN104" "tag:nowhere";
    };
  };
  "an option path is taken apart" = {
    expected = [
      "policy"
      "groups"
      "group:a.b"
      1
    ];
    actual = parsePath "policy.groups.\"group:a.b\"[1]";
  };
  "a list's element is looked for in the definition that has it" = {
    expected = [ true ];
    actual = isIn "checks/findings.nix" "list[2]";
  };
  "the host's own facts are there all the same" = {
    expected = "primer";
    actual = host.config.tailnet.generated.host.name;
  };
}
