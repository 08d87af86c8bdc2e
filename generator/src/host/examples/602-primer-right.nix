{
  services.headscale.settings.tuning.batch_change_delay = "1s";
}
