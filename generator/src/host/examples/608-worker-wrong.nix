{
  tailnet.secrets.k3sTokenFile = "/run/secrets/k3s-token";
}
