# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The client for asyncio at a runtime that says what the test says."""

import asyncio
import logging
import os
import random
import signal
import subprocess
import sys
import time
import unittest
import unittest.mock
from pathlib import Path

from daqstream import Data, Ended, PeerDown, PeerUp, Result, StreamError
from daqstream._core import Link
from daqstream.aio import Client
from tests import frames
from tests.runtimes import PATIENCE, Runtime, RuntimeCase

HERE = Path(__file__).parents[1]
OFFERS = ((0, 1, "in", "posix"), (1, 1, "out", "nng"))


class AioCase(RuntimeCase, unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        super().setUp()
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    async def runtime(self, call, *arguments, **options):
        """Has the runtime do something that waits."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, lambda: call(*arguments, **options))

    async def connect(self, limits=None, **options):
        client = Client(self.path, "camera", **options)
        connecting = asyncio.create_task(client.connect())
        peer = await self.runtime(self.accept)
        await self.runtime(peer.greet, *OFFERS, **(limits or {}))
        await asyncio.wait_for(connecting, PATIENCE)
        self.addAsyncCleanup(client.shutdown, 0)
        self.addAsyncCleanup(self.runtime, peer.close)  # before that
        return client, peer

    async def open(self, client, peer, name="in", answer=None, news=False):
        call = client.open_input if name == "in" else client.open_output
        opening = asyncio.create_task(call(name, news=news))
        number = await self.runtime(peer.opens, name, answer=answer)
        return await asyncio.wait_for(opening, PATIENCE), number

    async def next(self, stream):
        return await asyncio.wait_for(stream.__anext__(), PATIENCE)

    async def rest(self, stream):
        async def gather():
            return [event async for event in stream]

        return await asyncio.wait_for(gather(), PATIENCE)


class ConnectTest(AioCase):
    async def test_nobody_there(self):
        self.stop_listening()
        os.unlink(self.path)
        with self.assertRaises(StreamError) as caught:
            async with Client(self.path, "camera", connect_timeout=0.2):
                self.fail("connected")
        self.assertEqual(Result.TIMEDOUT, caught.exception.result)
        self.assertIn("No such file", str(caught.exception))
        self.assertEqual({asyncio.current_task()}, asyncio.all_tasks())

    async def test_a_runtime_that_comes_later(self):
        self.stop_listening()
        os.unlink(self.path)
        client = Client(self.path, "camera", connect_timeout=None)
        connecting = asyncio.create_task(client.connect())
        while client._core.last_cause == "nobody answered":
            await asyncio.sleep(0.001)
        self.listen()
        peer = await self.runtime(self.accept)
        self.assertEqual("camera", (await self.runtime(peer.greet))[7])
        await asyncio.wait_for(connecting, PATIENCE)
        await client.shutdown(0)
        with self.assertRaises(RuntimeError):
            await client.connect()

    async def test_refused(self):
        for result in (4, 9, 11, 12):
            client = Client(self.path, "camera", connect_timeout=None)
            connecting = asyncio.create_task(client.connect())
            for answer in (7, result):  # the first for now
                peer = await self.runtime(self.accept)
                peer.send(frames.refused(answer, "so"))
                await self.runtime(peer.is_cut)
            with self.assertRaises(StreamError) as caught:
                await asyncio.wait_for(connecting, PATIENCE)
            self.assertEqual(result, caught.exception.result)

    async def test_a_runtime_that_does_not_answer_or_keep_the_rules(self):
        client = Client(self.path, "camera", connect_timeout=None)
        connecting = asyncio.create_task(client.connect())
        for noise in (b"", frames.welcome(version=2), bytes(9)):
            peer = await self.runtime(self.accept)
            peer.send(noise)
            await self.runtime(peer.close if not noise else peer.is_cut)
        peer = await self.runtime(self.accept)
        await self.runtime(peer.greet)
        await asyncio.wait_for(connecting, PATIENCE)
        await client.shutdown(0)


class StreamTest(AioCase):
    async def test_events(self):
        client, peer = await self.connect()
        stream, number = await self.open(client, peer, news=True)
        peer.send(
            frames.peer_up(number, 7, "there"),
            frames.data(number, 7, b"x"),
            frames.peer_down(number, 7, "gone"),
        )
        for event in (PeerUp(7, "there"), Data(7, b"x"), PeerDown(7, "gone")):
            self.assertEqual(event, await self.next(stream))
        peer.send(frames.data(number, 8, b"before"), frames.stop(), frames.data(number, 8, b""))
        self.assertEqual([Data(8, b"before")], await self.rest(stream))
        self.assertTrue(client.is_stopping)
        await asyncio.wait_for(client.stop_requested(), PATIENCE)

    async def test_a_done_event_is_one_whose_successor_was_asked_for(self):
        client, peer = await self.connect(window_events=1)
        stream, number = await self.open(client, peer)
        peer.send(frames.data(number, 7, b"12"))
        self.assertEqual(b"12", (await self.next(stream)).data)
        self.assertEqual(1, stream.info().queued_messages)
        asking = asyncio.create_task(self.next(stream))
        self.assertEqual(("CREDIT", 1, 2), await self.runtime(peer.next, "CREDIT"))
        peer.send(frames.data(number, 7, b"3"))
        self.assertEqual(b"3", (await asking).data)

    async def test_nothing_is_lost_when_waiting_is_given_up(self):
        client, peer = await self.connect()
        stream, number = await self.open(client, peer)
        for _ in range(3):
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(stream.__anext__(), 0.01)
        peer.send(frames.data(number, 7, b"1"))
        self.assertEqual(Data(7, b"1"), await self.next(stream))

    async def test_a_close_ends_the_iteration(self):
        client, peer = await self.connect()
        stream, number = await self.open(client, peer)
        peer.send(frames.data(number, 7, b"1"), frames.data(number, 7, b"2"))
        self.assertEqual(Data(7, b"1"), await self.next(stream))
        closing = asyncio.create_task(stream.close(1.5))
        self.assertEqual(("CLOSE", number, 1500), await self.runtime(peer.next))
        peer.send(frames.closed(number))
        self.assertEqual((Result.OK, 0, 0), await asyncio.wait_for(closing, PATIENCE))
        self.assertEqual([], await self.rest(stream))
        self.assertEqual((Result.OK, 0, 0), await stream.close())

    async def test_each_result_of_an_open(self):
        client, peer = await self.connect()
        for result in range(1, 13):
            opening = asyncio.create_task(client.open_output("out"))
            await self.runtime(
                peer.opens, "out", answer=lambda n, r=result: frames.opened(n, r, reason="so")
            )
            with self.assertRaises(StreamError) as caught:
                await asyncio.wait_for(opening, PATIENCE)
            self.assertEqual(result, caught.exception.result)
        await self.open(client, peer, "out")
        with self.assertRaises(StreamError) as caught:
            await client.open_output("out")
        self.assertEqual(Result.EXIST, caught.exception.result)

    async def test_an_open_that_is_given_up_is_closed(self):
        client, peer = await self.connect()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(client.open_output("out"), 0.05)
        number = await self.runtime(peer.opens, "out")
        self.assertEqual(("CLOSE", number, 0), await self.runtime(peer.next))
        peer.send(frames.closed(number))
        while client._core._names:
            await asyncio.sleep(0.001)
        await self.open(client, peer, "out")

    async def test_writing(self):
        client, peer = await self.connect()
        out, number = await self.open(
            client, peer, "out", answer=lambda n: frames.opened_output(n, 2, 10, 20)
        )
        self.assertEqual(Result.TOOBIG, out.write_nowait(bytes(21)))
        self.assertEqual(Result.OK, out.write_nowait(bytearray(b"12")))
        await out.write(memoryview(b"3"))
        self.assertEqual(Result.ERROR, out.write_nowait(b""))
        with self.assertRaises(StreamError) as caught:
            await out.write(bytes(21))
        self.assertEqual(Result.TOOBIG, caught.exception.result)
        waiting = [asyncio.create_task(out.write(b"%d" % each)) for each in range(4, 9)]
        given_up = asyncio.create_task(out.write(b"never"))
        await asyncio.sleep(0)
        given_up.cancel()
        got = []
        for _ in range(7):
            got.append((await self.runtime(peer.next, "WRITE"))[2])
            peer.send(frames.taken(number, 1, len(got[-1])))
        self.assertEqual([b"12", b"3", b"4", b"5", b"6", b"7", b"8"], got)
        await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
        closing = asyncio.create_task(out.close())
        await self.runtime(peer.next, "CLOSE")
        peer.send(frames.closed(number))
        await asyncio.wait_for(closing, PATIENCE)
        with self.assertRaises(StreamError) as caught:
            await out.write(b"")
        self.assertEqual(Result.INVAL, caught.exception.result)

    async def test_small_messages_go_together(self):
        client, peer = await self.connect()
        out, _ = await self.open(client, peer, "out")
        connection = client._connection
        connection.transport = counted = unittest.mock.Mock(wraps=connection.transport)
        for _ in range(5000):
            await out.write(b"12345678")
        await self.runtime(lambda: [peer.next("WRITE") for _ in range(5000)])
        self.assertLess(counted.write.call_count, 50)

    async def test_a_close_gives_back_what_waits(self):
        client, peer = await self.connect(window_events=4)
        stream, number = await self.open(client, peer)
        peer.send(frames.data(number, 7, b"1") * 3)
        await self.next(stream)
        closing = asyncio.create_task(stream.close())
        self.assertEqual("CLOSE", (await self.runtime(peer.next))[0])
        given = (0, 0)
        while given != (3, 3):
            _, events, size = await self.runtime(peer.next, "CREDIT")
            given = given[0] + events, given[1] + size
        peer.send(frames.closed(number))
        await asyncio.wait_for(closing, PATIENCE)

    async def test_a_module_that_does_not_ask_gets_no_more_than_its_window(self):
        client, peer = await self.connect(window_events=4)
        stream, number = await self.open(client, peer)
        peer.send(frames.data(number, 1, b"x") * 4)
        while stream.info().queued_messages < 4:
            await asyncio.sleep(0.001)
        peer.send(frames.data(number, 1, b"x"))
        self.assertTrue(await self.runtime(peer.is_cut))


class AgainTest(AioCase):
    async def test_after_a_lost_connection(self):
        client, peer = await self.connect()
        stream, number = await self.open(client, peer, news=True)
        out, _ = await self.open(client, peer, "out")
        peer.send(frames.peer_up(number, 7, "there"))
        self.assertEqual(PeerUp(7, "there"), await self.next(stream))
        out.write_nowait(b"lost")
        await self.runtime(peer.next, "WRITE")
        peer.close()
        down = await self.next(stream)
        self.assertEqual(PeerDown(7, down.cause), down)
        self.assertEqual(Ended(down.cause), await self.next(stream))
        writing = asyncio.create_task(out.write(b"kept"))
        again = await self.runtime(self.accept)
        await self.runtime(again.greet, *OFFERS)
        number = await self.runtime(again.opens, "in")
        await self.runtime(again.opens, "out")
        again.send(frames.peer_up(number, 1, "here"))
        self.assertEqual(PeerUp(8, "here"), await self.next(stream))
        await asyncio.wait_for(writing, PATIENCE)
        self.assertEqual(b"kept", (await self.runtime(again.next, "WRITE"))[2])
        self.assertEqual((1, 4), out.info()[11:13])

    async def test_the_iteration_ends_when_it_will_not_be_opened_again(self):
        client, peer = await self.connect(reopen=False)
        stream, number = await self.open(client, peer, news=True)
        silent, _ = await self.open(client, peer, "out")
        peer.send(frames.data(number, 7, b"1"), frames.ended(number, "left"))
        self.assertEqual([Data(7, b"1"), Ended("left")], await self.rest(stream))
        peer.close()
        self.assertEqual([], await self.rest(silent))
        with self.assertRaises(StreamError) as caught:
            await silent.write(b"")
        self.assertEqual(Result.ERROR, caught.exception.result)

    async def test_with_waits(self):
        client, peer = await self.connect()
        stream, number = await self.open(client, peer)
        peer.send(frames.ended(number))
        await self.runtime(peer.next, "CLOSE")
        peer.send(frames.closed(number))
        began = time.monotonic()
        for _ in range(3):
            await self.runtime(peer.opens, "in", answer=lambda n: frames.opened(n, 3))
        await self.runtime(peer.opens, "in")
        self.assertGreater(time.monotonic() - began, (0.05 + 0.1) / 2 - 0.01)


class ShutdownTest(AioCase):
    async def test_it_closes_all(self):
        client, peer = await self.connect()
        stream, _ = await self.open(client, peer)
        await self.open(client, peer, "out")
        reading = asyncio.create_task(self.rest(stream))
        await asyncio.sleep(0)
        ending = asyncio.create_task(client.shutdown(2))
        for _ in range(2):
            _, number, deadline = await self.runtime(peer.next, "CLOSE")
            self.assertEqual(2000, deadline)
            peer.send(frames.closed(number))
        self.assertEqual([], await reading)
        await asyncio.wait_for(ending, PATIENCE)
        self.assertTrue(await self.runtime(peer.is_cut))
        self.assertEqual({asyncio.current_task()}, asyncio.all_tasks())
        with self.assertRaises(StreamError):
            await client.open_output("out")

    async def test_while_nobody_is_there(self):
        client, peer = await self.connect()
        await self.open(client, peer, "out")
        self.stop_listening()
        os.unlink(self.path)
        peer.close()
        while client._core.link is not Link.DOWN:
            await asyncio.sleep(0.001)
        began = time.monotonic()
        await client.shutdown()
        self.assertLess(time.monotonic() - began, 1)

    async def test_request_stop(self):
        client, peer = await self.connect()
        stream, _ = await self.open(client, peer)
        reading = asyncio.create_task(self.rest(stream))
        await asyncio.sleep(0)
        client.request_stop()
        self.assertEqual([], await reading)

    async def test_ctrl_c_ends_cleanly(self):
        script = (
            "import asyncio, sys, daqstream.aio\n"
            "async def main():\n"
            "    async with daqstream.aio.Client(sys.argv[1], 'camera') as client:\n"
            "        async with await client.open_input('in') as stream:\n"
            "            print('ready', flush=True)\n"
            "            async for event in stream: pass\n"
            "asyncio.run(main())\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-c", script, self.path],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        peer = await self.runtime(self.accept)
        await self.runtime(peer.greet, *OFFERS)
        number = await self.runtime(peer.opens, "in")
        self.assertEqual("ready\n", await self.runtime(process.stdout.readline))
        process.send_signal(signal.SIGINT)
        self.assertEqual(("CLOSE", number, 0xFFFFFFFF), await self.runtime(peer.next))
        peer.send(frames.closed(number))
        _, error = await self.runtime(process.communicate, timeout=PATIENCE)
        self.assertEqual(-signal.SIGINT, process.returncode, error)
        self.assertNotIn("Warning", error)
        self.assertNotIn("never retrieved", error)


class LoopTest(AioCase):
    """At a runtime that acts by itself, takes slowly and cuts what it sends anywhere."""

    async def run_loop(self, seed, count, drops=0):
        path = f"{self.path}-{seed}"
        runtime = Runtime(path, {"out": 1, "in": 0}, {"out": "in"}, seed, chunk=3000)
        self.addCleanup(runtime.close)
        chance = random.Random(seed)
        sent = [chance.randbytes(chance.choice((0, 3, 100, 9000))) for _ in range(count)]
        got = []

        async def read(stream):
            async for event in stream:
                got.append(event.data)

        async with Client(path, "camera", window_events=8, window_bytes=5000) as client:
            stream = await client.open_input("in")
            out = await client.open_output("out")
            reading = asyncio.create_task(read(stream))
            for message in sent:
                await out.write(message)
                if drops and chance.random() < 0.01:
                    drops -= 1
                    runtime.drop()
            before = -1
            while len(got) > before:
                before = len(got)
                await asyncio.sleep(0.2)
            info = out.info()
            client.request_stop()
            await reading
        self.assertEqual([], runtime.faults)
        self.assertGreater(runtime.most_under_way, 8)
        return sent, got, info

    async def test_every_message_comes_once_and_in_order(self):
        for seed in range(2):
            sent, got, info = await self.run_loop(seed, 200)
            self.assertEqual(sent, got)
            self.assertEqual((200, 0), (info.messages, info.lost_messages))

    async def test_every_loss_is_accounted_for(self):
        sent, got, info = await self.run_loop(7, 400, drops=3)
        self.assertEqual(400, info.messages + info.lost_messages)
        left = iter(sent)
        for message in got:
            self.assertIn(message, left)  # in order, none twice


if __name__ == "__main__":
    unittest.main()
