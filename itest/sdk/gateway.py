# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""The openDAQ SDK on both ends of a gateway: its server with its reference device, our launcher
that publishes the signals of that, and its client. What comes through the launcher must be what
its own client gets from its own server by its own protocol.

    gateway.py CONNECTION_STRING FILE PREFIX

FILE is the configuration of the gateway, which this script writes when the device listens.
"""

import re
import socket

import numpy as np
import opendaq

from sdk import Reader, check, poll, run, signals_of, wait_until

DEVICE = "daqref://device0"
SECONDS = 5


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def add_server(instance, kind, **ports):
    config = opendaq.PropertyObject()
    for name, port in ports.items():
        config.add_property(
            opendaq.IntProperty(opendaq.String(name), opendaq.Integer(port), opendaq.Boolean(True))
        )
    instance.add_server(kind, config)


def samples_of(reader):
    """Values by nanoseconds since the epoch."""
    domain = reader.signal.domain_signal.descriptor
    resolution = domain.tick_resolution
    ticks = reader.ticks().astype(object) * 10**9 * int(resolution.numerator)
    nanos = [int(each) // int(resolution.denominator) for each in ticks]
    return dict(zip(nanos, np.frombuffer(reader.samples(), dtype=np.float64)))


def main(address, file, prefix):
    streaming, control, native = free_ports(3)
    device = opendaq.Instance()
    device.add_device(DEVICE)
    add_server(
        device,
        "OpenDAQLTStreaming",
        WebsocketStreamingPort=streaming,
        WebsocketControlPort=control,
    )
    add_server(device, "OpenDAQNativeStreaming", NativeStreamingPort=native)
    with open(file, "w") as config:
        config.write(f"address = daq.lt://127.0.0.1:{streaming}\nprefix = {prefix}\n")
    direct_instance = opendaq.Instance()
    direct = direct_instance.add_device(f"daq.ns://127.0.0.1:{native}")
    through_instance = opendaq.Instance()
    through = through_instance.add_device(address)
    names = [each for each in ("AI0", "AI1")]

    def found(of):
        return {
            name: signal
            for name in names
            for local_id, signal in signals_of(of).items()
            if re.split("[#*/]", local_id)[-1] == name
        }

    wait_until(lambda: len(found(direct)) == 2 and len(found(through)) == 2)
    ours, own = found(through), found(direct)
    check(set(ours) == set(names), f"through the gateway: {list(signals_of(through))}")
    check(set(own) == set(names), f"from the device: {list(signals_of(direct))}")
    ours = {name: Reader(signal) for name, signal in ours.items()}
    own = {name: Reader(signal) for name, signal in own.items()}
    poll([*ours.values(), *own.values()], SECONDS)
    for name in names:
        expected, got = samples_of(own[name]), samples_of(ours[name])
        common = sorted(set(expected) & set(got))
        check(len(common) > 1000, f"{name}: {len(common)} times are common to both")
        wrong = [each for each in common if expected[each] != got[each]]
        check(not wrong, f"{name}: {len(wrong)} values of {len(common)} differ")
        between = [each for each in got if common and common[0] <= each <= common[-1]]
        check(len(between) == len(common), f"{name}: {len(between)} samples, not {len(common)}")
        print(f"{name}: {len(common)} samples through the gateway are those of the device")


if __name__ == "__main__":
    run(main)
