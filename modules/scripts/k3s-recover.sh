# Run after tailscaled was started: it made its interface anew, and flannel's goes with the old one. k3s makes flannel's
# again since 1.33.13, 1.34.9, 1.35.6 and 1.36.2; an older one has to be started again. Containers go on running.
#
#   k3s-recover INTERFACE FLANNEL_INTERFACE

if ! systemctl is-active --quiet k3s.service; then
  exit 0
fi
for ((tick = 0; tick < 60; tick++)); do
  if ip link show dev "$1" >/dev/null 2>&1 && ip link show dev "$2" >/dev/null 2>&1; then
    exit 0
  fi
  sleep 1
done
echo "$2 did not come back: starting k3s again"
systemctl try-restart --no-block k3s.service
