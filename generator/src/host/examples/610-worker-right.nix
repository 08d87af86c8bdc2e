{
  networking.firewall.interfaces.tailscale0.allowedTCPPorts = [ 5432 ];
  services.postgresql.enable = true;
  tailnet.cluster.access.services.database = {
    on = [ "tag:worker" ];
    ports = [ "tcp:5432" ];
    from = [ "group:admins" ];
  };
}
