# What `hosts/primer.nix` is without the module: the same services from the same nixpkgs modules, each configured by hand.
{ pkgs, ... }:
let
  certificate = "/var/lib/acme/headscale.keystone.example.org";
in
{
  networking.hostName = "primer";

  services.headscale = {
    enable = true;
    address = "0.0.0.0";
    port = 443;
    settings = {
      server_url = "https://headscale.keystone.example.org";
      listen_addr = "0.0.0.0:443";
      metrics_listen_addr = "127.0.0.1:9090";
      grpc_listen_addr = "127.0.0.1:50443";
      prefixes = {
        v4 = "100.64.0.0/10";
        v6 = "fd7a:115c:a1e0::/48";
        allocation = "sequential";
      };
      derp = {
        urls = [ ];
        paths = [ "/etc/headscale/derp.yaml" ];
        auto_update_enabled = false;
        server.enabled = false;
      };
      disable_check_updates = true;
      logtail.enabled = false;
      policy = {
        mode = "file";
        path = "/etc/headscale/policy.hujson";
      };
      dns = {
        base_domain = "mesh.keystone.example.org";
        magic_dns = true;
        override_local_dns = false;
        nameservers.global = [
          "9.9.9.9"
          "149.112.112.112"
        ];
      };
      tls_cert_path = "${certificate}/fullchain.pem";
      tls_key_path = "${certificate}/key.pem";
    };
  };
  environment.etc."headscale/policy.hujson".text = builtins.toJSON {
    groups."group:admins" = [ "alice@example.org" ];
    tagOwners."tag:primer" = [ "group:admins" ];
    grants = [
      {
        src = [ "group:admins" ];
        dst = [ "tag:primer" ];
        ip = [ "tcp:22" ];
      }
    ];
  };
  environment.etc."headscale/derp.yaml".text = ''
    regions:
      900:
        regionid: 900
        regioncode: keystone
        regionname: Keystone Private
        nodes:
          - name: 900a
            regionid: 900
            hostname: derp.keystone.example.org
            derpport: 8443
            stunport: 3478
  '';

  systemd.services.derper = {
    description = "Relay of the tailnet (DERP)";
    after = [ "network-online.target" ];
    wants = [ "network-online.target" ];
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      ExecStart = "${pkgs.tailscale.derper}/bin/derper -c=%S/derper/derper.key -certdir=%d -a=:8443 -hostname=derp.keystone.example.org -certmode=manual -http-port=-1 -stun-port=3478 -verify-client-url=https://headscale.keystone.example.org/verify -verify-client-url-fail-open=false";
      LoadCredential = [
        "derp.keystone.example.org.crt:${certificate}/fullchain.pem"
        "derp.keystone.example.org.key:${certificate}/key.pem"
      ];
      DynamicUser = true;
      StateDirectory = "derper";
      Restart = "always";
      RestartSec = "5s";
    };
  };

  services.tailscale = {
    enable = true;
    authKeyFile = "/run/secrets/tailnet-auth-key";
    extraUpFlags = [
      "--login-server=https://headscale.keystone.example.org"
      "--accept-dns=false"
      "--ssh"
    ];
    extraSetFlags = [ "--ssh" ];
  };

  services.k3s = {
    enable = true;
    role = "server";
    tokenFile = "/run/secrets/k3s-token";
    extraFlags = [
      "--agent-token-file=/run/secrets/k3s-agent-token"
      "--flannel-iface=tailscale0"
      "--disable=traefik,servicelb"
      "--tls-san=primer.mesh.keystone.example.org"
      "--secrets-encryption"
      "--write-kubeconfig-mode=0600"
    ];
  };
  systemd.services.k3s = {
    after = [ "tailscaled-autoconnect.service" ];
    wants = [ "tailscaled-autoconnect.service" ];
  };

  networking.firewall = {
    allowedTCPPorts = [
      80
      443
      8443
    ];
    allowedUDPPorts = [
      3478
      41641
    ];
    interfaces.tailscale0 = {
      allowedTCPPorts = [
        22
        3000
        6443
        9100
        10250
      ];
      allowedUDPPorts = [ 8472 ];
    };
  };

  security.acme = {
    acceptTerms = true;
    defaults.email = "alice@example.org";
    certs."headscale.keystone.example.org" = {
      extraDomainNames = [ "derp.keystone.example.org" ];
      listenHTTP = ":80";
      reloadServices = [
        "headscale.service"
        "derper.service"
      ];
    };
  };

  services.grafana = {
    enable = true;
    settings.server.http_addr = "";
  };
  services.prometheus.exporters.node.enable = true;
}
