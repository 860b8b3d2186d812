# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""What the checks with the openDAQ SDK have in common."""

import os
import sys
import time
import traceback

import numpy as np
import opendaq

failures = []
checks = 0


def check(right, text):
    global checks
    checks += 1
    if not right:
        failures.append(text)
        if len(failures) < 30:
            print("wrong:", text)


def run(main):
    """Runs a check and leaves: the SDK's end is not clean once there was a reader."""
    try:
        main(*sys.argv[1:])
    except Exception as fault:
        check(False, repr(fault))
        traceback.print_exc()
    print(f"{checks} checks, {len(failures)} failed")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if failures else 0)


def wait_until(condition, seconds=20):
    """Polls a condition; returns what it gives, which is false when the time is over."""
    end = time.monotonic() + seconds
    result = condition()
    while not result and time.monotonic() < end:
        time.sleep(0.01)
        result = condition()
    return result


def signals_of(device):
    return {signal.local_id: signal for signal in device.signals_recursive}


def wait_for(device, wanted):
    """The device's signals by id, once all that are wanted are there: they come after it."""
    wait_until(lambda: set(wanted) <= set(signals_of(device)))
    signals = signals_of(device)
    for name in wanted:
        check(name in signals, f"{name} is not there")
    return signals


class Reader:
    """One signal: everything that arrived, as ticks and bytes of the samples."""

    def __init__(self, signal):
        self.id = signal.local_id
        self.signal = signal
        self.blocks = []
        self.timeless = 0
        self.reader = opendaq.PacketReader(signal)

    def poll(self):
        for packet in self.reader.read_all():
            if packet.type != opendaq.PacketType.Data:
                continue
            data = opendaq.IDataPacket.cast_from(packet)
            if data.domain_packet is None:
                self.timeless += 1
            else:
                self.blocks.append((ticks_of(data), bytes(data.raw_data)))

    def ticks(self):
        return np.concatenate([ticks for ticks, _ in self.blocks] or [np.zeros(0, np.int64)])

    def samples(self):
        return b"".join(samples for _, samples in self.blocks)


def ticks_of(data):
    domain = data.domain_packet
    if domain.raw_data_size:
        return np.frombuffer(bytes(domain.raw_data), dtype=np.int64)
    delta = int(domain.data_descriptor.rule.parameters["delta"])
    return int(domain.offset.int_value) + delta * np.arange(data.sample_count, dtype=np.int64)


def poll(readers, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for reader in readers:
            reader.poll()
        time.sleep(0.005)
