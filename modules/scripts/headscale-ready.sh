# Run after headscale was started: what is ordered after it may count on an answer.
#
#   headscale-ready MAINPID URL [CURL OPTIONS]

pid=$1 url=$2
shift 2
until curl --silent --output /dev/null --fail --max-time 5 "$@" "$url"; do
  if ! kill -0 "$pid" 2>/dev/null; then
    echo "headscale ended before it answered on $url" >&2
    exit 1
  fi
  sleep 0.5
done
