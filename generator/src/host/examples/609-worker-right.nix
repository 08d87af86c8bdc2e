{
  tailnet.cluster.access.services.wiki = {
    on = [ "tag:worker" ];
    ports = [ "tcp:8080" ];
    from = [ "group:admins" ];
  };
  # A pod's hostPort, which nothing on the host tells of.
  tailnet.listens = [ "tcp:8080" ];
}
