# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# How fast the SDK's own WebSocket client delivers the one signal of a device to a StreamReader.
# Usage: speed.py HOST PORT WARM-UP-NANOS MEASURE-NANOS; prints bytes, 0, nanoseconds, CPU nanoseconds.
import os
import sys
import time

import opendaq

host, port, warm_up, measure = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
instance = opendaq.Instance()
device = instance.add_device(f"daq.lt://{host}:{port}")
deadline = time.monotonic() + 20
signal = None
while signal is None and time.monotonic() < deadline:
    signal = next((s for s in device.signals_recursive if s.local_id == "flood"), None)
    time.sleep(0.05)
reader = opendaq.StreamReader(signal)


def read_for(nanos):
    start, samples = time.monotonic_ns(), 0
    while time.monotonic_ns() - start < nanos:
        samples += len(reader.read(1_000_000, 100))
    return samples, time.monotonic_ns() - start


read_for(max(warm_up, 4_000_000_000))  # the first seconds it is subscribed to everything
cpu = time.process_time_ns()
samples, nanos = read_for(measure)
print(8 * samples, 0, nanos, time.process_time_ns() - cpu, flush=True)
os._exit(0)  # the SDK does not end in good order
