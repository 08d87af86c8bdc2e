{
  tailnet.cluster.access.services.wiki = {
    on = [ "tag:worker" ];
    ports = [ "tcp:8080" ];
    from = [ "group:admins" ];
  };
}
