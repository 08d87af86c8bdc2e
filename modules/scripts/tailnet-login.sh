# Logs this host in to the tailnet, once, and sets what it is to be set to, every time it runs.
#
#   tailnet-login SETTINGS
#
# It waits as long as it takes: for tailscaled, for the control server, for a key. Nothing waits for it (Type=exec), so
# that neither a boot nor a switch fails when the control server is down; `tailnet-online.target` is for what needs the
# tailnet. The key is named by its path and stands in no argument. `--reset` would set the login server back to
# tailscale.com; tags come with the key, and naming them would have a tagged node log in again.

settings=$1
get() { jq -r "$1 // empty" "$settings"; }
list() { jq -r "$1[]" "$settings"; }

server=$(get .loginServer)
noise=$(get .noiseKey)
key_file=$(get .authKeyFile)
mint=$(get '.mint | tojson | select(. != "null")')
mapfile -t up < <(list .up)
mapfile -t set < <(list .set)
node=$(get .node)
if [ -n "$node" ]; then
  ssh=--ssh=$(jq -r '.ssh.enable' "$node")
  up+=("$ssh") set+=("$ssh")
fi

state() {
  tailscale status --json --peers=false 2>/dev/null | jq -r '.BackendState // "NoState"' || echo NoState
}

# Says a thing once, and again only after something else was said.
said=
say() {
  if [ "$said" != "$1" ]; then
    said=$1
    echo "$1"
  fi
}

# The control server answers, and it is the one that was declared.
server_answers() {
  local answer served
  answer=$(curl --silent --show-error --fail --max-time 15 "$server/key?v=109" 2>&1) || {
    say "waiting for the control server: ${answer##*$'\n'}"
    return 1
  }
  if [ -n "$noise" ]; then
    served=$(jq -r '.publicKey // empty' <<<"$answer")
    if [ "$served" != "$noise" ]; then
      echo "$server has the noise key \"$served\", and the declaration says $noise: not logging in to a stranger" >&2
      exit 1
    fi
  fi
}

# On the control server's own host: a key of a few minutes, made when it is needed, so that the first host needs nobody
# who logs it in.
minted=${RUNTIME_DIRECTORY:-/run/tailnet-login}/auth-key
mint_key() {
  local flags=(--expiration 10m --output json) user id
  if [ -n "$(jq -r '.tags[]?' <<<"$mint")" ]; then
    flags+=(--tags "$(jq -r '.tags | join(",")' <<<"$mint")")
  else
    user=$(jq -r '.user' <<<"$mint")
    id=$(headscale users list --output json | jq -r --arg name "$user" '.[]? | select(.name == $name) | .id')
    if [ -z "$id" ]; then
      say "waiting for the user $user to exist on the control server"
      return 1
    fi
    flags+=(--user "$id")
  fi
  (umask 077 && headscale preauthkeys create "${flags[@]}" | jq -re '.key' >"$minted") || {
    say "waiting for headscale to make a key"
    return 1
  }
}

log_in() {
  local file=$key_file
  server_answers || return 1
  if [ -z "$file" ]; then
    if [ -z "$mint" ]; then
      say "not logged in, and there is no tailnet.secrets.authKeyFile: log in with  tailscale up --login-server=$server ${up[*]}"
      return 1
    fi
    mint_key || return 1
    file=$minted
  elif [ ! -s "$file" ]; then
    say "waiting for a pre-auth key in $file"
    return 1
  fi
  if tailscale up --timeout=60s --login-server="$server" --auth-key="file:$file" "${up[@]}"; then
    rm -f "$minted"
    return 0
  fi
  rm -f "$minted"
  return 1
}

pause=1
while :; do
  now=$(state)
  case $now in
  Running)
    break
    ;;
  NeedsLogin)
    log_in || true
    ;;
  Stopped)
    # Somebody ran `tailscale down`: the host is logged in and is to be up.
    tailscale up --timeout=60s --login-server="$server" "${up[@]}" || true
    ;;
  NeedsMachineAuth)
    say "waiting for this node to be approved on the control server"
    ;;
  *)
    say "waiting for tailscaled, which is in the state $now"
    ;;
  esac
  if [ "$(state)" = Running ]; then
    break
  fi
  sleep "$pause"
  pause=$((pause < 30 ? pause * 2 : 30))
done

logged_in=$(tailscale debug prefs | jq -r '.ControlURL')
if [ "${logged_in%/}" != "${server%/}" ]; then
  echo "this host is logged in to $logged_in, and the declaration says $server" >&2
  echo "help: tailscale logout, then start tailnet-login.service again" >&2
  exit 1
fi
tailscale set "${set[@]}"
echo "logged in to $server; settings are as declared"
