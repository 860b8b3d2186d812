# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Signals that come, change and go under a connected client of the openDAQ SDK, while it reads
another one. Says each change in a line and ends after the last.

    hot.py CONNECTION_STRING WITNESS SIGNAL...

Each SIGNAL is awaited, in turn, and must be gone before the next one is.
"""

import time

import numpy as np
import opendaq

from sdk import Reader, check, run, signals_of, wait_for

TIMEOUT_SECONDS = 60


def main(address, witness_id, *signal_ids):
    instance = opendaq.Instance()
    device = instance.add_device(address)
    witness = Reader(wait_for(device, [witness_id])[witness_id])

    def until(condition, text):
        end = time.monotonic() + TIMEOUT_SECONDS
        while not condition() and time.monotonic() < end:
            witness.poll()
            time.sleep(0.01)
        check(condition(), text)
        print(text + "\n", end="", flush=True)  # in one piece: the SDK prints, too

    print("connected\n", end="", flush=True)
    for signal_id in signal_ids:
        until(lambda: signal_id in signals_of(device), f"{signal_id} is there")
        until(lambda: signal_id not in signals_of(device), f"{signal_id} is gone")
    steps = np.diff(witness.ticks())
    check(len(steps) > 100, f"{witness_id}: only {len(steps)} samples")
    check(np.all(steps == steps[0]), f"{witness_id}: a hole: {np.unique(steps)}")
    print(f"{witness_id}: {len(steps)} samples, nothing lost")


if __name__ == "__main__":
    run(main)
