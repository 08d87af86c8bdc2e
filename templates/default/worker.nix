# Any further host. Add your hardware-configuration.nix.
{
  networking.hostName = "worker";

  tailnet.secrets = {
    # Made on the primer for this host: headscale preauthkeys create --tags tag:worker
    authKeyFile = "/run/secrets/tailnet-auth-key";
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
