{ pkgs, ... }:
{
  tailnet.headscale.databaseVersion = "0.28.0";
  services.headscale.package = pkgs.headscale // {
    version = "0.29.2";
  };
}
