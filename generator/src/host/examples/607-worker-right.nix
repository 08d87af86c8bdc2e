{ lib, ... }:
{
  tailnet.secrets.k3sAgentTokenFile = lib.mkForce "/run/secrets/k3s-agent-token";
}
