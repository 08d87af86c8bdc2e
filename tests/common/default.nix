# What the tests share: a cluster of a primer and a worker, certificates, and the machines they run on.
{ pkgs, lib }:
let
  control = "control.example.test";
  relay = "derp.example.test";
  certificates = import ./certificates.nix {
    inherit pkgs;
    names = [
      control
      relay
    ];
  };
in
{
  inherit certificates control relay;

  # The declaration, as plain data.
  cluster = {
    name = "test";
    baseDomain = "tailnet.example.net";
    controlServer = {
      node = "primer";
      url = "https://${control}";
      tls.mode = "files";
    };
    users.alice = { };
    nodes = {
      primer.tags = [ "tag:primer" ];
      worker.tags = [ "tag:worker" ];
    };
    policy = {
      tagOwners = {
        "tag:primer" = [ "alice@" ];
        "tag:worker" = [ "alice@" ];
      };
      grants = [
        {
          src = [ "tag:worker" ];
          dst = [ "tag:primer" ];
          ip = [ "tcp:8000" ];
        }
        {
          src = [ "tag:primer" ];
          dst = [ "tag:worker" ];
          ip = [ "tcp:8001" ];
        }
      ];
    };
    derp.regions."900" = {
      code = "test";
      name = "Test";
      nodes.primer = {
        hostName = relay;
        port = 8443;
      };
    };
    dns.overrideLocalDns = false;
  };

  # Any machine of the cluster. Secrets lie where a secret manager would put them.
  machine =
    { nodes, ... }:
    {
      imports = [ ../../modules ];
      tailnet.enable = true;
      virtualisation.memorySize = 1024;
      networking.useDHCP = lib.mkDefault false;
      networking.hosts.${nodes.primer.networking.primaryIPAddress} = [
        control
        relay
      ];
      security.pki.certificateFiles = [ "${certificates}/ca.pem" ];
      environment.systemPackages = [
        pkgs.curl
        pkgs.jq
        pkgs.python3
      ];
      systemd.tmpfiles.rules = [ "d /run/secrets 0700 root root -" ];
    };

  # The machine with the control server and the relay.
  primer = {
    # A server that the test script starts.
    tailnet.listens = [ "tcp:8000" ];
    tailnet.secrets = {
      tlsCertificateFile = "/run/secrets/server.pem";
      tlsKeyFile = "/run/secrets/server.key";
      derpCertificateFile = "/run/secrets/server.pem";
      derpCertificateKeyFile = "/run/secrets/server.key";
    };
    systemd.tmpfiles.rules = [
      "C /run/secrets/server.pem 0600 root root - ${certificates}/server.pem"
      "C /run/secrets/server.key 0600 root root - ${certificates}/server.key"
    ];
  };
}
