# What a host has to know of the declaration while nothing may be built: `nodes/NAME.json` without what only the policy
# engine knows (`ssh`, `ports.tailnet`) and without headscale's settings, which are merged when they are built. Those are
# null. `checks/facts.nix` compares the rest with the generator's for every node of every example, so that this file
# cannot drift from it.
#
# Total: the modules read it for declarations that are wrong, too, so that everything that is wrong is said at once.
{ lib }:
{ cluster, node }:
let
  inherit (lib) optionalAttrs;

  # The value at a path that may not be there, or that somebody has set to null.
  get =
    path: default: set:
    let
      value = lib.attrByPath path null set;
    in
    if value == null then default else value;

  # As `get`, where null is an answer: "no metrics".
  getNullable = lib.attrByPath;

  nodes = get [ "nodes" ] { } cluster;
  own = get [ node ] { } nodes;
  base = get [ "baseDomain" ] "invalid" cluster;
  server = get [ "controlServer" ] { } cluster;
  url = get [ "url" ] "https://control.invalid" server;
  tls = get [ "tls" "mode" ] "letsencrypt" server;
  version = get [ "headscaleVersion" ] "0.29" cluster;
  derp = get [ "derp" ] { } cluster;
  k3s = get [ "k3s" ] { } cluster;
  tailnetMtu = get [ "tailnetMtu" ] 1280 cluster;
  noiseKey = optionalAttrs (get [ "keys" "noise" ] null cluster != null) {
    noiseKey = cluster.keys.noise;
  };

  isControlServer = get [ "node" ] null server == node;
  tags = get [ "tags" ] [ ] own;
  owner = if tags == [ ] then get [ "owner" ] null own else null;

  # "https://host:8443/x": scheme, port with its colon (or null).
  urlParts = builtins.match "(https?)://(\\[[^]]*]|[^/:]*)(:([0-9]+))?([/?#].*)?" url;
  urlPort =
    if urlParts == null then
      443
    else if builtins.elemAt urlParts 3 != null then
      lib.toInt (builtins.elemAt urlParts 3)
    else if lib.head urlParts == "https" then
      443
    else
      80;

  listenPort =
    let
      listen = get [ "listen" ] null server;
      port = builtins.match ".*:([0-9]+)" (toString listen);
    in
    if listen != null && port != null then
      lib.toInt (lib.head port)
    else if tls == "proxy" then
      8080
    else
      urlPort;

  # This host's relay, in the first of the regions (by number) that has one.
  regions = lib.sort (a: b: lib.stringLength a < lib.stringLength b || (lib.stringLength a == lib.stringLength b && a < b)) (
    lib.attrNames (get [ "regions" ] { } derp)
  );
  relayRegions = lib.filter (id: get [ id "nodes" node ] null derp.regions != null) regions;
  relays = map (id: derp.regions.${id}.nodes.${node}) relayRegions;
  embedded = get [ "implementation" ] "derper" derp == "embedded";
  stunPort = getNullable [ "stunPort" ] 3478;

  derper =
    let
      relay = lib.head relays;
      httpPort = get [ "httpPort" ] null relay;
      stun = stunPort relay;
      keys = get [ "keys" "derp" node ] { } cluster;
      verifyUrl =
        if isControlServer && tls == "proxy" then
          "http://127.0.0.1:${toString listenPort}/verify"
        else
          "${trimSlashes url}/verify";
    in
    {
      region = lib.toInt (lib.head relayRegions);
      hostName = get [ "hostName" ] "invalid" relay;
      args = [
        "-a=:${toString (get [ "port" ] 443 relay)}"
        "-hostname=${get [ "hostName" ] "invalid" relay}"
        "-certmode=manual"
        "-http-port=${if httpPort == null then "-1" else toString httpPort}"
        (if stun == null then "-stun=false" else "-stun-port=${toString stun}")
      ]
      ++ lib.optionals (get [ "verifyClients" ] true derp) [
        "-verify-client-url=${verifyUrl}"
        "-verify-client-url-fail-open=false"
      ]
      ++ lib.optional (get [ "stunOnly" ] false relay) "-derp=false";
    }
    // optionalAttrs (get [ "certificate" ] null keys != null) { inherit (keys) certificate; }
    // optionalAttrs (get [ "publicKey" ] null keys != null) { inherit (keys) publicKey; };

  trimSlashes = text: if lib.hasSuffix "/" text then trimSlashes (lib.removeSuffix "/" text) else text;

  role = get [ "k3s" ] null own;
  isServer = name: get [ name "k3s" ] null nodes == "server";
  servers = lib.filter isServer (lib.attrNames nodes);
  initServer =
    let
      written = get [ "initServer" ] null k3s;
      control = get [ "node" ] null server;
    in
    if written != null && isServer written then
      written
    else if control != null && isServer control then
      control
    else if servers != [ ] then
      lib.head servers
    else
      null;

  backend = get [ "flannelBackend" ] "vxlan" k3s;
  overhead =
    {
      vxlan = 50;
      wireguard-native = 80;
    }
    .${backend} or null;
  podMtu =
    get [ "mtu" ] (if overhead == null then tailnetMtu else lib.max 0 (tailnetMtu - overhead)) k3s;

  # flannel's own configuration, for an MTU that is not what it would find itself.
  flannelConf =
    let
      ranges = lib.toList (get [ "podCidr" ] "10.42.0.0/16" k3s);
      v4 = lib.filter (range: !lib.hasInfix ":" range) ranges;
      v6 = lib.filter (lib.hasInfix ":") ranges;
    in
    {
      EnableIPv4 = v4 != [ ];
      EnableIPv6 = v6 != [ ];
      Backend = {
        MTU = lib.min 65535 (podMtu + overhead);
      }
      // (
        if backend == "wireguard-native" then
          {
            Type = "wireguard";
            PersistentKeepaliveInterval = 25;
          }
        else
          { Type = "vxlan"; }
      );
    }
    // optionalAttrs (v4 != [ ]) { Network = lib.head v4; }
    // optionalAttrs (v6 != [ ]) { IPv6Network = lib.head v6; };

  tcp = who: port: {
    protocol = "tcp";
    inherit port who;
  };
  udp = who: port: {
    protocol = "udp";
    inherit port who;
  };
  relayName = if embedded then "headscale's relay" else "derper";

  # Without what each port is for, which only people read.
  underlay = [
    (udp "tailscaled" (get [ "wireguardPort" ] 41641 own))
  ]
  ++ lib.optional (isControlServer && tls == "proxy") (tcp "the proxy before headscale" urlPort)
  ++ lib.optional (isControlServer && tls != "proxy") (tcp "headscale" listenPort)
  ++ lib.optional (
    isControlServer
    && tls == "letsencrypt"
    && get [ "tls" "challenge" ] "HTTP-01" server == "HTTP-01"
  ) (tcp "headscale" 80)
  ++ lib.concatMap (
    relay:
    lib.optionals (!embedded) (
      [ (tcp relayName (get [ "port" ] 443 relay)) ]
      ++ lib.optional (get [ "httpPort" ] null relay != null) (tcp relayName relay.httpPort)
    )
    ++ lib.optional (stunPort relay != null) (udp relayName (stunPort relay))
  ) relays;
in
{
  name = node;
  dnsName = "${node}.${base}";
  inherit tags;
  preAuthKey = {
    inherit tags;
    lifetime = get [ "preAuthKey" "lifetime" ] "1h" own;
  }
  // optionalAttrs (owner != null) { user = owner; };
  tailscale = {
    loginServer = url;
    hostname = node;
    port = get [ "wireguardPort" ] 41641 own;
    mtu = tailnetMtu;
    acceptDns = get [ "acceptDns" ] (role == null) own;
    acceptRoutes = get [ "acceptRoutes" ] false own;
    advertiseRoutes = get [ "routes" ] [ ] own;
    advertiseExitNode = get [ "exitNode" ] false own;
  }
  // noiseKey
  // optionalAttrs (get [ "useExitNode" ] null own != null) {
    exitNode = "${own.useExitNode}.${base}";
  };
  ssh = null;
  ports = {
    tailnet = null;
    underlay = lib.unique (
      lib.sort (a: b: a.protocol < b.protocol || (a.protocol == b.protocol && a.port < b.port)) underlay
    );
  };
}
// optionalAttrs (owner != null) { inherit owner; }
// optionalAttrs isControlServer {
  headscale = {
    inherit version;
    settings = null;
    users = lib.mapAttrsToList (
      name: user:
      {
        inherit name;
      }
      // lib.filterAttrs (_: value: value != null) {
        email = user.email or null;
        displayName = user.displayName or null;
      }
    ) (get [ "users" ] { } cluster);
  }
  // noiseKey;
}
// optionalAttrs (relays != [ ] && !embedded) { inherit derper; }
// optionalAttrs (role != null && initServer != null) {
  k3s = {
    inherit role podMtu;
    config = "nodes/${node}/k3s.yaml";
    init = initServer == node;
  }
  // optionalAttrs (initServer != node) {
    server = "https://${initServer}.${base}:${toString (get [ "apiPort" ] 6443 k3s)}";
  }
  // optionalAttrs (get [ "keys" "k3s" "caHash" ] null cluster != null) {
    inherit (cluster.keys.k3s) caHash;
  }
  // optionalAttrs
    (
      overhead != null
      && get [ "mtu" ] null k3s != null
      && podMtu != lib.max 0 (tailnetMtu - overhead)
    )
    {
      inherit flannelConf;
    };
}
