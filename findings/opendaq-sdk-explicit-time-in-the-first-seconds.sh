#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.40.3 (package opendaq, ws-streaming 3.1.2), client of the LT streaming, a
#           value signal with an explicit time domain (each sample has its stamp).
# Expected: packets of the value have a domain packet, whenever the reader was made.
# Happens:  for 3 s after connecting the SDK is subscribed to every signal itself. A reader that is
#           made meanwhile gets values without a domain packet, also when those seconds are over; one
#           that is made later gets all stamps.
# For us:   our server tells such a client the domain anew with the first value: then stamps come.
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
from lt_server import Server, explicit_time, leave, value


def feed(server, row):
    if "v" in server.subscribed:
        now = time.time_ns()
        server.data("t", struct.pack("<2Q", now, now + 1000))
        server.data("v", struct.pack("<2q", row, row + 1))


def packets_without_and_with_time(made_after):
    server = Server({"t": explicit_time("t"), "v": value("v", "t", "int64")}, feed)
    instance = opendaq.Instance()
    device = instance.add_device(server.address)
    start = time.monotonic()
    time.sleep(made_after)
    signal = next(each for each in device.signals_recursive if each.local_id == "v")
    reader = opendaq.PacketReader(signal)
    counts = [0, 0]
    while time.monotonic() - start < 6:
        for packet in reader.read_all():
            if packet.type == opendaq.PacketType.Data:
                counts[opendaq.IDataPacket.cast_from(packet).domain_packet is not None] += 1
        time.sleep(0.01)
    print(f"reader made after {made_after} s: {counts[0]} packets without a time, {counts[1]} with")
    return counts


early = packets_without_and_with_time(1)
late = packets_without_and_with_time(4)
leave(early[0] > 50 and early[1] == 0 and late[0] == 0 and late[1] > 20)
PYTHON
