{
  tailnet.secrets.k3sAgentTokenFile = "/run/secrets/k3s-agent-token";
}
