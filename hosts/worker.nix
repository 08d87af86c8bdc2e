# Any further host: joins with a key that was made for it, and runs pods.
{
  imports = [ ./cluster.nix ];

  networking.hostName = "worker";

  tailnet = {
    enable = true;
    secrets = {
      # Made on the primer, for this host, used once.
      authKeyFile = "/run/secrets/tailnet-auth-key";
      # The agents' own: the server's token is the whole cluster.
      k3sAgentTokenFile = "/run/secrets/k3s-agent-token";
    };
  };

  # An ssh rule names it, so it has to be here.
  users.users.debug.isNormalUser = true;

  services.prometheus.exporters.node.enable = true;

  system.stateVersion = "24.11";
  nixpkgs.hostPlatform = "x86_64-linux";
  boot.loader.grub.enable = false;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
}
