{ pkgs, ... }:
{
  services.headscale.package = pkgs.headscale // {
    version = "0.29.2";
  };
}
