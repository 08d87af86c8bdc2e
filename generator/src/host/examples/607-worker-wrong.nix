{ lib, ... }:
{
  tailnet.secrets.k3sAgentTokenFile = lib.mkForce null;
}
