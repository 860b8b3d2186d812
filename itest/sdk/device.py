# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""The SDK's reference device behind the SDK's own servers, and what its native client reads of it.

Usage: device.py LT-PORT COMMAND-PORT NATIVE-PORT SECONDS FILE. Says "ready", reads for
so long, writes "id,tick,value" lines to the file, and says "done"; then it serves for a while.
"""

import time

import opendaq

import sdk


def ports(**numbers):
    properties = opendaq.PropertyObject()
    for name, number in numbers.items():
        properties.add_property(
            opendaq.IntProperty(
                opendaq.String(name), opendaq.Integer(number), opendaq.Boolean(True)
            )
        )
    return properties


def main(streaming, control, native, seconds, file):
    served = opendaq.Instance()
    device = served.add_device("daqref://device0")
    device.set_property_value("NumberOfChannels", 4)
    served.add_server(
        "OpenDAQLTStreaming",
        ports(WebsocketStreamingPort=int(streaming), WebsocketControlPort=int(control)),
    )
    served.add_server("OpenDAQNativeStreaming", ports(NativeStreamingPort=int(native)))
    client = opendaq.Instance()
    read = client.add_device(f"daq.nd://127.0.0.1:{native}")
    sdk.wait_until(lambda: len(sdk.signals_of(read)) >= 4)
    readers = {
        name: opendaq.StreamReader(signal)
        for name, signal in sdk.signals_of(read).items()
        if signal.domain_signal is not None
    }
    print("ready", len(readers), flush=True)
    end = time.monotonic() + float(seconds)
    with open(file, "w") as out:
        while time.monotonic() < end:
            for name, reader in readers.items():
                values, ticks = reader.read_with_domain(100_000, 0)
                out.writelines(f"{name},{t},{float(v)!r}\n" for t, v in zip(ticks, values))
            time.sleep(0.01)
    sdk.check(len(readers) == 4, f"readers of {sorted(readers)}")
    print("done", flush=True)
    time.sleep(30)


sdk.run(main)
