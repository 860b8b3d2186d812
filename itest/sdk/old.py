"""Reads signals of the plug-in EveryKindSource with an openDAQ SDK that is built on the library
streaming-protocol-lt, and checks each value and time as kinds.py does.

    old.py CONNECTION_STRING
"""

import time

import opendaq

from kinds import (
    EVEN,
    PROBE_SECONDS,
    READ_SECONDS,
    check_changing,
    check_events,
    check_exact,
    check_gaps,
    check_states,
)
from sdk import Reader, poll, run, wait_for

# This SDK makes no signals of structs with an array among their members ("Already exists").
NOT_READ = ["vector", "matrix", "axes", "can"]


def main(address):
    instance = opendaq.Instance()
    device = instance.add_device(address)
    even = [name for name in EVEN if name not in NOT_READ]
    wanted = [f"even#{name}" for name in even] + ["even#gaps", "changing#value"]
    wanted += ["event#value", "event#pair", "event#state"]
    signals = wait_for(device, wanted)
    time.sleep(PROBE_SECONDS)  # it unsubscribes and subscribes on its own at first
    readers = {name: Reader(signals[name]) for name in wanted}
    poll(readers.values(), READ_SECONDS)
    for name in even:
        check_exact(readers["even#" + name], EVEN[name][1], 1)
    check_gaps(readers["even#gaps"])
    check_changing(readers["changing#value"])
    check_events(readers["event#value"], "<i8")
    check_events(readers["event#pair"], "<f8")
    check_states(readers["event#state"])
    samples = sum(len(reader.ticks()) for reader in readers.values())
    print(f"{len(readers)} signals, {samples} samples")


if __name__ == "__main__":
    run(main)
