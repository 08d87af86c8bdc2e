# A declaration with more than twenty mistakes of different kinds, all of which the option types let pass: they are for the
# generator to judge.
{
  tailnet.cluster = {
    name = "broken";
    baseDomain = "example.org";
    headscaleVersion = "0.29";
    controlServer = {
      node = "prime";
      url = "http://headscale.example.org";
      metricsListen = "0.0.0.0:9090";
    };
    users.alice.email = "alice@example.org";
    users.alicia.email = "alice@example.org";
    nodes = {
      primer = {
        tags = [ "tag:primer" ];
        k3s = "server";
      };
      worker = {
        tags = [ "tag:worker" ];
        owner = "alice";
        k3s = "agent";
        addresses = [ "192.0.2.7" ];
      };
      second = {
        tags = [ "tag:worker" ];
        k3s = "server";
        routes = [ "10.20.0.1/16" ];
      };
      laptop.owner = "carol";
      phone = { };
    };
    policy = {
      groups."group:machines" = [ "tag:worker" ];
      groups."group:admins" = [ "alice" ];
      tagOwners = {
        "tag:primer" = [ "group:nobody" ];
        "tag:worker" = [ ];
      };
      grants = [
        {
          src = [ "group:admins" ];
          dst = [ "tag:nowhere" ];
          ip = [ "tcp:443" ];
        }
        {
          src = [ "autogroup:members" ];
          dst = [ "tag:worker" ];
          ip = [ "tcp:99999" ];
        }
        {
          src = [ "*" ];
          dst = [ "office" ];
        }
      ];
      acl = [ ];
      nodeAttrs = [
        {
          target = [ "*" ];
          attr = [ "funnel" ];
        }
      ];
      ssh = [
        {
          action = "check";
          src = [ "alice@example.org" ];
          dst = [ "*" ];
          users = [ "root" ];
          checkPeriod = "1000h";
        }
      ];
      tests = [ { src = "alice@example.org"; } ];
    };
    derp.regions."42" = {
      code = "home";
      nodes.primer.hostName = "derp.example.org";
    };
    dns = {
      overrideLocalDns = true;
      magicDns = false;
    };
    k3s = {
      podCidr = "10.42.0.0/16";
      serviceCidr = "10.42.128.0/17";
      clusterDomain = "example.org";
      mtu = 1400;
    };
    access.services.wiki = {
      on = [ "tag:wiki" ];
      ports = [ "tcp:8080" ];
      from = [ "group:admins" ];
    };
    nameservers = [ "9.9.9.9" ];
  };
}
