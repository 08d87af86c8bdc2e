# A policy that changes is reloaded, not restarted; one that headscale refuses fails the reload and leaves the old one in
# force.
{ pkgs, lib, ... }:
let
  common = import ./common { inherit pkgs lib; };
in
{
  name = "tailnet-policy-reload";

  nodes.primer = {
    imports = [
      common.machine
      common.primer
    ];
    tailnet.cluster = common.cluster;
  };

  testScript = ''
    import json
    import time

    policy = "/etc/headscale/policy.hujson"

    def in_force():
        return json.loads(primer.succeed("curl -fsS -H 'Accept: application/json' http://127.0.0.1:9090/debug/filter"))

    def main_pid():
        return primer.succeed("systemctl show -P MainPID headscale.service").strip()

    def deploy(text):
        # As a switch does: another file behind the same path.
        primer.succeed(f"cat > /run/policy <<'END'\n{text}\nEND\nln -sfn /run/policy {policy}.new && mv -T {policy}.new {policy}")

    def reload():
        start = time.monotonic()
        code, _ = primer.execute("systemctl reload headscale.service")
        print(f"reload: exit code {code} after {time.monotonic() - start:.1f} s")
        return code == 0

    def last_said():
        primer.succeed("journalctl --sync")
        return primer.succeed("journalctl -u headscale.service -n 40 -o cat")

    def rules(*ports):
        return json.dumps({
            "tagOwners": {"tag:primer": ["alice@"], "tag:worker": ["alice@"]},
            "grants": [{"src": ["100.64.0.0/10"], "dst": ["100.64.0.0/10"], "ip": [f"tcp:{p}" for p in ports]}],
        })

    start_all()
    primer.wait_for_unit("headscale.service")
    pid = main_pid()
    deployed = primer.succeed(f"readlink -f {policy}").strip()

    with subtest("nothing changed"):
        assert reload(), last_said()
        assert "nothing in it changes what is in force" in last_said(), last_said()

    with subtest("a good policy is in force after the reload, and headscale was not restarted"):
        deploy(rules(4001))
        assert reload(), last_said()
        assert "the new policy is in force" in last_said(), last_said()
        good = in_force()
        assert "4001" in json.dumps(good), good
        assert main_pid() == pid

    with subtest("only a comment changed"):
        deploy("// the same rules\n" + rules(4001))
        assert reload(), last_said()
        assert in_force() == good

    with subtest("a policy that headscale refuses fails the reload, and the old one stays in force"):
        deploy(rules(4002).replace('"dst": ["100.64.0.0/10"]', '"dst": ["tag:nobody"]'))
        assert not reload(), last_said()
        said = last_said()
        assert "refused the new policy" in said and "tag:nobody" in said, said
        assert in_force() == good
        assert main_pid() == pid
        primer.succeed("systemctl is-active headscale.service")

    with subtest("text that is no policy"):
        deploy("{ \"grants\": [")
        assert not reload(), last_said()
        assert in_force() == good

    with subtest("and back to the one that was deployed"):
        primer.succeed(f"ln -sfn {deployed} {policy}")
        assert reload(), last_said()
        assert in_force() != good
        assert main_pid() == pid
  '';
}
