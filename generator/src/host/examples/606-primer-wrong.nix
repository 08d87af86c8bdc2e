{
  services.headscale.settings.derp.server.enabled = true;
}
