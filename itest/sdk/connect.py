# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Connects in every way that the openDAQ SDK has, and reads a signal by each.

    connect.py SIGNAL SERIAL CONNECTION_STRING...

SERIAL is the serial number that the device is found by; empty to leave that out.
"""

import opendaq

from sdk import Reader, check, poll, run, wait_for, wait_until


def found(instance, serial):
    addresses = [device.connection_string for device in instance.available_devices]
    return next((each for each in addresses if each.endswith("_" + serial)), None)


def main(signal_id, serial, *addresses):
    addresses = list(addresses)
    if serial:
        instance = opendaq.Instance()
        discovered = wait_until(lambda: found(instance, serial), 30)
        check(discovered, f"no device with serial number {serial}")
        addresses += [discovered] if discovered else []
    for address in addresses:
        instance = opendaq.Instance()
        device = instance.add_device(address)
        reader = Reader(wait_for(device, [signal_id])[signal_id])
        wait_until(lambda: poll([reader], 0.1) or len(reader.ticks()) > 3)
        ticks = reader.ticks()
        check(len(ticks) > 3, f"{address}: {len(ticks)} samples")
        check((ticks[1:] > ticks[:-1]).all(), f"{address}: times {ticks}")
        check(reader.timeless == 0, f"{address}: packets without a time")
        print(f"{address}: {len(ticks)} samples of {signal_id}")
        instance.remove_device(device)


if __name__ == "__main__":
    run(main)
