#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# Two hosts with a cable between them: the distribution on "this" one, and on "peer" a command, the
# exit code of which is that of this script. Run it in namespaces of its own, which take everything
# with them when it ends:
#
#   unshare --net --mount --pid --fork --kill-child --mount-proc sdk.sh <distribution> <home> <command>...
set -euo pipefail
distribution=$1 home=$2
shift 2
mount -t tmpfs tmpfs /run
mkdir -p /run/netns
ip link set lo up
ip netns add peer
ip -n peer link set lo up
ip link add this0 type veth peer name peer0 netns peer
ip addr add 10.77.0.1/24 dev this0
ip -n peer addr add 10.77.0.2/24 dev peer0
ip link set this0 up
ip -n peer link set peer0 up
ip -n peer route add default dev peer0
"$distribution/bin/daqstream" --home "$home" >/run/log 2>&1 &
until grep -q 'announced as' /run/log; do sleep 0.1; done
ip netns exec peer "$@"
