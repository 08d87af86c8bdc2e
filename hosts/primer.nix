# The first host: control server, relay, k3s server.
{ config, ... }:
let
  cluster = config.tailnet.cluster;
  control = "headscale.keystone.example.org";
  relay = cluster.derp.regions."900".nodes.primer.hostName;
  certificate = config.security.acme.certs.${control}.directory;
in
{
  imports = [ ./cluster.nix ];

  networking.hostName = "primer";

  tailnet = {
    enable = true;
    secrets = {
      tlsCertificateFile = "${certificate}/fullchain.pem";
      tlsKeyFile = "${certificate}/key.pem";
      derpCertificateFile = "${certificate}/fullchain.pem";
      derpCertificateKeyFile = "${certificate}/key.pem";
      k3sTokenFile = "/run/secrets/k3s-token";
      k3sAgentTokenFile = "/run/secrets/k3s-agent-token";
    };
  };

  # One certificate for both names; whoever uses it is restarted when it is renewed.
  security.acme = {
    acceptTerms = true;
    defaults.email = "alice@example.org";
    certs.${control} = {
      extraDomainNames = [ relay ];
      listenHTTP = ":80";
    };
  };
  networking.firewall.allowedTCPPorts = [ 80 ];

  services.grafana = {
    enable = true;
    settings.server.http_addr = "";
  };

  services.prometheus.exporters.node.enable = true;

  system.stateVersion = "24.11";
  nixpkgs.hostPlatform = "x86_64-linux";
  boot.loader.grub.enable = false;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
}
