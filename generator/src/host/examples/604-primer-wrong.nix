{ pkgs, ... }:
{
  services.headscale.package = pkgs.headscale // {
    version = "0.28.0";
  };
}
