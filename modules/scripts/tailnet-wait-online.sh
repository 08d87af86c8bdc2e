# Waits until this host is part of the tailnet: it has an address there, and the control server's name resolves.
#
#   tailnet-wait-online CONTROL_HOST

said=
say() {
  if [ "$said" != "$1" ]; then
    said=$1
    echo "$1"
  fi
}

until tailscale ip >/dev/null 2>&1 &&
  [ "$(tailscale status --json --peers=false | jq -r '.BackendState')" = Running ]; do
  say "waiting for an address in the tailnet"
  sleep 1
done
until getent ahosts "$1" >/dev/null; do
  say "waiting for $1 to resolve"
  sleep 1
done
