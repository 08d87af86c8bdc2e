# How secrets look, and how to keep them out of what is shown.
{ lib }:
let
  # Looking for words is cheap, and hardly any text has one of these.
  words = [
    "privkey:"
    "nlpriv:"
    "hskey-"
    "tskey-"
    "K10"
    "AGE-SECRET-KEY-1"
    "PRIVATE KEY-----"
  ];
  blanks = map (_: "") words;
  mayHold = text: builtins.replaceStrings words blanks text != text;

  kinds = {
    "a private key of tailscale's or headscale's" = "(privkey|nlpriv):[0-9a-fA-F]{64}";
    "a key of headscale's" = "hskey-[a-z]+-[A-Za-z0-9_-]{8}";
    "a key of Tailscale's" = "tskey-[a-z]+-[A-Za-z0-9]{6}";
    "a k3s token" = "K10[0-9a-f]{64}::";
    "an age key" = "AGE-SECRET-KEY-1[A-Z0-9]{8}";
    "a private key in PEM" = "-----BEGIN [A-Z ]*PRIVATE KEY-----";
  };

  # Known by its name: `client_secret`, `K3S_TOKEN`; not `client_secret_path` nor `tokenFile`.
  snakeName = "(.*[-_.])?(password|passwd|pass|secret|token|auth_?key|private_?key|psk|preshared_?key|api_?key)";
  camelName = ".*(Password|Secret|Token|AuthKey|PrivateKey|ApiKey)";

  # Known by its flag: `--token=x`, `--token x`; not `--token-file=x` nor `--token=/run/x`.
  flag = "(^|[[:space:]])--?(token|agent-token|auth-?key|password|client-secret)([= ])[^/$%[:space:]-]";

  finds = pattern: text: builtins.length (builtins.split pattern text) > 1;
in
{
  # null, or what `text` seems to hold.
  kindOf =
    text:
    if !mayHold text then
      null
    else
      lib.findFirst (kind: finds kinds.${kind} text) null (lib.attrNames kinds);

  isSecretName =
    name: builtins.match snakeName (lib.toLower name) != null || builtins.match camelName name != null;

  # A value that is a path, a reference to something else, or empty is no secret, whatever it is called.
  isValue =
    text:
    text != ""
    && !lib.elem (builtins.substring 0 1 text) [
      "/"
      "%"
      "$"
      "@"
    ]
    && !lib.hasPrefix "file:" text;

  hasSecretFlag = finds flag;

  # `text` without anything that looks like a secret, from where it begins to the end of the word.
  redact =
    text:
    if !mayHold text then
      text
    else
      lib.concatMapStrings (piece: if builtins.isList piece then "(secret)" else piece) (
        builtins.split "((privkey|nlpriv):|hskey-|tskey-|K10[0-9a-f]{64}::|AGE-SECRET-KEY-1|-----BEGIN [A-Z ]*PRIVATE KEY-----)[^[:space:]\",;]*" text
      );
}
