# A primer and a worker join the tailnet and reach each other as the policy says: the primer by itself, the worker with a key
# that was made on the primer.
{ pkgs, lib, ... }:
let
  common = import ./common { inherit pkgs lib; };
in
{
  name = "tailnet-mesh";

  nodes = {
    primer = {
      imports = [
        common.machine
        common.primer
      ];
      tailnet.cluster = common.cluster;
    };
    worker = {
      imports = [ common.machine ];
      tailnet.cluster = common.cluster;
      tailnet.secrets.authKeyFile = "/run/secrets/tailnet-auth-key";
      tailnet.listens = [ "tcp:8001" ];
    };
  };

  testScript = ''
    import json

    def state(machine):
        return json.loads(machine.execute("tailscale status --json --peers=false")[1] or "{}").get("BackendState")

    def address(machine):
        return machine.succeed("tailscale ip -4").strip()

    def journal(machine, unit):
        machine.succeed("journalctl --sync")
        return machine.succeed(f"journalctl -u {unit} -o cat")

    start_all()

    with subtest("the primer joins by itself"):
        primer.wait_for_unit("headscale.service")
        primer.wait_until_succeeds("tailscale ip -4", timeout=900)
        primer.succeed("systemctl start tailnet-online.target")
        primer.succeed("test ! -e /run/tailnet-login/auth-key")
        primer.wait_until_succeeds("headscale users list --output json | jq -e 'map(.name) == [\"alice\"]'", timeout=600)

    with subtest("the worker waits for its key, and has failed in nothing"):
        worker.wait_for_unit("tailscaled.service")
        worker.wait_until_succeeds("journalctl -u tailnet-login.service | grep -q 'waiting for a pre-auth key'", timeout=900)
        worker.succeed("systemctl is-active tailnet-login.service")
        failed = worker.succeed("systemctl list-units --failed --plain --no-legend | grep -v 'systemd-modules-load' || true")
        assert "tail" not in failed, failed

    with subtest("with the key it joins, and the key stands in no argument"):
        made = primer.succeed("headscale preauthkeys create --tags tag:worker --expiration 1h --output json")
        key = json.loads(made)["key"]
        assert key.startswith("hskey-auth-"), made
        worker.succeed(
            "cat > /root/watch <<'END'\nwhile :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -e auth -e hskey >> /root/seen; sleep 0.3; done\nEND\n"
            "systemd-run --unit=watch bash /root/watch"
        )
        worker.succeed(f"umask 077; printf %s {key} > /run/secrets/new && mv /run/secrets/new /run/secrets/tailnet-auth-key")
        worker.wait_until_succeeds("tailscale ip -4", timeout=900)
        worker.succeed("systemctl stop watch")
        worker.succeed("grep -q -e '--auth-key=file:/run/secrets/tailnet-auth-key' /root/seen")
        secret = key.rsplit("-", 1)[1]
        worker.fail(f"grep -F {secret} /root/seen")
        worker.fail(f"journalctl -o cat | grep -F {secret}")
        worker.succeed("systemctl start tailnet-online.target")

    with subtest("tags come from the keys"):
        nodes = {node["given_name"]: node for node in json.loads(primer.succeed("headscale nodes list --output json"))}
        assert nodes["primer"]["tags"] == ["tag:primer"] and nodes["worker"]["tags"] == ["tag:worker"], nodes

    with subtest("each reaches what the policy lets it reach, and nothing else"):
        primer.succeed("systemd-run --unit=http8000 python3 -m http.server 8000", "systemd-run --unit=http8002 python3 -m http.server 8002")
        worker.succeed("systemd-run --unit=http8001 python3 -m http.server 8001")
        to_primer, to_worker = address(primer), address(worker)
        worker.wait_until_succeeds(f"curl -fsS --max-time 10 http://{to_primer}:8000/ >/dev/null", timeout=600)
        primer.wait_until_succeeds(f"curl -fsS --max-time 10 http://{to_worker}:8001/ >/dev/null", timeout=600)
        worker.fail(f"curl -fsS --max-time 10 http://{to_primer}:8002/")
        worker.fail(f"curl -fsS --max-time 10 http://{to_primer}:9090/metrics")
        worker.succeed(f"ping -c 1 -W 10 {to_primer}")

    with subtest("outside the tailnet only what has to be is open"):
        worker.succeed("curl -fsS --max-time 20 https://${common.control}/health")
        worker.fail("curl -fsS --max-time 10 http://${common.control}:9090/metrics")
        worker.fail("curl -fsS --max-time 10 http://${common.control}:8000/")

    with subtest("the relay is derper, behind the certificate, and knows its clients"):
        status = json.loads(worker.succeed("tailscale status --json"))
        assert status["Self"]["Relay"] == "test", status["Self"]
        code = worker.succeed("curl -sS --max-time 20 -o /dev/null -w '%{http_code}' https://${common.relay}:8443/derp")
        assert code == "426", code
        primer.succeed("curl -fsS --resolve ${common.relay}:8443:127.0.0.1 https://${common.relay}:8443/debug/varz | grep derp >/dev/null")
        worker.fail("curl -fsS --max-time 20 https://${common.relay}:8443/debug/varz")

    with subtest("a renewed certificate restarts the relay"):
        before = primer.succeed("systemctl show -P MainPID derper.service").strip()
        primer.succeed("cp /run/secrets/server.pem /run/secrets/next && mv /run/secrets/next /run/secrets/server.pem")
        primer.wait_until_succeeds(f"[ $(systemctl show -P MainPID derper.service) != {before} ] && systemctl is-active derper.service", timeout=600)
        primer.wait_for_unit("headscale.service")

    with subtest("what drifts is set again"):
        worker.succeed("tailscale set --accept-routes --hostname=somebody")
        worker.succeed("systemctl start tailnet-login.service")
        worker.wait_until_succeeds(
            "tailscale debug prefs | jq -e '.RouteAll == false and .Hostname == \"worker\"'", timeout=60
        )

    with subtest("without the control server nothing fails, and what is joined goes on"):
        primer.succeed("systemctl stop headscale.service")
        worker.succeed("systemctl start tailnet-login.service")
        worker.succeed("systemctl restart tailnet-login.service")
        worker.fail("systemctl is-failed tailnet-login.service")
        worker.succeed(f"curl -fsS --max-time 20 http://{to_primer}:8000/ >/dev/null")
        primer.succeed("systemctl start headscale.service")
        primer.wait_for_unit("headscale.service")

    with subtest("no logs and no log-ins for Tailscale"):
        # What it cannot be kept from (1.98): when the control server cannot be reached, it asks Tailscale's relays whether
        # its name has another address (bootstrapDNS).
        for machine in (primer, worker):
            said = journal(machine, "tailscaled.service")
            for stranger in ("controlplane.tailscale.com", "log.tailscale.com"):
                assert stranger not in said, [line for line in said.splitlines() if stranger in line][:3]
  '';
}
