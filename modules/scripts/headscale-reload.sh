# Has headscale read its policy again, and fails when what is in force afterwards is not what was deployed.
#
#   headscale-reload MAINPID
#
# headscale takes SIGHUP without an answer: a policy it refuses leaves the old one in force, `headscale policy get` and
# /debug/policy then print the refused file, and systemd counts the reload as done. Only its log tells (0.29.2,
# hscontrol/app.go): "reloading policy" is the error, "Policy reload completed" comes when something changed. When
# nothing did, nothing is said; but signals are taken one after the other, so that a second one is acknowledged only when
# the first is done.

pid=$1

log() { journalctl --quiet --output=cat --after-cursor="$cursor" _PID="$pid"; }
hup() { kill -HUP "$pid"; }

journalctl --sync
cursor=$(journalctl --quiet --lines=0 --show-cursor | sed -n 's/^-- cursor: //p')
hup

began=$SECONDS second=no
while [ $((SECONDS - began)) -lt 120 ]; do
  sleep 0.2
  said=$(log)
  if grep --quiet 'reloading policy' <<<"$said"; then
    echo "headscale refused the new policy and keeps the old one in force:" >&2
    grep 'reloading policy' <<<"$said" >&2
    exit 1
  fi
  if grep --quiet 'Policy reload completed' <<<"$said"; then
    echo "the new policy is in force"
    exit 0
  fi
  if [ "$(grep --count 'Received SIGHUP' <<<"$said")" -ge 2 ]; then
    echo "the policy was read again; nothing in it changes what is in force"
    exit 0
  fi
  if [ "$second" = no ] && [ $((SECONDS - began)) -ge 3 ]; then
    second=yes
    hup
  fi
done
echo "headscale did not say within two minutes whether it took the new policy; the old one may be in force" >&2
exit 1
