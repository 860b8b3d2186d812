# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The blocking client at a runtime that says what the test says."""

import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock
from pathlib import Path

from daqstream import Client, Listener, Result, StreamError
from daqstream._core import Link
from daqstream._link import connected_socket
from tests import frames
from tests.runtimes import PATIENCE, Runtime, RuntimeCase

HERE = Path(__file__).parents[1]
OFFERS = ((0, 1, "in", "posix"), (1, 1, "out", "nng"))


class Heard(Listener):
    """Keeps what it hears."""

    def __init__(self):
        self.said = []

    def data(self, peer, data):
        self.said.append(("data", peer, data))

    def peer_up(self, peer, address):
        self.said.append(("up", peer, address))

    def peer_down(self, peer, cause):
        self.said.append(("down", peer, cause))

    def ended(self, cause):
        self.said.append(("ended", cause))


class ClientCase(RuntimeCase):
    def setUp(self):
        super().setUp()
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def connect(self, *offers, limits=None, **options):
        """A client, and the runtime's side of its connection."""
        options.setdefault("connect_timeout", PATIENCE)
        starting = self.start(Client, self.path, "camera", **options)
        peer = self.accept()
        peer.greet(*(offers or OFFERS), **(limits or {}))
        client = starting.result(PATIENCE)
        self.addCleanup(client.shutdown, 0)
        self.addCleanup(peer.close)  # before that
        return client, peer

    def open(self, client, peer, name="in", answer=None, heard=None, news=True):
        listener = heard if news else None
        if name == "in":
            data = heard.data if heard else lambda peer, data: None
            opening = self.start(client.open_input, name, data, listener)
        else:
            opening = self.start(client.open_output, name, listener)
        number = peer.opens(name, answer=answer)
        return opening.result(PATIENCE), number


class ConnectTest(ClientCase):
    def test_settings_that_cannot_be_meant(self):
        for options in (
            {"window_events": 0},
            {"window_bytes": 0},
            {"window_bytes": 1 << 32},
            {"token": "x" * 20000},
        ):
            with self.subTest(options), self.assertRaises(ValueError):
                Client(self.path, "camera", **options)
        with self.assertRaises(ValueError):
            Client(self.path, "x" * 20000)
        with self.assertRaises(ValueError):
            Client(("localhost", 1), "camera")

    def test_nobody_there(self):
        self.stop_listening()
        os.unlink(self.path)
        with self.assertRaises(StreamError) as caught:
            Client(self.path, "camera", connect_timeout=0.2)
        self.assertEqual(Result.TIMEDOUT, caught.exception.result)
        self.assertIn("No such file", str(caught.exception))
        self.until(lambda: not self.threads(), "the thread has ended")

    @staticmethod
    def threads():
        return [each for each in threading.enumerate() if each.name == "daqstream camera"]

    def test_it_waits_for_a_runtime_that_comes_later(self):
        self.stop_listening()
        os.unlink(self.path)
        with unittest.mock.patch(
            "daqstream._link.connected_socket", wraps=connected_socket
        ) as made:
            starting = self.start(Client, self.path, "camera", connect_timeout=None)
            self.until(lambda: made.call_count > 2, "it tries on")
        self.listen()
        peer = self.accept()
        peer.greet()
        client = starting.result(PATIENCE)
        self.assertEqual("camera", client.instance)
        client.shutdown(0)
        self.assertEqual([], self.threads())

    def test_refused_for_good(self):
        for result in (4, 9, 11, 12):
            starting = self.start(Client, self.path, "camera", connect_timeout=None)
            peer = self.accept()
            peer.send(frames.refused(result, "for good"))  # before HELLO, too
            peer.close()
            with self.assertRaises(StreamError) as caught:
                starting.result(PATIENCE)
            self.assertEqual(result, caught.exception.result)
            self.assertIn("for good", str(caught.exception))

    def test_refused_for_now(self):
        starting = self.start(Client, self.path, "camera", connect_timeout=PATIENCE)
        for result in (7, 5):
            peer = self.accept()
            peer.next("HELLO")
            peer.send(frames.refused(result))
            peer.close()
        self.accept().greet()
        starting.result(PATIENCE).shutdown(0)

    def test_a_token_from_a_file_is_read_at_each_connection(self):
        file = Path(self.path + ".token")
        file.write_text("first\n")
        starting = self.start(Client, self.path, "camera", token=file)
        peer = self.accept()
        self.assertEqual("first", peer.greet()[8])
        client = starting.result(PATIENCE)
        file.write_text("second\n")
        peer.close()
        self.assertEqual("second", self.accept().greet()[8])
        client.shutdown(0)

    def test_a_wrong_runtime_ends_the_connection_and_no_more(self):
        client, peer = self.connect()
        peer.send(b"\0\0\0\0\0\0\0")
        self.assertTrue(peer.is_cut())
        again = self.accept()
        again.greet(*OFFERS)
        self.until(lambda: client._core.link is Link.UP)
        self.open(client, again)


class EventTest(ClientCase):
    def test_events_and_results(self):
        client, peer = self.connect()
        heard = Heard()
        handle, number = self.open(client, peer, heard=heard)
        self.assertEqual(Result.TIMEDOUT, client.process_event(0))
        self.assertEqual(Result.TIMEDOUT, client.process_event(0.01))
        peer.send(frames.peer_up(number, 7, "there"), frames.data(number, 7, b"x"))
        peer.send(frames.peer_down(number, 7, "gone"), frames.stop())
        for _ in range(3):
            self.assertEqual(Result.OK, client.process_event(PATIENCE))
        self.assertEqual([("up", 7, "there"), ("data", 7, b"x"), ("down", 7, "gone")], heard.said)
        self.assertEqual(Result.SHOULDEXIT, client.process_event(PATIENCE))
        self.assertEqual(Result.SHOULDEXIT, client.process_event(0))

    def test_a_callback_that_raises(self):
        client, peer = self.connect()
        opening = self.start(client.open_input, "in", lambda peer, data: 1 / 0)
        number = peer.opens("in")
        opening.result(PATIENCE)
        peer.send(frames.data(number, 1, b"12"), frames.data(number, 1, b""))
        self.assertEqual(Result.FAULT, client.process_event(PATIENCE))
        self.assertEqual(Result.FAULT, client.process_event(PATIENCE))
        total = 0
        while total < 2:
            total += peer.next("CREDIT")[1]

    def test_one_thread_at_a_time(self):
        client, peer = self.connect()
        results = []
        waiting = self.start(client.process_event, PATIENCE)
        self.until(lambda: client.process_event(0) is Result.AGAIN)
        self.start(lambda: None)
        opening = self.start(
            client.open_input, "in", lambda peer, data: results.append(client.process_event(0))
        )
        number = peer.opens("in")
        opening.result(PATIENCE)
        peer.send(frames.data(number, 1, b""))
        self.assertEqual(Result.OK, waiting.result(PATIENCE))
        self.assertEqual([Result.AGAIN], results)

    def test_a_callback_may_open_write_and_close(self):
        client, peer = self.connect()
        done = []

        def on_data(number, data):
            output = client.open_output("out")
            done.append(client.write(output, data))
            done.append(client.close(output, 1).result)
            done.append(client.close(handle).result)

        opening = self.start(client.open_input, "in", on_data)
        number = peer.opens("in")
        handle = opening.result(PATIENCE)
        peer.send(frames.data(number, 1, b"12"), frames.data(number, 1, b"never"))
        processing = self.start(client.process_event, PATIENCE)
        output = peer.opens("out")
        self.assertEqual(("WRITE", output, b"12"), peer.next())
        self.assertEqual(("CLOSE", output, 1000), peer.next())
        peer.send(frames.closed(output))
        self.assertEqual(("CLOSE", number, 0xFFFFFFFF), peer.next())
        peer.send(frames.closed(number))
        self.assertEqual(Result.OK, processing.result(PATIENCE))
        self.assertEqual([Result.OK] * 3, done)
        self.assertEqual(Result.TIMEDOUT, client.process_event(0))

    def test_a_module_that_does_not_process_gets_no_more_than_its_window(self):
        client, peer = self.connect(window_events=4)
        handle, number = self.open(client, peer, heard=Heard())
        peer.send(frames.data(number, 1, b"x") * 4)
        self.until(lambda: client.info(handle).queued_messages == 4)
        peer.socket.settimeout(0.05)
        with self.assertRaises(TimeoutError if sys.version_info >= (3, 10) else OSError):
            peer.next("CREDIT")
        peer.socket.settimeout(5)
        client.process_event(0)
        client.process_event(0)
        self.assertEqual(("CREDIT", 2, 2), peer.next("CREDIT"))

    def test_stop_from_another_thread_and_from_a_handler_of_signals(self):
        client, _ = self.connect()
        waiting = self.start(client.process_event)
        client.request_stop()
        self.assertEqual(Result.SHOULDEXIT, waiting.result(PATIENCE))
        other, _ = self.connect()
        before = signal.signal(signal.SIGUSR1, lambda *_: other.request_stop())
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        killer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
        killer.start()
        self.assertEqual(Result.SHOULDEXIT, other.process_event(PATIENCE))


class WriteTest(ClientCase):
    def test_all_twelve_results(self):
        client, peer = self.connect(limits={"streams": 2})
        seen = {client.process_event(0)}
        for result in range(1, 13):
            opening = self.start(client.open_output, "out")
            peer.opens("out", answer=lambda n, r=result: frames.opened(n, r, reason="so"))
            with self.assertRaises(StreamError) as caught:
                opening.result(PATIENCE)
            seen.add(caught.exception.result)
        self.assertEqual(set(Result) - {Result.OK}, seen)
        handle, number = self.open(
            client, peer, "out", answer=lambda n: frames.opened_output(n, 2, 10, 20)
        )
        self.open(client, peer, "in")
        for name, result in (("in", Result.EXIST), ("third", Result.NOMEM)):
            with self.assertRaises(StreamError) as caught:
                client.open_output(name)
            self.assertEqual(result, caught.exception.result)
        self.assertEqual(Result.TOOBIG, client.write(handle, bytes(21)))
        self.assertEqual(Result.INVAL, client.write(handle + 5, b""))
        self.assertEqual(Result.OK, client.write(handle, bytearray(b"123456789")))
        self.assertEqual(Result.ERROR, client.write(handle, b"12"))
        self.assertEqual(Result.OK, client.write(handle, memoryview(b"1")))
        self.assertEqual(Result.ERROR, client.write(handle, b""))
        self.assertEqual(b"123456789", peer.next("WRITE")[2])
        self.assertEqual(b"1", peer.next("WRITE")[2])
        self.assertEqual(Result.INVAL, client.close(-1).result)
        for wrong in (5, "text", None):
            with self.assertRaises(TypeError):
                client.write(handle, wrong)

    def test_waiting_for_room(self):
        client, peer = self.connect()
        handle, number = self.open(
            client, peer, "out", answer=lambda n: frames.opened_output(n, 1, 10, 20)
        )
        self.assertEqual(Result.OK, client.write(handle, b"1", 1))
        self.assertEqual(Result.ERROR, client.write(handle, b"2", 0.02))
        waiting = self.start(client.write, handle, b"3", None)
        peer.next("WRITE")
        peer.send(frames.taken(number, 1, 1))
        self.assertEqual(Result.OK, waiting.result(PATIENCE))
        self.assertEqual(b"3", peer.next("WRITE")[2])
        waiting = self.start(client.write, handle, b"4", None)
        self.start(client.close, handle, 0)
        self.assertEqual(Result.INVAL, waiting.result(PATIENCE))

    def test_waiting_goes_on_over_a_new_connection(self):
        client, peer = self.connect()
        handle, _ = self.open(
            client, peer, "out", answer=lambda n: frames.opened_output(n, 1, 10, 20)
        )
        client.write(handle, b"lost")
        waiting = self.start(client.write, handle, b"kept", None)
        peer.close()
        again = self.accept()
        again.greet(*OFFERS)
        number = again.opens("out")
        self.assertEqual(Result.OK, waiting.result(PATIENCE))
        self.assertEqual(("WRITE", number, b"kept"), again.next())
        self.assertEqual((1, 4), client.info(handle)[11:13])

    def test_waiting_ends_when_the_stream_will_not_be_opened_again(self):
        client, peer = self.connect(reopen=False)
        handle, number = self.open(
            client, peer, "out", answer=lambda n: frames.opened_output(n, 1, 10, 20)
        )
        client.write(handle, b"1")
        waiting = self.start(client.write, handle, b"2", None)
        peer.next("WRITE")
        peer.send(frames.ended(number))
        self.assertEqual(Result.ERROR, waiting.result(PATIENCE))

    def test_small_messages_go_together(self):
        client, peer = self.connect()
        handle, _ = self.open(client, peer, "out")
        link = client._link
        link._socket = counted = unittest.mock.Mock(wraps=link._socket)
        for _ in range(5000):
            self.assertEqual(Result.OK, client.write(handle, b"12345678"))
        for _ in range(5000):
            peer.next("WRITE")
        self.assertLess(counted.send.call_count, 1000)

    def test_a_single_one_goes_at_once_and_by_the_thread_that_writes(self):
        client, peer = self.connect()
        handle, _ = self.open(client, peer, "out")
        self.until(lambda: time.monotonic() - client._link._sent_at > 0.001)
        with client._condition:
            self.assertEqual(Result.OK, client.write(handle, b"x"))
            self.assertEqual([], client._core.session.outgoing)
        self.assertEqual(b"x", peer.next("WRITE")[2])

    def test_what_a_runtime_does_not_read_waits_without_a_loop(self):
        client, peer = self.connect()
        handle, number = self.open(client, peer, "out")
        big = bytes(range(256)) * 4096 * 16
        self.assertEqual(Result.OK, client.write(handle, big))
        before = time.thread_time(), time.process_time()
        time.sleep(0.3)
        self.assertLess(time.process_time() - before[1], 0.2)
        self.assertEqual(("WRITE", number, big), peer.next())


class CloseTest(ClientCase):
    def test_what_was_lost(self):
        client, peer = self.connect()
        handle, number = self.open(client, peer, "out")
        closing = self.start(client.close, handle, 2.5)
        self.assertEqual(("CLOSE", number, 2500), peer.next())
        peer.send(frames.closed(number, 2, 3, 1500))
        self.assertEqual((Result.TIMEDOUT, 3, 1500), closing.result(PATIENCE))
        self.assertIsNone(client.info(handle))

    @unittest.mock.patch("daqstream._settings.CLOSE_GRACE", 0.2)
    def test_a_runtime_that_does_not_answer(self):
        client, peer = self.connect()
        handle, number = self.open(client, peer, "out")
        client.write(handle, b"12345")
        began = time.monotonic()
        self.assertEqual((Result.TIMEDOUT, 1, 5), client.close(handle, 0))
        self.assertGreater(time.monotonic() - began, 0.15)
        with self.assertRaises(StreamError) as caught:
            client.open_output("out")
        self.assertEqual(Result.EXIST, caught.exception.result)

    def test_shutdown_closes_all_and_ends_the_thread(self):
        client, peer = self.connect()
        self.open(client, peer, "out")
        self.open(client, peer, "in")
        waiting = self.start(client.process_event)
        ending = self.start(client.shutdown, 1)
        self.assertEqual(Result.SHOULDEXIT, waiting.result(PATIENCE))
        for _ in range(2):
            _, number, deadline = peer.next("CLOSE")
            self.assertEqual(1000, deadline)
            peer.send(frames.closed(number))
        ending.result(PATIENCE)
        self.assertTrue(peer.is_cut())
        self.assertEqual([], ConnectTest.threads())
        client.shutdown()
        self.assertEqual(Result.SHOULDEXIT, client.process_event())
        with self.assertRaises(StreamError):
            client.open_output("out")
        self.assertEqual([], client.streams())

    def test_ctrl_c_ends_cleanly(self):
        runtime_side = Heard()
        script = (
            "import sys, daqstream\n"
            "with daqstream.Client(sys.argv[1], 'camera') as client:\n"
            "    client.open_input('in', print)\n"
            "    print('ready', flush=True)\n"
            "    while client.process_event() != daqstream.Result.SHOULDEXIT: pass\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, self.path],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        peer = self.accept()
        peer.greet(*OFFERS)
        number = peer.opens("in")
        self.assertEqual("ready\n", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(("CLOSE", number, 0xFFFFFFFF), peer.next())
        peer.send(frames.closed(number))
        out, error = process.communicate(timeout=PATIENCE)
        self.assertEqual(-signal.SIGINT, process.returncode, error)
        self.assertIn("KeyboardInterrupt", error)
        self.assertEqual([], runtime_side.said)


class AgainTest(ClientCase):
    def test_the_module_hears_of_it(self):
        client, peer = self.connect()
        heard = Heard()
        handle, number = self.open(client, peer, heard=heard)
        peer.send(frames.peer_up(number, 7, "there"))
        self.assertEqual(Result.OK, client.process_event(PATIENCE))
        peer.close()
        for _ in range(2):
            self.assertEqual(Result.OK, client.process_event(PATIENCE))
        cause = heard.said[1][2]
        self.assertEqual([("down", 7, cause), ("ended", cause)], heard.said[1:])
        again = self.accept()
        again.greet(*OFFERS)
        number = again.opens("in")
        again.send(frames.peer_up(number, 1, "here"), frames.data(number, 1, b"new"))
        for _ in range(2):
            self.assertEqual(Result.OK, client.process_event(PATIENCE))
        self.assertEqual([("up", 8, "here"), ("data", 8, b"new")], heard.said[3:])
        self.assertEqual([handle], [each.handle for each in client.streams()])
        self.assertEqual(["in", "out"], [each.name for each in client.offers()])

    def test_at_once_when_the_transport_comes_back(self):
        client, peer = self.connect()
        heard = Heard()
        _, number = self.open(client, peer, heard=heard)
        peer.send(frames.ended(number, "left"), frames.streams((0, 0, "in", "posix")))
        self.assertEqual(Result.OK, client.process_event(PATIENCE))
        self.assertEqual(("CLOSE", number, 0xFFFFFFFF), peer.next())
        peer.send(frames.closed(number), frames.streams((0, 1, "in", "posix")))
        second = peer.opens("in", answer=lambda n: frames.opened(n, 3, reason="not yet"))
        third = peer.opens("in")
        self.assertEqual((number + 1, number + 2), (second, third))
        self.assertEqual([("ended", "left")], heard.said)

    def test_many_times(self):
        client, peer = self.connect()
        handle, number = self.open(client, peer, "out")
        for _ in range(20):
            client.write(handle, b"x", None)
            peer.close()
            peer = self.accept()
            peer.greet(*OFFERS)
            peer.opens("out")
            client._core._back_off.lasted(10)  # as if it had
            client._core._streams[handle].back_off.lasted(10)
        self.assertEqual(20, client.info(handle).lost_messages)


class LoopTest(ClientCase):
    """At a runtime that acts by itself, takes slowly and cuts what it sends anywhere."""

    def run_loop(self, seed, count, drops=0):
        path = f"{self.path}-{seed}"
        runtime = Runtime(path, {"out": 1, "in": 0}, {"out": "in"}, seed, chunk=3000)
        self.addCleanup(runtime.close)
        chance = random.Random(seed)
        sent = [chance.randbytes(chance.choice((0, 3, 100, 9000))) for _ in range(count)]
        got = []
        with Client(path, "camera", window_events=8, window_bytes=5000) as client:
            client.open_input("in", lambda peer, data: got.append(data))
            out = client.open_output("out")

            def write():
                return [client.write(out, message, None) for message in sent]

            writing = self.start(write)
            while not writing.done() or client.process_event(0.3) is Result.OK:
                client.process_event(0.05)
                if drops and chance.random() < 0.01:
                    drops -= 1
                    runtime.drop()
            self.assertEqual({Result.OK}, set(writing.result()))
            info = client.info(out)
        self.assertEqual([], runtime.faults)
        self.assertGreater(runtime.most_under_way, 8)
        return sent, got, info

    def test_every_message_comes_once_and_in_order(self):
        for seed in range(2):
            sent, got, info = self.run_loop(seed, 200)
            self.assertEqual(sent, got)
            self.assertEqual((200, 0), (info.messages, info.lost_messages))

    def test_every_loss_is_accounted_for(self):
        sent, got, info = self.run_loop(7, 400, drops=3)
        self.assertEqual(400, info.messages + info.lost_messages)
        left = iter(sent)
        for message in got:
            self.assertIn(message, left)  # in order, none twice


if __name__ == "__main__":
    unittest.main()
