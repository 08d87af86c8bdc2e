# The cluster: every host imports this same file. `tailnet explain CODE` tells more about whatever is found wrong.
{
  tailnet.enable = true;
  tailnet.cluster = {
    name = "home";
    # Hosts are called NAME.mesh.example.org within the tailnet.
    baseDomain = "mesh.example.org";
    controlServer = {
      node = "primer";
      # Has to be found before there is a tailnet: neither baseDomain nor below it.
      url = "https://headscale.example.org";
    };
    users.alice = { };
    nodes = {
      primer = {
        tags = [ "tag:primer" ];
        underlayAddress = "203.0.113.10";
        k3s = "server";
      };
      worker = {
        tags = [ "tag:worker" ];
        k3s = "agent";
      };
    };
    access = {
      ssh = [
        {
          from = [ "alice@" ];
          to = [
            "tag:primer"
            "tag:worker"
          ];
          as = [ "root" ];
        }
      ];
      kubectl = [ { from = [ "alice@" ]; } ];
    };
    derp.regions."900" = {
      code = "home";
      nodes.primer = {
        hostName = "derp.example.org";
        # 443 is headscale's.
        port = 8443;
      };
    };
  };
}
