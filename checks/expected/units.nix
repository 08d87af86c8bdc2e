# What the units of the example's hosts have to say, written down: `checks/units.nix` compares. `...` stands for a path's place
# in the store. Units of our own stand here whole; of those that nixpkgs makes, what this project adds or counts on.
let
  login = script: settings: {
    whole = true;
    serviceConfig = {
      Type = "exec";
      ExecStart = "${script} ${settings}";
      Restart = "on-failure";
      RestartSec = "30s";
      RuntimeDirectory = "tailnet-login";
      RuntimeDirectoryMode = "0700";
      UMask = "0077";
      NoNewPrivileges = true;
      PrivateTmp = true;
      ProtectHome = "read-only";
      ProtectSystem = "strict";
    };
    wants = [ "tailscaled.service" ];
    requires = [ ];
    wantedBy = [ "multi-user.target" ];
  };

  online = {
    whole = true;
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      TimeoutStartSec = "120s";
      ExecStart = ".../bin/tailnet-wait-online headscale.keystone.example.org";
      NoNewPrivileges = true;
      PrivateTmp = true;
      ProtectHome = true;
      ProtectSystem = "strict";
    };
    after = [
      "tailscaled.service"
      "tailnet-login.service"
    ];
    wants = [ "tailnet-login.service" ];
    requires = [ ];
    wantedBy = [ ];
  };

  tailscaled = {
    serviceConfig.Environment = [
      "PORT=41641"
      "\"FLAGS=--tun tailscale0 --no-logs-no-support\""
    ];
    stopIfChanged = false;
    wantedBy = [ "multi-user.target" ];
  };

  recover = {
    whole = true;
    serviceConfig = {
      Type = "exec";
      ExecStart = ".../bin/k3s-recover tailscale0 flannel.1";
    };
    after = [ "tailscaled.service" ];
    wantedBy = [ "tailscaled.service" ];
    requires = [ ];
  };

  k3s = {
    serviceConfig = {
      RuntimeDirectory = "tailnet-k3s";
      RuntimeDirectoryMode = "0700";
      Restart = "always";
      KillMode = "process";
    };
    # Ordered after the tailnet and not tied to it: tailscaled may be started again under running pods.
    after = [
      "firewall.service"
      "network-online.target"
      "tailnet-online.target"
    ];
    wants = [
      "firewall.service"
      "network-online.target"
      "tailnet-online.target"
    ];
    requires = [ ];
    bindsTo = [ ];
    partOf = [ ];
  };
in
{
  primer = {
    headscale = {
      serviceConfig = {
        Type = "simple";
        User = "headscale";
        Group = "headscale";
        ExecStartPre = [
          ".../bin/headscale-database prepare /var/lib/headscale/db.sqlite /var/lib/headscale/backups"
        ];
        ExecStartPost = [
          ".../bin/headscale-ready $MAINPID https://127.0.0.1:443/health --insecure"
        ];
        ExecReload = [ "+.../bin/headscale-reload $MAINPID" ];
        LoadCredential = [
          "tls.crt:/var/lib/acme/headscale.keystone.example.org/fullchain.pem"
          "tls.key:/var/lib/acme/headscale.keystone.example.org/key.pem"
        ];
        CapabilityBoundingSet = [
          "CAP_CHOWN"
          "CAP_NET_BIND_SERVICE"
        ];
        TimeoutStartSec = "10min";
      };
      reloadTriggers = [ ".../policy.hujson" ];
    };

    headscale-users = {
      whole = true;
      serviceConfig = {
        Type = "oneshot";
        Restart = "on-failure";
        RestartSec = "5s";
        ExecStart = ".../bin/headscale-users .../headscale-users.json";
        User = "headscale";
        Group = "headscale";
        NoNewPrivileges = true;
        PrivateTmp = true;
        ProtectHome = true;
        ProtectSystem = "strict";
      };
      after = [ "headscale.service" ];
      wants = [ "headscale.service" ];
      requires = [ ];
      wantedBy = [ "multi-user.target" ];
    };

    derper = {
      whole = true;
      serviceConfig = {
        ExecStart = ".../bin/derper -c=%S/derper/derper.key -certdir=%d -a=:8443 -hostname=derp.keystone.example.org -certmode=manual -http-port=-1 -stun-port=3478 -verify-client-url=https://headscale.keystone.example.org/verify -verify-client-url-fail-open=false";
        LoadCredential = [
          "derp.keystone.example.org.crt:/var/lib/acme/headscale.keystone.example.org/fullchain.pem"
          "derp.keystone.example.org.key:/var/lib/acme/headscale.keystone.example.org/key.pem"
        ];
        AmbientCapabilities = [ "" ];
        CapabilityBoundingSet = [ "" ];
        DevicePolicy = "closed";
        DynamicUser = true;
        LimitNOFILE = 1048576;
        LockPersonality = true;
        MemoryDenyWriteExecute = true;
        NoNewPrivileges = true;
        PrivateDevices = true;
        PrivateTmp = true;
        PrivateUsers = true;
        ProcSubset = "pid";
        ProtectClock = true;
        ProtectControlGroups = true;
        ProtectHome = true;
        ProtectHostname = true;
        ProtectKernelLogs = true;
        ProtectKernelModules = true;
        ProtectKernelTunables = true;
        ProtectProc = "invisible";
        ProtectSystem = "strict";
        RemoveIPC = true;
        Restart = "always";
        RestartSec = "5s";
        RestrictAddressFamilies = [
          "AF_INET"
          "AF_INET6"
          "AF_NETLINK"
          "AF_UNIX"
        ];
        RestrictNamespaces = true;
        RestrictRealtime = true;
        RestrictSUIDSGID = true;
        StateDirectory = "derper";
        StateDirectoryMode = "0700";
        SystemCallArchitectures = "native";
        SystemCallErrorNumber = "EPERM";
        SystemCallFilter = [
          "@system-service"
          "~@privileged"
          "~@resources"
        ];
        UMask = "0077";
      };
      wantedBy = [ "multi-user.target" ];
    };

    derper-certificate = {
      whole = true;
      serviceConfig = {
        Type = "oneshot";
        ExecStartPre = ".../bin/sleep 2";
        ExecStart = ".../bin/systemctl try-restart derper.service";
      };
    };

    tailnet-login = login ".../bin/tailnet-login" ".../tailnet-login.json" // {
      after = [
        "tailscaled.service"
        "network.target"
        "headscale.service"
        "headscale-users.service"
      ];
    };
    tailnet-wait-online = online;
    tailnet-k3s-recover = recover;
    inherit tailscaled;

    k3s = k3s // {
      serviceConfig = k3s.serviceConfig // {
        Type = "notify";
        ExecStart = ".../bin/k3s server --config /run/tailnet-k3s/config.yaml";
      };
    };
  };

  worker = {
    tailnet-login = login ".../bin/tailnet-login" ".../tailnet-login.json" // {
      after = [
        "tailscaled.service"
        "network.target"
      ];
    };
    tailnet-wait-online = online;
    tailnet-k3s-recover = recover;
    inherit tailscaled;

    k3s = k3s // {
      serviceConfig = k3s.serviceConfig // {
        Type = "exec";
        ExecStart = ".../bin/k3s agent --config /run/tailnet-k3s/config.yaml";
      };
    };
  };

  # What a host without a role must not have.
  absent.worker = [
    "headscale"
    "headscale-users"
    "derper"
    "derper-certificate"
  ];

  firewall = {
    primer = {
      allowedTCPPorts = [
        80
        443
        8443
      ];
      allowedUDPPorts = [
        3478
        41641
      ];
      trustedInterfaces = [
        "cni0"
        "flannel.1"
        "lo"
      ];
      tailnet = {
        tcp = [
          22
          3000
          6443
          9100
          10250
        ];
        udp = [ 8472 ];
      };
    };
    worker = {
      allowedTCPPorts = [ ];
      allowedUDPPorts = [ 41641 ];
      trustedInterfaces = [
        "cni0"
        "flannel.1"
        "lo"
      ];
      tailnet = {
        tcp = [
          22
          9100
          10250
        ];
        udp = [ 8472 ];
      };
    };
  };

  # What the scripts are told.
  login = {
    primer = {
      authKeyFile = null;
      loginServer = "https://headscale.keystone.example.org";
      mint = {
        tags = [ "tag:primer" ];
        user = null;
      };
      noiseKey = null;
      set = [
        "--accept-dns=false"
        "--accept-routes=false"
        "--advertise-exit-node=false"
        "--advertise-routes="
        "--exit-node="
        "--hostname=primer"
        "--ssh=true"
        "--accept-risk=lose-ssh"
      ];
    };
    worker = {
      authKeyFile = "/run/secrets/tailnet-auth-key";
      loginServer = "https://headscale.keystone.example.org";
      mint = null;
      noiseKey = null;
      set = [
        "--accept-dns=false"
        "--accept-routes=false"
        "--advertise-exit-node=false"
        "--advertise-routes="
        "--exit-node="
        "--hostname=worker"
        "--ssh=true"
        "--accept-risk=lose-ssh"
      ];
    };
  };
}
