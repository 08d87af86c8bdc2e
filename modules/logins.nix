# The logins that the policy's ssh rules name have to exist where the rules lead.
{ config, lib, ... }:
let
  cfg = config.tailnet;
  host = cfg.generated.host;
  logins = host.ssh.logins or [ ];
  users = lib.filter (user: user.enable or true) (lib.attrValues config.users.users);
  names = map (user: user.name) users;
  missing = lib.subtractLists names logins;

  shells = lib.listToAttrs (map (user: lib.nameValuePair user.name user) users);
  # A system account without a shell takes no session, whatever the policy says.
  closed = lib.filter (
    login:
    shells ? ${login}
    && !(shells.${login}.useDefaultShell or false)
    && lib.hasSuffix "nologin" (toString (shells.${login}.shell or ""))
  ) logins;
in
{
  config = lib.mkIf (cfg.enable && host ? ssh) {
    tailnet.findings =
      map (login: {
        code = "TN603";
        places = [
          "tailnet.cluster.policy.ssh"
          "users.users.${login}"
        ];
        message = "an ssh rule of the policy lets people log in to ${host.name} as `${login}`, who does not exist on it";
        help = [
          "add users.users.${login}, or take ${login} out of the rule (access.ssh, policy.ssh) for this node"
        ];
      }) missing
      ++ map (login: {
        code = "TN603";
        severity = "warning";
        places = [
          "tailnet.cluster.policy.ssh"
          "users.users.${login}.shell"
        ];
        message = "an ssh rule of the policy lets people log in to ${host.name} as `${login}`, whose shell ends every session";
        help = [ "give users.users.${login} a shell, or take it out of the rule" ];
      }) closed;
  };
}
