#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# A network of two hosts with two cables between them. On "this" one runs the distribution, on "peer"
# an Avahi that knows nothing of us, and what it sees is printed. Run it in namespaces of its own,
# which take everything with them when it ends:
#
#   unshare --net --mount --pid --fork --kill-child --mount-proc avahi.sh <distribution> <home> <other>
#
# <home> and <other> are the folders of two runtimes; the second is started on the peer when <other>
# has a file "start", and both are stopped when <home> has a file "stop".
set -euo pipefail
distribution=$1 home=$2 other=$3

# Lines of several programs come out whole when one write writes each.
whole_lines() {
  sed -u ''
}

until_file() {
  until [[ -e $1 ]]; do sleep 0.1; done
}

mount -t tmpfs tmpfs /run
mkdir -p /run/netns
ip link set lo up
ip netns add peer
ip -n peer link set lo up
for cable in 0 1; do
  ip link add this$cable type veth peer name peer$cable netns peer
  ip addr add 10.77.$cable.1/24 dev this$cable
  ip -n peer addr add 10.77.$cable.2/24 dev peer$cable
  ip link set this$cable up
  ip -n peer link set peer$cable up
done

cat >/run/bus.conf <<'END'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/bus</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
printf '[server]\nuse-ipv4=yes\nuse-ipv6=yes\n' >/run/avahi.conf
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus
dbus-daemon --config-file=/run/bus.conf --nofork &
until_file /run/bus
ip netns exec peer avahi-daemon --file=/run/avahi.conf --no-drop-root --no-chroot --no-rlimits \
  >/run/avahi.log 2>&1 &
until ip netns exec peer avahi-browse --all --terminate >/dev/null 2>&1; do sleep 0.1; done
ip netns exec peer stdbuf -oL avahi-browse --resolve --parsable _streaming-lt._tcp \
  > >(whole_lines) &

"$distribution/bin/daqstream" --home "$home" > >(whole_lines) 2>&1 &
first=$!
until_file "$other/start"
ip netns exec peer "$distribution/bin/daqstream" --home "$other" > >(whole_lines) 2>&1 &
second=$!
until_file "$home/stop"
ip netns exec peer avahi-browse --resolve --terminate --parsable _streaming-lt._tcp |
  sed 's/^/before the end: /'
kill $first $second
wait $first && echo "first runtime: exit 0"
wait $second && echo "second runtime: exit 0"
# Avahi keeps what was taken back for another second, as the standard says.
for ((i = 0; i < 100; i++)); do
  left=$(ip netns exec peer avahi-browse --terminate --parsable _streaming-lt._tcp)
  [[ -n $left ]] || break
  sleep 0.1
done
echo "left in the end: '$left'"
# No socket of ours either.
echo "sockets in the end: '$(ss -Hlun 'sport = :5353')'"
