{
  services.headscale.settings.server_url = "https://elsewhere.example.org";
}
