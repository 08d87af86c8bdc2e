{
  tailnet.cluster.access.ssh = [
    {
      from = [ "group:admins" ];
      to = [ "tag:worker" ];
      as = [ "operator" ];
    }
  ];
}
