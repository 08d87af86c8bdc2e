# The NixOS module: a cluster that is declared once, on every host of it.
{
  imports = [
    ./options/cluster.nix
    ./options/host.nix
    ./options/secrets.nix
    ./generate.nix
    ./findings.nix
    ./secrets.nix
    ./certificates.nix
    ./headscale.nix
    ./derper.nix
    ./tailscale.nix
    ./online.nix
    ./k3s.nix
    ./firewall.nix
    ./listeners.nix
    ./logins.nix
    ./metrics.nix
  ];
}
