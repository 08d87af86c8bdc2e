{ lib, ... }:
{
  # In place of derper: headscale answers on 443 as a relay, too.
  tailnet.cluster.derp = {
    implementation = "embedded";
    regions."900".nodes.primer = {
      hostName = lib.mkForce "headscale.keystone.example.org";
      port = lib.mkForce 443;
    };
  };
}
