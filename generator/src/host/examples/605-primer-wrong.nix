{ pkgs, ... }:
{
  tailnet.headscale.databaseVersion = "0.27.1";
  services.headscale.package = pkgs.headscale // {
    version = "0.29.2";
  };
}
