# Findings of the modules' own: what contradicts between two places of a host's configuration.
{ config, lib, ... }:
let
  cfg = config.tailnet;
  inherit (import ../lib/secrets.nix { inherit lib; }) redact;

  # A finding about a flag may repeat the flag, and what is in it.
  text =
    finding:
    redact "${finding.code} ${lib.concatStringsSep " and " finding.places}: ${finding.message}"
    + lib.concatMapStrings (help: "\n  help: ${redact help}") (finding.help or [ ])
    + "\n  more: tailnet explain ${finding.code}";

  isError = finding: (finding.severity or "error") == "error";
in
{
  options.tailnet.findings = lib.mkOption {
    type = lib.types.listOf lib.types.raw;
    default = [ ];
    internal = true;
    example = lib.literalExpression ''
      [
        {
          code = "TN601";
          severity = "error";
          places = [ "tailnet.cluster.controlServer.url" "services.headscale.settings.server_url" ];
          message = "they name different control servers";
          help = [ "leave services.headscale.settings.server_url out" ];
        }
      ]
    '';
    description = ''
      What modules of this project found wrong: each entry has `code`, `places` (all the options that are to blame),
      `message`, `help` (a list, may be left out) and `severity` (`"error"` if left out, or `"warning"`).
    '';
  };

  config = lib.mkIf cfg.enable {
    assertions = map (finding: {
      assertion = false;
      message = text finding;
    }) (lib.filter isError cfg.findings);
    warnings = map text (lib.filter (finding: !isError finding) cfg.findings);
  };
}
