#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.40.3 (package opendaq, ws-streaming 3.1.2), client of the LT streaming, a
#           signal with the constant rule on a linear domain.
# Expected: its packets hold the value, in one of the two forms that servers send: the value alone,
#           or a row and the value.
# Happens:  packets come with the right time and with zero bytes, in both forms: the value is lost.
# For us:   toward this family a constant is told as explicit, each change as one sample.
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

START = time.time_ns() // MS * MS


def feed(server, row):
    for name in ("va", "vr"):  # alone, and behind its row
        if name in server.subscribed:
            server.data("t", struct.pack("<QQ", row, START + row * MS))
            front = struct.pack("<Q", row) if name == "vr" else b""
            server.data(name, front + struct.pack("<d", 7.5))


signals = {"t": linear_time("t")}
for name in ("va", "vr"):
    signals[name] = value(name, "t", rule="constant")
instance = opendaq.Instance()
device = instance.add_device(Server(signals, feed).address)
time.sleep(4)
sizes = {}
for signal in device.signals_recursive:
    if signal.local_id != "t":
        reader = opendaq.PacketReader(signal)
        time.sleep(0.5)
        packets = [each for each in reader.read_all() if each.type == opendaq.PacketType.Data]
        data = [opendaq.IDataPacket.cast_from(each) for each in packets]
        sizes[signal.local_id] = sorted({each.raw_data_size for each in data})
        print(signal.local_id, "packets:", len(data), "bytes of values:", sizes[signal.local_id])
leave(sizes == {"va": [0], "vr": [0]})
PYTHON
