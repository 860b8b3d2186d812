# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""Whatever a runtime sends costs its connection at most: what is right, nearly right, and noise.

DAQSTREAM_FUZZ_SECONDS says how long, DAQSTREAM_FUZZ_SEED what; a failure tells the seed.
"""

import logging
import os
import random
import time
import unittest

from daqstream import Direction, Result, StreamError
from daqstream._core import Core, Link
from daqstream._settings import Settings
from daqstream._stream import StreamState
from tests import frames

SECONDS = float(os.environ.get("DAQSTREAM_FUZZ_SECONDS", "2"))
SEED = int(os.environ.get("DAQSTREAM_FUZZ_SEED", "1"))
NAMES = "abcd"


class Conversation:
    """A module that does anything it may, and a runtime that may do anything."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.now = 0.0
        self.events, self.size = self.chance.choice(((1, 1), (4, 100), (1000, 1 << 20)))
        settings = Settings.of(
            "/run/x",
            "camera",
            token="",
            tls=None,
            connect_timeout=None,
            reopen=self.chance.random() < 0.7,
            window_events=self.events,
            window_bytes=self.size,
        )
        self.core = Core(settings, lambda: self.now, self.chance.random)
        self.handles = [0, -1]
        self.cuts = 0
        self.opened = 0
        self.wire = bytearray()
        self.numbers = 0
        self.windows = {}
        self.holds = []

    # What the module does.

    def act(self):
        getattr(self, "do_" + self.chance.choice(self.ACTIONS))()

    ACTIONS = ("open", "open", "write", "write", "write", "close", "done", "done", "wait", "look")

    def do_open(self):
        try:
            stream = self.core.open(
                self.chance.choice(NAMES),
                self.chance.choice(list(Direction)),
                self.chance.random() < 0.5,
            )
        except StreamError as fault:
            assert fault.result in (Result.EXIST, Result.ERROR, Result.NOMEM)
        else:
            assert stream.handle > max(self.handles)
            self.handles.append(stream.handle)

    def do_write(self):
        message = bytes(self.chance.choice((0, 1, 30, 500)))
        result = self.core.write(self.chance.choice(self.handles), message)
        assert result in (Result.OK, Result.INVAL, Result.ERROR, Result.TOOBIG)

    def do_close(self):
        stream = self.core.find(self.chance.choice(self.handles))
        if stream is not None and self.chance.random() < 0.3:
            self.core.close(stream, self.chance.choice((0, 5000)))
            assert all(event.stream is not stream for event in self.core.events.queue)

    def do_done(self):
        for _ in range(self.chance.randint(0, 5)):
            if self.core.events.queue:
                self.holds.append(self.core.events.queue.popleft())
        self.chance.shuffle(self.holds)
        while self.holds and self.chance.random() < 0.8:
            self.core.done(self.holds.pop())

    def do_wait(self):
        self.now += self.chance.choice((0.001, 0.1, 3))
        if self.core.link is not Link.DOWN:
            cause = self.core.tick()
            if cause is not None:
                self.cut(cause)

    def do_look(self):
        for stream in self.core.streams():
            info = stream.info()
            assert min(info[6:14]) >= 0, info
            assert stream.state in (StreamState.OPEN, StreamState.LEFT)

    # What the runtime does.

    def speak(self):
        if self.core.link is Link.DOWN:
            self.wire.clear()
            self.core.begin("")
            self.numbers = 0
            self.wire += frames.welcome(
                self.chance.choice((0, 100, 1 << 20)),
                self.chance.choice((0, 2, 64)),
                self.chance.choice((0, 1000)),
            )
        if not self.wire:  # it knows of all that it said
            for channel in [None] + self.core.session.channels():
                if self.chance.random() < 0.5:
                    self.wire += self.anything(channel)
        if self.chance.random() < 0.03:
            self.spoil()
        size = self.chance.choice((1, 7, 100, 10_000))
        piece = bytes(self.wire[:size])
        del self.wire[:size]
        cause = self.core.receive(piece) if piece else None
        if cause is not None or self.chance.random() < 0.005:
            self.cut(cause or "it broke")

    def spoil(self):
        """Bytes change, go or come."""
        kind = self.chance.randrange(4)
        at = self.chance.randint(0, len(self.wire))
        if kind == 0:
            self.wire[at:at] = self.chance.randbytes(self.chance.randint(1, 20))
        elif kind == 1:
            del self.wire[at : at + self.chance.randint(1, 20)]
        elif kind == 2 and at < len(self.wire):
            self.wire[at] ^= 1 << self.chance.randrange(8)
        else:
            self.wire += self.wire[at : at + 50]

    def anything(self, channel):
        """A frame that fits a stream of the module, or is of none."""
        chance = self.chance
        if channel is None:
            return chance.choice(
                (
                    frames.ping(chance.randrange(9)),
                    frames.streams(*[(chance.randrange(2), 1, name, "nng") for name in NAMES]),
                    frames.stop() if chance.random() < 0.01 else b"",
                    frames.refused(chance.randrange(14)) if chance.random() < 0.01 else b"",
                )
            )
        number, peer = channel.number, chance.randint(1, 3)
        state = channel.state.name
        if state == "OPENING":
            self.opened += 1
            if chance.random() < 0.3:
                return frames.opened(number, chance.randint(1, 12))
            if channel.direction is Direction.IN:
                return frames.opened_input(number)
            return frames.opened_output(number, chance.randint(1, 5), chance.choice((0, 40, 1000)))
        if state == "CLOSING" and chance.random() < 0.5:
            return frames.closed(number, chance.randrange(3), chance.randrange(3), 5)
        if channel.has_ended:
            return b""
        messages = channel.messages_under_way
        size = channel.bytes_under_way
        if messages and chance.random() < 0.7:
            told = (messages, size) if chance.random() < 0.9 else (chance.randint(0, messages), 0)
            return chance.choice((frames.taken(number, *told), frames.lost(number, 3, *told)))
        if channel.direction is Direction.IN and chance.random() < 0.7:
            return frames.data(number, peer, bytes(chance.choice((0, 1, 60))))
        if channel.news and chance.random() < 0.8:
            known = peer in channel.peers
            return frames.peer_down(number, peer) if known else frames.peer_up(number, peer)
        return frames.ended(number) if chance.random() < 0.1 else b""

    def cut(self, cause):
        self.cuts += 1
        self.hear()
        self.core.lost(cause)
        assert self.core.link is Link.DOWN
        self.now += self.chance.choice((0, 2))

    def hear(self):
        """What the module sends is right whatever came."""
        for frame in frames.all_of(self.core.session.take_outgoing()):
            if frame[0] == "OPEN":
                assert frame[1] > self.numbers
                self.numbers = frame[1]
            elif frame[0] == "WRITE":
                assert frame[1] <= self.numbers
            elif frame[0] == "CREDIT":
                assert 0 < frame[1] <= self.events
        queue = self.core.events.queue
        limit = 2 * self.events + len(NAMES) * 5
        assert len(queue) <= limit, f"{len(queue)} events wait"

    def run(self, steps):
        for _ in range(steps):
            self.act()
            self.speak()
            self.hear()


class FuzzTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def test_nothing_that_comes_harms_the_module(self):
        end = time.monotonic() + SECONDS
        seed = SEED
        cuts = opened = 0
        while time.monotonic() < end:
            conversation = Conversation(seed)
            try:
                conversation.run(500)
            except Exception as fault:
                raise AssertionError(f"DAQSTREAM_FUZZ_SEED={seed}") from fault
            cuts += conversation.cuts
            opened += conversation.opened
            seed += 1
        self.assertGreater(cuts, seed - SEED)
        self.assertGreater(opened, seed - SEED)

    def test_noise(self):
        chance = random.Random(SEED)
        for _ in range(3000):
            conversation = Conversation(chance.random())
            core = conversation.core
            core.begin("")
            if chance.random() < 0.5:
                self.assertIsNone(core.receive(frames.welcome()))
            core.receive(chance.randbytes(chance.randint(0, 200)))
            core.lost("enough")


if __name__ == "__main__":
    unittest.main()
