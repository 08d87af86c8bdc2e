# What a host has to know of the declaration while nothing may be built: a part of `nodes/NAME.json`, calculated in Nix.
# `checks/facts.nix` compares both for every example. It has to hold for declarations that are wrong, too.
{ lib }:
{ cluster, node }:
let
  own = cluster.nodes.${node} or { };
in
{
  name = node;
  dnsName = "${node}.${cluster.baseDomain or "invalid"}";
  tags = own.tags or [ ];
}
