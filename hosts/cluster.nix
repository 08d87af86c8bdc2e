# The example cluster: a primer with the control server, a relay and the first k3s server; a worker; what belongs to people.
# Plain data: every host imports this same file.
{
  tailnet.cluster = {
    name = "keystone";
    # MagicDNS: hosts are called NAME.mesh.keystone.example.org. Never a parent of the control server's name, which has to be
    # found before there is a tailnet.
    baseDomain = "mesh.keystone.example.org";

    controlServer = {
      node = "primer";
      url = "https://headscale.keystone.example.org";
      # A certificate that this host renews itself (primer.nix), which the relay uses as well.
      tls.mode = "files";
    };

    # `alice@` in policies, or her email once she logs in with OIDC.
    users = {
      alice.email = "alice@example.org";
      bob = { };
    };

    # No addresses: headscale gives them in the order of registration.
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
      watch.tags = [ "tag:monitoring" ];
      laptop.owner = "alice";
    };

    policy = {
      groups = {
        "group:admins" = [ "alice@example.org" ];
        "group:developers" = [ "bob@" ];
      };
      tagOwners = {
        "tag:primer" = [ "group:admins" ];
        "tag:worker" = [ "group:admins" ];
        "tag:monitoring" = [ "group:admins" ];
      };
      # What each may and may not reach, judged before anything is deployed.
      tests = [
        {
          src = "group:admins";
          accept = [
            "tag:primer:22"
            "tag:worker:22"
            "tag:primer:6443"
          ];
          deny = [ "tag:primer:2379" ];
        }
        {
          src = "group:developers";
          accept = [
            "tag:primer:6443"
            "tag:worker:22"
          ];
          deny = [ "tag:primer:22" ];
        }
        {
          src = "tag:worker";
          deny = [ "tag:primer:22" ];
        }
      ];
      sshTests = [
        {
          src = "bob@";
          dst = [ "tag:worker" ];
          accept = [ "debug" ];
          deny = [ "root" ];
        }
      ];
    };

    # Each of these becomes grants, ssh rules and flows that are proven.
    access = {
      ssh = [
        {
          from = [ "group:admins" ];
          to = [
            "tag:primer"
            "tag:worker"
          ];
          as = [ "root" ];
        }
        {
          from = [ "group:developers" ];
          to = [ "tag:worker" ];
          as = [ "debug" ];
        }
      ];
      kubectl = [
        {
          from = [
            "group:admins"
            "group:developers"
          ];
        }
      ];
      services.grafana = {
        on = [ "tag:primer" ];
        ports = [ "tcp:3000" ];
        from = [ "group:admins" ];
      };
    };
    monitoring.from = [ "tag:monitoring" ];

    derp.regions."900" = {
      code = "keystone";
      name = "Keystone Private";
      nodes.primer = {
        hostName = "derp.keystone.example.org";
        # 443 is headscale's.
        port = 8443;
      };
    };

    dns = {
      nameservers = [
        "9.9.9.9"
        "149.112.112.112"
      ];
      overrideLocalDns = false;
    };

    k3s = {
      podCidr = "10.42.0.0/16";
      serviceCidr = "10.43.0.0/16";
      flannelBackend = "vxlan";
      # They would take 80 and 443 of every node.
      disable = [
        "traefik"
        "servicelb"
      ];
    };
  };
}
