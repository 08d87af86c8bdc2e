# Examples that the generator's schema cannot give: numbers, and texts of the policy's language. By the object's title or
# the first sentence of its description, then by name.
let
  tcp443 = [ "tag:web:443" ];
in
{
  Declaration = {
    tailnetMtu = 1350;
    nodes = {
      primer = {
        tags = [ "tag:primer" ];
        underlayAddress = "203.0.113.10";
        k3s = "server";
      };
      laptop.owner = "alice";
    };
  };
  "A machine in the tailnet".wireguardPort = 41642;
  "A person" = {
    displayName = "Alice";
    providerId = "https://id.example.org/2b1f";
  };
  "Settings that all k3s nodes share" = {
    apiPort = 6443;
    mtu = 1200;
  };
  "OpenID Connect, passed through to headscale" = {
    clientId = "headscale";
    scope = [
      "openid"
      "profile"
      "email"
    ];
    extraParams.domain_hint = "example.org";
    allowedDomains = [ "example.org" ];
    allowedGroups = [ "staff" ];
  };
  "TLS of the control server".caCertificates = [ "-----BEGIN CERTIFICATE-----\n..." ];
  "The policy, in headscale's own language" = {
    # A path literal, which JSON has not.
    file.literal = "./policy.hujson";
    groups."group:admins" = [ "alice@" ];
    hosts.office = "10.20.0.0/16";
    tagOwners."tag:worker" = [ "group:admins" ];
  };
  "A rule in the older form" = {
    proto = "tcp";
    src = [ "group:admins" ];
    dst = tcp443;
  };
  "A rule: who may reach what" = {
    src = [ "group:admins" ];
    dst = [ "tag:web" ];
    ip = [ "tcp:443" ];
    app."example.org/cap/files" = [ { readOnly = true; } ];
    via = [ "tag:router" ];
  };
  "Attributes for some nodes" = {
    target = [ "tag:worker" ];
    attr = [ "disable-ipv4" ];
  };
  "Whose announced routes are approved" = {
    routes."10.20.0.0/16" = [ "tag:router" ];
    exitNode = [ "tag:exit" ];
  };
  "Who may log in through Tailscale SSH" = {
    src = [ "group:admins" ];
    dst = [ "tag:worker" ];
    users = [ "root" ];
    acceptEnv = [ "LANG" ];
  };
  "What the rules have to allow and to deny" = {
    src = "alice@";
    proto = "tcp";
    accept = tcp443;
    deny = [ "tag:web:22" ];
  };
  "What the ssh rules have to allow and to deny" = {
    src = "alice@";
    dst = [ "tag:worker" ];
    accept = [ "root" ];
    deny = [ "root" ];
    check = [ "root" ];
  };
  "Machine access: TCP 22, and with Tailscale SSH the rule that says as whom" = {
    as = [ "root" ];
    acceptEnv = [ "LANG" ];
  };
  "Scraping over the tailnet" = {
    nodeExporter = 9100;
    kubelet = 10250;
    headscale = 9090;
    derper = 9091;
    tailscaled = 5252;
  };
  "Relays of your own, and which public ones are used beside them" = {
    publicRegions = [
      1
      2
    ];
    publicMap.Regions = { };
  };
  "A region: relays between which a client does not choose" = {
    code = "home";
    name = "Under the stairs";
    latitude = 52.5;
    longitude = 13.4;
  };
  "A relay" = {
    port = 8443;
    stunPort = 3478;
    httpPort = 80;
  };
}
