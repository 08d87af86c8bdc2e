# Secrets do not belong into anything that Nix evaluates: it all lands in the store, where everybody can read it. What
# looks like one, in the declaration or in what is passed through to the wrapped services, is an error, and is never
# repeated in it.
{
  config,
  lib,
  options,
  ...
}:
let
  cfg = config.tailnet;
  inherit (builtins) isAttrs isList isString;
  inherit (import ../lib/secrets.nix { inherit lib; })
    hasSecretFlag
    isSecretName
    isValue
    kindOf
    ;

  # The places in `value`, below `path`, that hold something like a secret.
  scan =
    path: value:
    if isString value then
      let
        kind = kindOf value;
      in
      if kind != null then
        [
          {
            inherit path kind;
            code = "TN500";
          }
        ]
      else
        [ ]
    else if isList value then
      lib.concatLists (lib.imap0 (index: scan "${path}[${toString index}]") value)
    else if isAttrs value && !lib.isDerivation value then
      lib.concatLists (
        lib.mapAttrsToList (
          name: inner:
          let
            at = "${path}.${lib.strings.escapeNixIdentifier name}";
            found = scan at inner;
          in
          if found == [ ] && isString inner && isSecretName name && isValue inner then
            [
              {
                path = at;
                kind = "a secret, to judge by its name";
                code = "TN501";
              }
            ]
          else
            found
        ) value
      )
    else
      [ ];

  # Flags, as one text and as a list.
  scanFlags =
    path: value:
    let
      found = scan path value;
      line = if isList value then lib.concatStringsSep " " value else toString value;
    in
    if found == [ ] && hasSecretFlag line then
      [
        {
          inherit path;
          kind = "a secret, to judge by its flag";
          code = "TN501";
        }
      ]
    else
      found;

  flags = path: at: scanFlags path (lib.attrByPath at [ ] config);
  whole = path: at: scan path (lib.attrByPath at { } config);

  ours =
    name: builtins.match "(headscale|derper|tailscaled?|tailnet|k3s)([-.].*)?" name != null;
  units = lib.filterAttrs (name: _: ours name) config.systemd.services;
  files = lib.filterAttrs (
    name: file:
    file.enable
    && builtins.match "(headscale|tailscale|derper|tailnet|rancher)(/.*)?" name != null
    && file.text != null
  ) config.environment.etc;

  passedThrough =
    whole "services.headscale.settings" [
      "services"
      "headscale"
      "settings"
    ]
    ++ lib.concatMap
      (
        name:
        flags "services.tailscale.${name}" [
          "services"
          "tailscale"
          name
        ]
      )
      [
        "extraUpFlags"
        "extraSetFlags"
        "extraDaemonFlags"
      ]
    ++ flags "services.k3s.extraFlags" [
      "services"
      "k3s"
      "extraFlags"
    ]
    ++ flags "tailnet.derper.extraArgs" [
      "tailnet"
      "derper"
      "extraArgs"
    ]
    ++ lib.concatMap
      (
        name:
        lib.optionals (options.services.k3s ? ${name}) (
          scan "services.k3s" { ${name} = config.services.k3s.${name}; }
        )
      )
      [
        "token"
        "agentToken"
        "containerdConfigTemplate"
        "extraKubeletConfig"
        "extraKubeProxyConfig"
        "autoDeployCharts"
        "nodeLabel"
      ]
    ++ lib.concatLists (
      lib.mapAttrsToList (
        name: manifest:
        lib.optionals (manifest.enable or true) (
          scan "services.k3s.manifests.${lib.strings.escapeNixIdentifier name}.content" (
            manifest.content or null
          )
        )
      ) (config.services.k3s.manifests or { })
    )
    ++ lib.concatLists (
      lib.mapAttrsToList (
        name: unit:
        let
          path = "systemd.services.${lib.strings.escapeNixIdentifier name}";
        in
        scan "${path}.environment" unit.environment
        ++ scan path { inherit (unit) script preStart postStart; }
        ++ scanFlags "${path}.serviceConfig.ExecStart" (unit.serviceConfig.ExecStart or "")
        ++ scan "${path}.serviceConfig" {
          Environment = unit.serviceConfig.Environment or "";
          SetCredential = unit.serviceConfig.SetCredential or "";
        }
      ) units
    )
    ++ scan "environment.variables" config.environment.variables
    ++ lib.concatLists (
      lib.mapAttrsToList (
        name: file: scan "environment.etc.${lib.strings.escapeNixIdentifier name}.text" file.text
      ) files
    );

  finding = leak: {
    inherit (leak) code;
    places = [ leak.path ];
    message = "this seems to be ${leak.kind}, and everything that Nix evaluates can be read by everybody";
    help = [
      "put it into a file outside the Nix store and name that file (tailnet.secrets, or the service's own option for a file)"
      "whoever could read this configuration knows it: make another"
    ];
  };
in
{
  options.tailnet.leaks = lib.mkOption {
    type = lib.types.raw;
    readOnly = true;
    internal = true;
    description = ''
      What looks like a secret: `declaration` in {option}`tailnet.cluster`, `passedThrough` in the wrapped services'
      options. Each with `path`, `kind` and `code`.
    '';
  };

  config = lib.mkIf cfg.enable {
    tailnet.leaks = {
      declaration = scan "tailnet.cluster" cfg.cluster;
      inherit passedThrough;
    };
    tailnet.findings = map finding (cfg.leaks.declaration ++ passedThrough);
  };
}
