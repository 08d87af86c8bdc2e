{
  tailnet.cluster.access.ssh = [
    {
      from = [ "group:admins" ];
      to = [ "tag:worker" ];
      as = [ "operator" ];
    }
  ];
  users.users.operator.isNormalUser = true;
}
