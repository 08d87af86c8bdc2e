{
  # The declaration says nothing of this; `tailnet.cluster.controlServer.url` decides the other.
  services.headscale.settings.log.level = "debug";
}
