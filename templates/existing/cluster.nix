# A tailnet that runs already, under a headscale that this flake does not manage.
{
  tailnet.enable = true;
  tailnet.cluster = {
    name = "club";
    baseDomain = "club.example.org";
    # No node: the control server is no host of ours.
    controlServer.url = "https://headscale.club.example.com";
    users.alice.email = "alice@example.org";
    # The nodes that there are, with the addresses that `headscale nodes list` shows.
    nodes = {
      wiki = {
        tags = [ "tag:wiki" ];
        addresses = [ "100.64.0.2" ];
      };
      laptop = {
        owner = "alice";
        addresses = [ "100.64.0.3" ];
      };
    };
    # The policy as it lies in /etc/headscale; comments are kept.
    policy.file = ./policy.hujson;
  };
}
