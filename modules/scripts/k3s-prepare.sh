# Run before k3s starts: what its configuration needs and nobody knows before the host has joined the tailnet.
#
#   k3s-prepare SETTINGS
#
# The directory that k3s is pointed at holds config.yaml (as declared) and config.yaml.d/ (this host's own: the node's
# address, where the API is, paths of secrets), which k3s reads after it.

settings=$1
get() { jq -r "$1 // empty" "$settings"; }

directory=${RUNTIME_DIRECTORY:?}
role=$(get .role)
interface=$(get .interface)

umask 077
mkdir -p "$directory/config.yaml.d"
install -m 0600 "$(get .config)" "$directory/config.yaml"
own=$directory/config.yaml.d/50-host.yaml
: >"$own.part"
write() { jq -rn --arg key "$1" --arg value "$2" '"\($key): \($value | tojson)"' >>"$own.part"; }

# The node's address is the interface's. Not having one is an error here: k3s would take another interface's or fail
# with less to read. systemd starts it again.
addresses() {
  ip -json address show dev "$interface" 2>/dev/null |
    jq -r --arg family "$1" '.[].addr_info[]? | select(.family == $family and .scope == "global") | .local' | head -n 1
}
address=$(addresses inet)
if [ -z "$address" ]; then
  echo "$interface has no IPv4 address: this host is not in the tailnet yet (tailnet-login.service)" >&2
  exit 1
fi
if [ "$(get .dualStack)" = true ]; then
  address=$address,$(addresses inet6)
fi
write node-ip "$address"

# The API's MagicDNS name resolves on the host only where MagicDNS does, which is off on k3s hosts: kubelet would hand
# it to pods. tailscaled knows the address; the API's certificate is valid for it.
server=$(get .server)
if [[ $server =~ ^https://([^:/]+):([0-9]+)$ ]]; then
  name=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}
  peer=$(tailscale status --json |
    jq -r --arg name "$name." '[.Peer[]?, .Self] | map(select(.DNSName == $name)) | .[0].TailscaleIPs // [] | map(select(contains(":") | not)) | .[0] // empty')
  if [ -z "$peer" ]; then
    echo "no peer of this host is called $name: the k3s server has not joined, or the policy does not show it to this host" >&2
    exit 1
  fi
  write server "https://$peer:$port"
fi

# K10HASH::node:SECRET. With the hash a host knows the cluster's authorities before it says its secret; k3s compares
# nothing where a token has none.
full_token() {
  local file=$1 user=$2 hash token
  hash=$(get .caHash)
  hash=${hash#sha256:}
  token=$(<"$file")
  case $token in
  K10*)
    if [ -n "$hash" ] && [[ $token != "K10$hash::"* ]]; then
      echo "the token in $file is for a cluster with other authorities than tailnet.cluster.keys.k3s.caHash" >&2
      return 1
    fi
    printf '%s\n' "$token"
    ;;
  '')
    echo "$file is empty" >&2
    return 1
    ;;
  *)
    if [ -z "$hash" ]; then
      echo "the token in $file names no authorities (K10HASH::$user:SECRET), and the declaration has no keys.k3s.caHash" >&2
      echo "help: take /var/lib/rancher/k3s/server/agent-token of the first server, which is a full one" >&2
      return 1
    fi
    printf 'K10%s::%s:%s\n' "$hash" "$user" "$token"
    ;;
  esac
}

token=$(get .tokenFile)
agent_token=$(get .agentTokenFile)
if [ "$role" = agent ]; then
  full_token "$agent_token" node >"$directory/token"
  write token-file "$directory/token"
else
  if [ -n "$token" ]; then
    if [ -n "$server" ]; then
      full_token "$token" server >"$directory/token"
      write token-file "$directory/token"
    else
      write token-file "$token"
    fi
  fi
  if [ -n "$agent_token" ]; then
    write agent-token-file "$agent_token"
  fi
fi

flannel=$(get .flannelConf)
if [ -n "$flannel" ]; then
  write flannel-conf "$flannel"
fi
mv "$own.part" "$own"
