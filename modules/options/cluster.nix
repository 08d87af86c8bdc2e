# `tailnet.cluster`: the declaration, the same on every host.
{ lib, ... }:
{
  options.tailnet.cluster = lib.mkOption {
    type = (import ./schema.nix { inherit lib; }).cluster;
    default = { };
    defaultText = lib.literalExpression "{ }";
    example = lib.literalExpression "import ./cluster.nix";
    description = ''
      The cluster: its nodes, its people, who may reach what, its relays, its names, its k3s. Import the same file on every
      host. It is plain data, without a secret and without a store path; what is left out takes the default that is shown.
      If nothing is set while {option}`tailnet.enable` is, the evaluation fails and says what a cluster has to have.
    '';
  };
}
