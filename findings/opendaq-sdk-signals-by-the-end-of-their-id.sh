#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.40.3 (package opendaq, ws-streaming 3.1.2), client of the LT streaming.
# Expected: signals with different ids are different signals: rpm, motor/rpm and hall/motor/rpm.
# Happens:  an incoming signal is looked up by the end of its id. Where the shorter id is found first
#           (it depends on all ids together), the longer one is refused as "already added", or it is
#           there and stays without data, since the shorter one is subscribed in its place.
# For us:   the server's log names such pairs; ids that begin alike and end differently are safe.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check opendaq==3.40.3 msgpack==1.1.2
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/opendaq "$folder/v/bin/python" - <<'PYTHON'
import struct
import time

import opendaq
from lt_server import MS, Server, leave, linear_time, value

ends = ["rpm", "load", "temp", "speed", "force", "x", "flow", "p1"]
ids = [start + end for start in ("", "motor/", "hall/motor/") for end in ends]
signals = {"~time": linear_time("~time"), **{i: value(i, "~time", "int64") for i in ids}}
START = time.time_ns() // MS * MS


def feed(server, row):
    server.data("~time", struct.pack("<QQ", row, START + row * MS))
    for each in server.subscribed - {"~time"}:
        server.data(each, struct.pack("<10q", *[server.numbers[each]] * 10))


server = Server(signals, feed)
instance = opendaq.Instance()
device = instance.add_device(server.address)
time.sleep(4.5)  # it tries all signals for 3 s
there = {each.local_id.replace("#", "/"): each for each in device.signals_recursive}
missing = [i for i in ids if i not in there]
silent = []
for signal_id in ids:
    if signal_id in there:
        reader = opendaq.StreamReader(there[signal_id])
        time.sleep(0.3)
        if len(reader.read(100)) == 0:
            silent.append(signal_id)
        del reader
print("of", len(ids), "signals are not there:", missing)
print("there, but without data:", silent)
leave(len(missing) == 3 and len(silent) == 3)
PYTHON
