# The first host: control server, relay, k3s server. Add your hardware-configuration.nix.
{
  networking.hostName = "primer";

  # Paths on the host, never files of this folder: what Nix reads can be read by everybody.
  tailnet.secrets = {
    derpCertificateFile = "/var/lib/acme/derp.example.org/fullchain.pem";
    derpCertificateKeyFile = "/var/lib/acme/derp.example.org/key.pem";
    k3sTokenFile = "/run/secrets/k3s-token";
    k3sAgentTokenFile = "/run/secrets/k3s-agent-token";
  };

  boot.loader.grub.device = "nodev";
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
}
