{
  services.headscale.settings.tuning.batch_delay = "1s";
}
