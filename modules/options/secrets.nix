# `tailnet.secrets`: where this host's secret files lie. Only their paths are known to Nix.
{ lib, ... }:
let
  inherit (lib) mkOption types;

  # A path as sops-nix and agenix give one: text, absolute, and nothing of the store in it.
  secretPath = types.str // {
    name = "secretPath";
    description = "absolute path outside the Nix store, as a string (a path literal would be copied to the store, where everybody can read it)";
    descriptionClass = "noun";
    check =
      value:
      builtins.isString value
      && lib.hasPrefix "/" value
      && !lib.hasPrefix builtins.storeDir value
      && !builtins.hasContext value;
  };

  secret =
    example: description:
    mkOption {
      type = types.nullOr secretPath;
      default = null;
      inherit example description;
    };
in
{
  options.tailnet.secrets = {
    noiseKeyFile = secret "/run/secrets/headscale-noise-key" ''
      headscale's noise key (`privkey:` and 64 hexadecimal digits), on the control server's host. If unset, headscale makes
      one when it first starts, and clients cannot compare it with {option}`tailnet.cluster.keys.noise`.
    '';
    embeddedDerpKeyFile = secret "/run/secrets/headscale-derp-key" ''
      The private key of the relay inside headscale, with {option}`tailnet.cluster.derp.implementation` = `"embedded"`. It
      must not be the noise key. If unset, headscale makes one.
    '';
    derperKeyFile = secret "/run/secrets/derper.json" ''
      derper's key file (JSON with one member, `PrivateKey`), on a relay's host. If unset, derper makes one when it first
      starts.
    '';
    derpCertificateFile = secret "/run/secrets/derp.crt" ''
      The relay's certificate (PEM, the chain included), on a relay's host. Needed where derper runs: without, the relay's
      host fails to evaluate.
    '';
    derpCertificateKeyFile = secret "/run/secrets/derp.key" ''
      The private key of {option}`tailnet.secrets.derpCertificateFile` (PEM). Needed where derper runs.
    '';
    authKeyFile = secret "/run/secrets/tailnet-auth-key" ''
      The pre-auth key with which this host joins the tailnet once; it may be missing while the host is already logged in.
      If unset, somebody has to log the host in by hand.
    '';
    k3sTokenFile = secret "/run/secrets/k3s-token" ''
      The token with which k3s servers join, on k3s servers. If unset, the first server makes one; other servers need it.
    '';
    k3sAgentTokenFile = secret "/run/secrets/k3s-agent-token" ''
      The token with which k3s agents join, on k3s servers and agents. Agents need it: without, an agent's host fails to
      evaluate. If unset on a server, agents join with the server's own token, which is worth more.
    '';
    tlsCertificateFile = secret "/run/secrets/headscale.crt" ''
      The control server's certificate (PEM, the chain included), with {option}`tailnet.cluster.controlServer.tls.mode` =
      `"files"`, which fails if this is unset on the control server's host.
    '';
    tlsKeyFile = secret "/run/secrets/headscale.key" ''
      The private key of {option}`tailnet.secrets.tlsCertificateFile` (PEM). Needed where that is.
    '';
    oidcClientSecretFile = secret "/run/secrets/oidc-client-secret" ''
      The client secret of {option}`tailnet.cluster.controlServer.oidc`, on the control server's host, which fails if it
      uses OIDC and this is unset.
    '';
  };
}
