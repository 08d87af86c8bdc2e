# k3s over the tailnet, layered on services.k3s.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  inherit (lib) mkIf optional;
  support = import ./support { inherit lib; };
  cfg = config.tailnet;
  generated = cfg.generated;
  host = generated.host;
  service = config.services.k3s;
  enabled = cfg.enable && host ? k3s;
  inherit (host) k3s;
  isAgent = k3s.role == "agent";
  isServer = !isAgent;
  interface = "tailscale0";

  artifact = support.artifact pkgs cfg;

  toList = value: if builtins.isList value then value else [ value ];

  settings = {
    inherit (k3s) role;
    inherit interface;
    config = artifact "k3s.yaml" generated.files.k3sConfig;
    server = k3s.server or null;
    caHash = k3s.caHash or null;
    dualStack = lib.any (lib.hasInfix ":") (toList (cfg.cluster.k3s.podCidr or [ ]));
    tokenFile = if isServer then cfg.secrets.k3sTokenFile else null;
    agentTokenFile = cfg.secrets.k3sAgentTokenFile;
    flannelConf =
      if k3s.flannelConf or null == null then
        null
      else
        pkgs.writeText "flannel.json" (builtins.toJSON k3s.flannelConf);
  };

  directory = "tailnet-k3s";
  configPath = "/run/${directory}/config.yaml";
  flannelInterface =
    if cfg.cluster.k3s.flannelBackend or "vxlan" == "wireguard-native" then "flannel-wg" else "flannel.1";

  # k3s' own flags that the declaration decides, as somebody may write them again.
  decided = [
    "agent-token"
    "agent-token-file"
    "cluster-cidr"
    "cluster-dns"
    "cluster-domain"
    "cluster-init"
    "config"
    "flannel-backend"
    "flannel-conf"
    "flannel-iface"
    "https-listen-port"
    "node-ip"
    "node-name"
    "server"
    "service-cidr"
    "token"
    "token-file"
    "vpn-auth"
    "vpn-auth-file"
    "write-kubeconfig-mode"
  ];
  flags = lib.concatMap (lib.splitString " ") (lib.flatten (toList service.extraFlags));
  inherit (support) flagName;
  again = lib.filter (flag: lib.hasPrefix "-" flag && lib.elem (flagName flag) decided) flags;

  hasAgents = lib.any (node: node.k3s or null == "agent") (lib.attrValues (cfg.cluster.nodes or { }));

  contradicts = option: here: declared: {
    code = "TN601";
    places = [
      here
      "services.k3s.${option}"
    ];
    message = "the declaration makes this ${builtins.toJSON declared}, and the host sets ${
      builtins.toJSON service.${option}
    }";
    help = [ "leave services.k3s.${option} out" ];
  };
in
{
  config = mkIf enabled {
    services.k3s = {
      enable = true;
      role = lib.mkOverride 900 k3s.role;
      configPath = lib.mkOverride 900 configPath;
    }
    // lib.optionalAttrs (options.services.k3s ? manifests) {
      manifests = mkIf isServer {
        tailnet-coredns-custom.source = artifact "coredns-custom.yaml" generated.files.corednsCustom;
      };
    };

    systemd.services.k3s = {
      after = [ "tailnet-online.target" ];
      # Not required: tailscaled may be started again, and pods go on running.
      wants = [ "tailnet-online.target" ];
      serviceConfig = {
        ExecStartPre = [
          "${
            support.script pkgs "k3s-prepare" [
              pkgs.coreutils
              pkgs.iproute2
              pkgs.jq
              config.services.tailscale.package
            ]
          } ${pkgs.writeText "k3s-prepare.json" (builtins.toJSON settings)}"
        ];
        RuntimeDirectory = directory;
        RuntimeDirectoryMode = "0700";
      };
    };

    systemd.services.tailnet-k3s-recover = {
      description = "k3s started again where it lost its network with tailscaled's interface";
      after = [ "tailscaled.service" ];
      wantedBy = [ "tailscaled.service" ];
      serviceConfig = {
        Type = "exec";
        ExecStart = "${
          support.script pkgs "k3s-recover" [
            pkgs.coreutils
            pkgs.iproute2
            config.systemd.package
          ]
        } ${interface} ${flannelInterface}";
      };
    };

    tailnet.findings =
      optional (service.role != k3s.role) (
        contradicts "role" "tailnet.cluster.nodes.${host.name}.k3s" k3s.role
      )
      ++ optional (toString service.configPath != configPath) (
        contradicts "configPath" "tailnet.cluster.k3s" configPath
      )
      ++ optional (service.serverAddr != "") (
        contradicts "serverAddr" "tailnet.cluster.k3s.initServer" (k3s.server or "")
      )
      ++ optional (isServer && service.clusterInit) (
        contradicts "clusterInit" "tailnet.cluster.k3s.embeddedEtcd" false
      )
      ++
        map
          (option: {
            code = "TN601";
            places = [
              "tailnet.secrets.${if lib.hasPrefix "agent" option then "k3sAgentTokenFile" else "k3sTokenFile"}"
              "services.k3s.${option}"
            ];
            message = "k3s would have two tokens";
            help = [ "set the path under tailnet.secrets, and leave services.k3s.${option} out" ];
          })
          (
            lib.filter
              (
                option:
                !lib.elem (service.${option} or null) [
                  null
                  ""
                ]
              )
              [
                "token"
                "tokenFile"
                "agentToken"
                "agentTokenFile"
              ]
          )
      ++ optional (service.nodeIP or null != null) {
        code = "TN601";
        places = [
          "tailnet.cluster.nodes.${host.name}.k3s"
          "services.k3s.nodeIP"
        ];
        message = "a k3s node's address is that of ${interface}, which is found when k3s starts, and the host sets ${builtins.toJSON service.nodeIP}";
        help = [ "leave services.k3s.nodeIP out" ];
      }
      ++ map (flag: {
        code = "TN601";
        places = [
          "tailnet.cluster.k3s"
          "services.k3s.extraFlags"
        ];
        message = "the declaration decides --${flagName flag}, and the host sets it again";
        help = [ "change tailnet.cluster.k3s, or leave the flag out" ];
      }) again
      ++ optional (isAgent && cfg.secrets.k3sAgentTokenFile == null) {
        code = "TN607";
        places = [ "tailnet.secrets.k3sAgentTokenFile" ];
        message = "an agent joins with the agent token, and this host has no path to one";
        help = [ "set it to where the file lies on this host" ];
      }
      ++ optional (isAgent && cfg.secrets.k3sTokenFile != null) {
        code = "TN608";
        places = [ "tailnet.secrets.k3sTokenFile" ];
        message = "whoever has the server's token is administrator of the cluster, and an agent does not need it";
        help = [ "leave it out on agents" ];
      }
      ++ optional (isServer && k3s ? server && cfg.secrets.k3sTokenFile == null) {
        code = "TN607";
        places = [ "tailnet.secrets.k3sTokenFile" ];
        message = "a second server joins with the first one's token, and this host has no path to one";
        help = [ "set it to where the file lies on this host" ];
      }
      ++ optional (isServer && cfg.secrets.k3sAgentTokenFile == null && hasAgents) {
        code = "TN608";
        severity = "warning";
        places = [ "tailnet.secrets.k3sAgentTokenFile" ];
        message = "without a token of their own agents join with the server's, which makes whoever reads it on a worker administrator of the cluster";
        help = [ "set it on servers and agents" ];
      };
  };
}
