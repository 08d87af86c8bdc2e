# What Nix calculates of a host (`lib/facts.nix`) is what the generator says of it, for every node of every example. The
# 200 nodes of one example are alike, so of each only as many are compared as differ in more than their name.
{
  evalCluster,
  examples,
  expect,
  lib,
  tailnetLib,
  ...
}:
let
  # What Nix cannot know, or does not say.
  comparable =
    host:
    removeAttrs host [ "ssh" ]
    // {
      ports.underlay = map (port: removeAttrs port [ "purpose" ]) host.ports.underlay;
    }
    // lib.optionalAttrs (host ? headscale) { headscale = removeAttrs host.headscale [ "settings" ]; };

  nodesOf =
    cluster:
    let
      kinds = lib.groupBy (node: builtins.toJSON cluster.nodes.${node}) (lib.attrNames cluster.nodes);
      special =
        lib.optional (cluster ? controlServer.node) cluster.controlServer.node
        ++ lib.concatMap (region: lib.attrNames region.nodes) (lib.attrValues (cluster.derp.regions or { }));
    in
    lib.unique (special ++ map lib.head (lib.attrValues kinds));

  of =
    name: cluster:
    let
      judged = evalCluster cluster;
      inherit (tailnetLib.handOver cluster) declaration;
    in
    if !judged.ok then
      throw "the declaration `${name}` is wrong:\n${lib.concatStringsSep "\n" judged.findings}"
    else
    lib.listToAttrs (
      map (
        node:
        lib.nameValuePair "${name}: ${node}" {
          expected = comparable (lib.importJSON "${judged.artifacts}/nodes/${node}.json");
          actual = comparable (
            tailnetLib.facts {
              cluster = declaration;
              inherit node;
            }
          );
        }
      ) (nodesOf cluster)
    );

  # What no example has.
  rare = examples.minimal // {
    controlServer = {
      node = "primer";
      url = "https://headscale.example.org:8443/";
      listen = "127.0.0.1:8081";
      tls.mode = "proxy";
    };
    nodes = examples.minimal.nodes // {
      exit = {
        tags = [ "tag:exit" ];
        exitNode = true;
      };
      laptop = {
        owner = "alice";
        useExitNode = "exit";
        acceptRoutes = true;
        wireguardPort = 41642;
        preAuthKey.lifetime = "2h";
      };
    };
    derp.regions = {
      "901" = {
        code = "far";
        nodes.exit = {
          hostName = "exit.example.org";
          port = 443;
          httpPort = 80;
          stunPort = null;
        };
      };
      "900" = {
        code = "home";
        nodes.primer = {
          hostName = "derp.example.org";
          port = 9443;
        };
      };
    };
    k3s = {
      mtu = 1150;
      flannelBackend = "wireguard-native";
    };
    keys = {
      noise = "mkey:${lib.concatStrings (lib.genList (_: "1f") 32)}";
      k3s.caHash = lib.concatStrings (lib.genList (_: "2e") 32);
      derp.primer.certificate = "sha256-raw:${lib.concatStrings (lib.genList (_: "3d") 32)}";
    };
  };
in
expect "facts" (lib.concatMapAttrs of (examples // { inherit rare; }))
