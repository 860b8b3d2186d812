# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# Answers each message of the input "orders" on the output "frames": example.py <socket> <instance>

import sys

from daqstream import Client, Result


def answer(peer: int, order: bytes) -> None:
    client.write(frames, b"done: " + order, timeout=5)


with Client(sys.argv[1], sys.argv[2]) as client:
    frames = client.open_output("frames")
    client.open_input("orders", answer)
    print("ready", flush=True)
    while client.process_event() is not Result.SHOULDEXIT:
        pass
