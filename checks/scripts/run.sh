#!/usr/bin/env bash
# Runs the scripts of modules/scripts against stand-ins.
#
#   run.sh SCRIPTS        (in an empty folder; needs bash, jq, sqlite3, and shellcheck if it is to check)

# The stand-ins are scripts of their own: what is quoted here is for them to expand.
# shellcheck disable=SC2015,SC2016

set -euo pipefail
scripts=$1
here=$PWD
mkdir -p bin
PATH=$here/bin:$PATH

tests=0
fail() {
  echo "FAILED: $1" >&2
  exit 1
}
ok() {
  tests=$((tests + 1))
  echo "ok: $1"
}
stand_in() {
  printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"bin/$1"
  chmod +x "bin/$1"
}
run() { bash -o errexit -o nounset -o pipefail "$scripts/$1.sh" "${@:2}"; }

if command -v shellcheck >/dev/null; then
  for script in "$scripts"/*.sh; do
    { printf '#!/usr/bin/env bash\nset -euo pipefail\n' && cat "$script"; } | shellcheck - || fail "shellcheck: $script"
  done
  ok "shellcheck"
fi

# --- headscale-database -------------------------------------------------------------------------------------------------

database() { # VERSION|none
  rm -rf state && mkdir -p state
  sqlite3 state/db.sqlite 'PRAGMA journal_mode = wal; CREATE TABLE nodes (id INTEGER); INSERT INTO nodes VALUES (7);' >/dev/null
  if [ "$1" != none ]; then
    sqlite3 state/db.sqlite "CREATE TABLE database_versions (id INTEGER, version TEXT); INSERT INTO database_versions VALUES (1, '$1');"
  fi
}
headscale() { stand_in headscale "echo '{\"version\": \"$1\"}'"; }
prepare() { run headscale-database prepare state/db.sqlite state/backups; }
copies() { find state -name '*-before-*' | sort | tr '\n' ' '; }

headscale v0.29.2
rm -rf state && prepare && [ ! -e state ] && ok "no database yet"

database v0.29.0
prepare && [ -z "$(copies)" ] && ok "a patch release makes no copy"

database none
prepare && [ "$(copies)" = "state/backups/0.28.0-before-0.29.2.sqlite " ] || fail "0.28 to 0.29 makes a copy, has $(copies)"
[ "$(sqlite3 state/backups/0.28.0-before-0.29.2.sqlite 'SELECT id FROM nodes')" = 7 ] || fail "the copy has the data"
[ "$(stat -c %a state/backups/0.28.0-before-0.29.2.sqlite)" = 600 ] || fail "the copy is the owner's alone"
ok "a new minor version makes a copy, which has the data and is the owner's alone"

sqlite3 state/db.sqlite 'INSERT INTO nodes VALUES (8)'
prepare
[ "$(sqlite3 state/backups/0.28.0-before-0.29.2.sqlite 'SELECT count(*) FROM nodes')" = 1 ] || fail "replaced"
ok "a second start does not replace it"

headscale v0.31.0
database v0.29.2
if prepare 2>message; then fail "0.29 to 0.31 passed"; fi
grep -q 'run headscale 0.30 first' message && [ -z "$(copies)" ] && ok "two minor versions are refused, with the way out"
if run headscale-database check state/db.sqlite state/backups 2>/dev/null; then fail "the check before a switch passed"; fi
ok "the check before a switch refuses it as well"

headscale v0.28.0
if prepare 2>message; then fail "back to 0.28 passed"; fi
grep -q 'does not go back' message && ok "going back is refused"

headscale v0.30.0
run headscale-database check state/db.sqlite state/backups && [ -z "$(copies)" ] && ok "the check before a switch makes no copy"

headscale dev
prepare | grep -q 'no release' && ok "a version that is no release is left alone"

# --- k3s-prepare --------------------------------------------------------------------------------------------------------

stand_in ip 'echo "[{\"addr_info\": [{\"family\": \"inet\", \"scope\": \"global\", \"local\": \"100.64.0.2\"}, {\"family\": \"inet6\", \"scope\": \"link\", \"local\": \"fe80::1\"}, {\"family\": \"inet6\", \"scope\": \"global\", \"local\": \"fd7a:115c:a1e0::2\"}]}]"'
stand_in tailscale 'echo "{\"Self\": {\"DNSName\": \"worker.mesh.example.org.\", \"TailscaleIPs\": [\"100.64.0.2\"]}, \"Peer\": {\"a\": {\"DNSName\": \"primer.mesh.example.org.\", \"TailscaleIPs\": [\"fd7a:115c:a1e0::1\", \"100.64.0.1\"]}}}"'
export RUNTIME_DIRECTORY=$here/run
printf 'node-name: worker\nflannel-iface: tailscale0\n' >k3s.yaml
hash=$(printf '%064d' 7)
k3s() { # the settings beside what all have
  rm -rf run && mkdir run
  jq -n --arg config "$here/k3s.yaml" "{interface: \"tailscale0\", config: \$config} + $1" >settings.json
  run k3s-prepare settings.json
}
own() { cat run/config.yaml.d/50-host.yaml; }

echo agent-secret >agent
k3s "{role: \"agent\", server: \"https://primer.mesh.example.org:6443\", caHash: \"$hash\", agentTokenFile: \"$here/agent\", dualStack: false}"
cmp k3s.yaml run/config.yaml || fail "the configuration is as declared"
[ "$(own)" = "node-ip: \"100.64.0.2\"
server: \"https://100.64.0.1:6443\"
token-file: \"$here/run/token\"" ] || fail "an agent's own settings are $(own)"
[ "$(cat run/token)" = "K10$hash::node:agent-secret" ] || fail "the token is $(cat run/token)"
[ "$(stat -c %a run/token)" = 600 ] || fail "the token is the owner's alone"
ok "an agent has its address, the server's, and a full token"

if k3s "{role: \"agent\", server: \"https://primer.mesh.example.org:6443\", agentTokenFile: \"$here/agent\"}" 2>message; then fail "a token without authorities passed"; fi
grep -q 'names no authorities' message && ok "a token that names no authorities is refused"

echo "K10$(printf '%064d' 8)::node:agent-secret" >other
if k3s "{role: \"agent\", server: \"https://primer.mesh.example.org:6443\", caHash: \"$hash\", agentTokenFile: \"$here/other\"}" 2>message; then fail "another cluster's token passed"; fi
grep -q 'other authorities' message && ok "a token of another cluster is refused"

k3s "{role: \"agent\", server: \"https://primer.mesh.example.org:6443\", agentTokenFile: \"$here/other\"}"
cmp -s other run/token && ok "a full token is taken as it is"

if k3s "{role: \"agent\", server: \"https://nobody.mesh.example.org:6443\", agentTokenFile: \"$here/other\"}" 2>message; then fail "an unknown server passed"; fi
grep -q 'no peer of this host is called nobody' message && ok "a server that is no peer is said to be none"

echo server-secret >server
k3s "{role: \"server\", tokenFile: \"$here/server\", agentTokenFile: \"$here/agent\", dualStack: true, flannelConf: \"/x/flannel.json\"}"
[ "$(own)" = "node-ip: \"100.64.0.2,fd7a:115c:a1e0::2\"
token-file: \"$here/server\"
agent-token-file: \"$here/agent\"
flannel-conf: \"/x/flannel.json\"" ] || fail "a server's own settings are $(own)"
ok "a server with two families, tokens and flannel's configuration"

stand_in ip 'exit 1'
if k3s '{role: "server"}' 2>message; then fail "no address passed"; fi
grep -q 'not in the tailnet yet' message && ok "without an address k3s is not started"

# --- headscale-users ----------------------------------------------------------------------------------------------------

stand_in headscale '
case "$1 $2" in
"users list") echo "[{\"name\": \"alice\"}]" ;;
"users create") shift 2; printf "%s\n" "$*" >> '"$here"'/made ;;
esac'
echo '[{"name": "alice"}, {"name": "bob", "email": "bob@example.org"}, {"name": "carol", "displayName": "Carol C"}]' >users.json
run headscale-users users.json >/dev/null
[ "$(cat made)" = "--email=bob@example.org -- bob
--display-name=Carol C -- carol" ] || fail "made $(cat made)"
ok "only users that are missing are made"
rm made
stand_in headscale 'case "$1 $2" in "users list") echo null ;; "users create") shift 2; printf "%s\n" "$*" >> '"$here"'/made ;; esac'
echo '[{"name": "alice"}]' >users.json
run headscale-users users.json >/dev/null && [ "$(cat made)" = "-- alice" ] && ok "the first user of an empty headscale"

# --- tailnet-login ------------------------------------------------------------------------------------------------------

stand_in tailscale '
echo "$*" >> '"$here"'/called
case "$1" in
status) if [ -e '"$here"'/joined ]; then echo "{\"BackendState\": \"Running\"}"; else echo "{\"BackendState\": \"NeedsLogin\"}"; fi ;;
up) touch '"$here"'/joined ;;
debug) echo "{\"ControlURL\": \"https://control.example.org\"}" ;;
esac'
stand_in curl 'echo "{\"publicKey\": \"mkey:aa\"}"'
stand_in sleep 'echo slept >> '"$here"'/slept; if [ "$(wc -l < '"$here"'/slept)" -gt 3 ]; then kill $PPID; fi'
login() {
  rm -f called joined slept
  jq -n "{loginServer: \"https://control.example.org\", up: [\"--hostname=a\"], set: [\"--hostname=a\", \"--ssh=true\"]} + $1" >settings.json
  run tailnet-login settings.json
}

echo hskey-auth-secret >key
login "{authKeyFile: \"$here/key\", noiseKey: \"mkey:aa\"}" >/dev/null
grep -qx "up --timeout=60s --login-server=https://control.example.org --auth-key=file:$here/key --hostname=a" called || fail "$(cat called)"
grep -qx 'set --hostname=a --ssh=true' called || fail "$(cat called)"
if grep -q secret called; then fail "the key was shown"; fi
ok "logs in with the key's file, then sets what is declared"

if login "{authKeyFile: \"$here/key\", noiseKey: \"mkey:bb\"}" >/dev/null 2>message; then fail "a stranger passed"; fi
grep -q 'not logging in to a stranger' message || fail "$(cat message)"
if grep -q '^up' called; then fail "the key went to a stranger"; fi
ok "a control server with another noise key gets no key"

login "{authKeyFile: \"$here/missing\"}" >said 2>&1 || true
grep -q 'waiting for a pre-auth key' said || fail "$(cat said)"
if grep -q '^up' called; then fail "logged in without a key"; fi
ok "waits for a key"

stand_in curl 'echo "curl: (7) Failed to connect" >&2; exit 7'
login "{authKeyFile: \"$here/key\"}" >said 2>&1 || true
[ "$(grep -c 'waiting for the control server: curl: (7)' said)" = 1 ] || fail "$(cat said)"
ok "waits for the control server, and says so once"

stand_in curl 'echo "{\"publicKey\": \"mkey:aa\"}"'
stand_in headscale 'echo "$*" >> '"$here"'/minted; echo "{\"key\": \"hskey-auth-made\"}"'
export RUNTIME_DIRECTORY=$here/run
login '{mint: {tags: ["tag:primer"], user: null}}' >/dev/null
grep -qx 'preauthkeys create --expiration 10m --output json --tags tag:primer' minted || fail "$(cat minted)"
[ ! -e run/auth-key ] || fail "the key was left behind"
ok "the control server's own host makes a key for itself and leaves none behind"

stand_in tailscale '
case "$1" in
status) echo "{\"BackendState\": \"Running\"}" ;;
debug) echo "{\"ControlURL\": \"https://controlplane.tailscale.com\"}" ;;
*) echo "$*" >> '"$here"'/called ;;
esac'
if login "{authKeyFile: \"$here/key\"}" >/dev/null 2>message; then fail "another tailnet passed"; fi
grep -q 'logged in to https://controlplane.tailscale.com' message || fail "$(cat message)"
[ ! -e called ] || fail "changed the settings of another tailnet: $(cat called)"
ok "a host in another tailnet is left alone, and it is said"

echo "$tests tests"
