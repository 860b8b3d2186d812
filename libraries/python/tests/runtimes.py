# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""Runtimes to talk to: one that says what a test says, and one that acts by itself."""

import collections
import concurrent.futures
import os
import random
import select
import socket
import tempfile
import threading
import time
import unittest

from tests import frames

PATIENCE = 30.0  # in seconds; for tests that fail


class Peer:
    """One connection, seen from the runtime; the test says what is sent."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self._buffer = bytearray()
        self._frames = collections.deque()

    def next(self, name=None):
        """The next frame of the module; those of CREDIT are passed over unless wanted."""
        while True:
            while not self._frames:
                data = self.socket.recv(1 << 20)
                if not data:
                    raise frames.Cut
                self._buffer += data
                self._frames.extend(frames.take(self._buffer))
            frame = self._frames.popleft()
            if name == frame[0] or (name is None and frame[0] != "CREDIT"):
                return frame
            if frame[0] != "CREDIT":
                raise AssertionError(f"not {name}: {frame}")

    def send(self, *sent):
        self.socket.sendall(b"".join(sent))

    def greet(self, *offers, **limits):
        hello = self.next("HELLO")
        self.send(frames.welcome(**limits), frames.streams(*offers))
        return hello

    def opens(self, name, direction=None, number=None, answer=None):
        """Expects an OPEN and answers it; gives its number."""
        _, stream, way, _, asked = self.next("OPEN")
        assert asked == name, asked
        self.send(
            answer(stream)
            if answer
            else frames.opened_output(stream)
            if way
            else frames.opened_input(stream)
        )
        return stream

    def close(self):
        self.socket.close()

    def is_cut(self):
        try:
            while True:
                self.next()
        except (frames.Cut, ConnectionError):
            return True


class RuntimeCase(unittest.TestCase):
    """A test with a socket that a client connects to."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "streams")
        self.listener = None
        self.listen()
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.addCleanup(self.pool.shutdown)
        self.addCleanup(self.stop_listening)

    def listen(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(8)
        self.listener.settimeout(PATIENCE)

    def stop_listening(self):
        self.listener.close()

    def accept(self):
        connection, _ = self.listener.accept()
        peer = Peer(connection)
        self.addCleanup(peer.close)
        return peer

    def start(self, call, *arguments, **options):
        """Runs a call of the module that waits, while the test plays the runtime."""
        return self.pool.submit(call, *arguments, **options)

    def until(self, condition, what="it came to hold"):
        """Waits for what another thread does."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                self.fail(f"not within {PATIENCE} s: {what}")
            time.sleep(0.002)


class Runtime:
    """Acts by itself on every connection, in a thread: a write of an output comes as data of the
    input that it leads to, after a random while; checks that the module keeps its windows.
    """

    def __init__(self, path, streams, leads=None, seed=1, messages=16, size=4096, chunk=1 << 16):
        self.streams = streams  # name: 0 in, 1 out
        self.leads = leads or {}
        self.written = collections.defaultdict(list)
        self.faults = []
        self.most_under_way = 0
        self.chunk = chunk
        self._window = (messages, size)
        self._chance = random.Random(seed)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(8)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._over.set()
        self._thread.join(PATIENCE)
        self._listener.close()

    def _run(self):
        while not self._over.is_set():
            if select.select([self._listener], [], [], 0.05)[0]:
                connection, _ = self._listener.accept()
                with connection:
                    try:
                        self._serve(connection)
                    except (ConnectionError, frames.Cut):
                        pass
                    except Exception as fault:  # shown by the test
                        self.faults.append(repr(fault))

    def stop_modules(self):
        self._stop_due = True

    def drop(self):
        """Ends the connection, as if the runtime were killed."""
        self._drop_due = True

    _stop_due = False
    _drop_due = False

    def _serve(self, connection):
        connection.setblocking(False)
        self._drop_due = False
        self._begun = bytearray()
        self._answers = bytearray()
        self._numbers = {}  # number: [name, direction, waiting sizes]
        self._events = collections.deque()
        self._under_way = [0, 0]
        self._event_window = None
        while not self._over.is_set():
            readable, _, _ = select.select(
                [connection], [connection] if self._answers else [], [], 0.002
            )
            if readable:
                data = connection.recv(self._chance.randint(1, self.chunk))
                if not data:
                    return
                self._begun += data
                for frame in frames.take(self._begun):
                    getattr(self, "_on_" + frame[0].lower())(*frame[1:])
            if self._drop_due:
                return
            self._act()
            if self._answers:
                size = self._chance.randint(1, self.chunk)
                try:
                    del self._answers[: connection.send(self._answers[:size])]
                except BlockingIOError:
                    pass

    def _act(self):
        if self._stop_due:
            self._stop_due = False
            self._answers += frames.stop()
        for number, (_, direction, waiting) in self._numbers.items():
            if direction and waiting and self._chance.random() < 0.7:
                count = self._chance.randint(1, len(waiting))
                self._answers += frames.taken(number, count, sum(waiting[:count]))
                del waiting[:count]
        while (
            self._events
            and self._under_way[0] < self._event_window[0]
            and self._under_way[1] < self._event_window[1]
        ):
            name, payload = self._events.popleft()
            number = self._number(name)
            if number:
                self._answers += frames.data(number, 1, payload)
                self._under_way[0] += 1
                self._under_way[1] += len(payload)

    def _number(self, name):
        return next((n for n, each in self._numbers.items() if each[0] == name), 0)

    def _on_hello(self, magic, version, _, process, events, size, instance, token, library):
        assert self._event_window is None and magic == b"DQSR" and version == 1
        self._event_window = (events, size)
        offers = [(way, 1, name, "nng") for name, way in self.streams.items()]
        self._answers += frames.welcome() + frames.streams(*offers)

    def _on_open(self, number, direction, news, name):
        assert not self._numbers or number > max(self._numbers)
        assert not self._number(name)
        if self.streams.get(name) != direction:
            self._answers += frames.opened(number, 4, reason="no such stream")
            return
        self._numbers[number] = [name, direction, []]
        messages, size = self._window
        if direction:
            self._answers += frames.opened_output(number, messages, size)
        else:
            self._answers += frames.opened_input(number)
        if news:
            self._answers += frames.peer_up(number, 1)
            self._under_way[0] += 1

    def _on_write(self, number, payload):
        name, direction, waiting = self._numbers[number]
        messages, size = self._window
        assert direction == 1 and len(waiting) < messages
        assert not sum(waiting) or sum(waiting) + len(payload) <= size
        waiting.append(len(payload))
        self.most_under_way = max(self.most_under_way, len(waiting))
        self.written[name].append(payload)
        if name in self.leads:
            self._events.append((self.leads[name], payload))

    def _on_close(self, number, deadline):
        del self._numbers[number]
        self._answers += frames.closed(number)

    def _on_credit(self, events, size):
        self._under_way[0] -= events
        self._under_way[1] -= size
        assert min(self._under_way) >= 0, self._under_way

    def _on_pong(self, value):
        raise AssertionError("PONG without PING")
