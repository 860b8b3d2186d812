# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# The other side of streams over NATS: python nats_peer.py <url>
#
# Answers each message on core.there with the same on core.back. Makes the stream "kept" of
# JetStream, waits there for one message on kept.there, and stores its answer on kept.back.

import asyncio
import sys

import nats


async def main():
    client = await nats.connect(sys.argv[1])

    async def echo(message):
        print("core", message.data.decode(), flush=True)
        await client.publish("core.back", b"echo " + message.data)

    await client.subscribe("core.there", cb=echo)
    stream = client.jetstream()
    await stream.add_stream(name="kept", subjects=["kept.>"])
    consumer = await stream.pull_subscribe("kept.there", durable="peer")
    print("ready", flush=True)
    while True:
        try:
            (message,) = await consumer.fetch(1, timeout=1)
        except nats.errors.TimeoutError:
            continue
        await message.ack_sync()
        print("kept", message.data.decode(), message.headers["Nats-Msg-Id"], flush=True)
        await stream.publish("kept.back", b"kept " + message.data)


asyncio.run(main())
