# `docs/assertions.md`: what Nix prints for every code, taken from the wrong example on its page in `docs/diagnostics.md`.
# `checks/assertions.nix` compares it with what lies there.
{
  lib,
  # Judges a declaration, without a host: `findings` as texts.
  evalCluster,
  fromJson5,
  # What the host says that the wrong example of a page about hosts is added to: code -> texts.
  hostSays,
}:
let
  pages =
    let
      parts = lib.tail (
        lib.splitString "\n### <a id=\"" (builtins.readFile ../docs/diagnostics.md)
      );
    in
    map (
      part:
      let
        head = builtins.match "tn[0-9]+\"></a>(TN[0-9]+) ([^\n]*).*" part;
        wrong = builtins.match ".*\nWrong[^\n]*:\n\n```([a-z0-9]+)\n(.*)" (
          lib.head (lib.splitString "\nRight" part)
        );
      in
      {
        code = lib.elemAt head 0;
        name = lib.elemAt head 1;
        kind = if wrong == null then "none" else lib.elemAt wrong 0;
        text = if wrong == null then "" else lib.head (lib.splitString "\n```" (lib.elemAt wrong 1));
      }
    ) parts;

  # A policy is judged as the file of a small tailnet.
  around = page: {
    name = "example";
    baseDomain = "mesh.example.net";
    controlServer.url = "https://headscale.example.net";
    policy.file = builtins.toFile "policy.hujson" (page.text + "\n");
  };

  declarationOf = page: if page.kind == "jsonc" || page.kind == "json" then around page else fromJson5 page.text;

  # Which of the option types refuse before the generator is asked; Nix's own error shows the value and the type.
  typed = page: !(builtins.tryEval (builtins.deepSeq (evalCluster (declarationOf page)).declaration true)).success;

  # What is no text that could be handed over.
  unmet = [
    "TN102"
    "TN103"
    "TN108"
    "TN109"
  ];

  section =
    page:
    let
      findings = if page.kind == "nix" then hostSays page.code else (evalCluster (declarationOf page)).findings;
      own = lib.filter (lib.hasPrefix page.code) findings;
    in
    "## [${page.code} ${page.name}](diagnostics.md#${lib.toLower page.code})\n\n"
    + (
      if lib.elem page.code unmet || page.text == "" || page.kind == "text" then
        "Its example is no declaration that Nix could hold.\n\n"
      else if page.kind != "nix" && typed page then
        "The type of the option refuses its example before the generator is asked.\n\n"
      else if own == [ ] then
        "Its example needs a tailnet beside it (`--topology`); with a declaration, another code says it.\n\n"
      else
        "```text\n${lib.concatStringsSep "\n" own}\n```\n\n"
    );
in
lib.removeSuffix "\n" (
  "# What Nix prints\n\n"
  + "Every code as a failed assertion or a warning of a host, word for word. The declaration that provokes it is the wrong example\n"
  + "of its page. Made by `checks/write-documents`; do not edit.\n\n"
  + lib.concatMapStrings section pages
)
