# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The core without I/O, with a clock that stands still."""

import logging
import random
import unittest
import unittest.mock

from daqstream import Data, Direction, Ended, PeerDown, PeerUp, Result, StreamError
from daqstream._core import NEVER, Core
from daqstream._settings import BackOff, Settings
from daqstream._stream import StreamState
from tests import frames

IN, OUT = Direction.IN, Direction.OUT
DEFAULT = 0xFFFFFFFF


class CoreCase(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.now = 100.0
        self.core = self.new_core()

    def new_core(self, reopen=True, window_events=8, window_bytes=100):
        settings = Settings.of(
            "/run/x",
            "camera",
            token="secret",
            tls=None,
            connect_timeout=None,
            reopen=reopen,
            window_events=window_events,
            window_bytes=window_bytes,
        )
        return Core(settings, lambda: self.now, lambda: 0.0)

    def sent(self):
        """What the module has sent since."""
        return frames.all_of(self.core.session.take_outgoing())

    def tell(self, *sent):
        """The runtime says something that is right."""
        self.assertIsNone(self.core.receive(b"".join(sent)))

    def connect(self, *offers, **limits):
        self.core.begin("secret")
        self.tell(frames.welcome(**limits), frames.streams(*offers))
        self.sent()

    def open(self, name="a", direction=IN, news=False, **limits):
        """Opens a stream; gives it and its number on the wire."""
        stream = self.core.open(name, direction, news)
        number = self.sent()[-1][1]
        answer = frames.opened_input if direction is IN else frames.opened_output
        self.tell(answer(number, **limits))
        self.assertIs(StreamState.OPEN, stream.state)
        return stream, number

    def take(self):
        """Takes the next event as the module does, and is done with it."""
        event = self.core.events.queue.popleft()
        self.core.done(event)
        return event.value

    def values(self):
        return [event.value for event in self.core.events.queue]


class ConnectionTest(CoreCase):
    def test_the_module_speaks_first(self):
        self.core.begin("secret")
        (hello,) = self.sent()
        self.assertEqual(("HELLO", b"DQSR", 1, 0), hello[:4])
        self.assertEqual((8, 100, "camera", "secret", "python 0.1.0"), hello[5:])
        self.assertGreater(hello[4], 0)
        self.assertFalse(self.core.was_up)
        self.tell(frames.welcome())
        self.assertTrue(self.core.was_up)

    def test_no_answer_to_hello(self):
        self.core.begin("")
        self.assertEqual(110.0, self.core.due)
        self.assertIsNone(self.core.tick())
        self.now = 110.0
        self.assertEqual("no answer to HELLO", self.core.tick())

    def test_refused_for_good_only_before_the_first_connection(self):
        for result in (4, 9, 11, 12):
            self.core = self.new_core()
            self.core.begin("")
            self.assertIn("so it is", self.core.receive(frames.refused(result, "so it is")))
            self.assertEqual(result, self.core.refusal.result)
            self.assertIn("so it is", str(self.core.refusal))
            self.core.lost("refused")
            self.assertEqual(NEVER, self.core.connect_at)
        for result in (5, 7):
            self.core = self.new_core()
            self.core.begin("")
            self.assertIsNotNone(self.core.receive(frames.refused(result)))
            self.assertIsNone(self.core.refusal)
        self.core = self.new_core()
        self.connect()
        self.assertIsNotNone(self.core.receive(frames.refused(9)))
        self.assertIsNone(self.core.refusal)

    def test_waits_grow_and_begin_anew_after_a_good_connection(self):
        waits = []
        for _ in range(10):
            self.core.begin("")
            self.core.lost("away")
            waits.append(round(self.core.connect_at - self.now, 3))
            self.now = self.core.connect_at
        self.assertEqual([0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5], waits)
        for lasts, wait in ((0.9, 5), (1.0, 0)):
            self.connect()
            self.now += lasts
            self.core.lost("away")
            self.assertEqual(wait, self.core.connect_at - self.now)
            self.now = self.core.connect_at

    def test_waits_are_shortened_by_up_to_a_half(self):
        back_off = BackOff(random.Random(3).random)
        self.assertEqual(0, back_off.next())
        shares = []
        for attempt in range(200):
            whole = min(0.05 * 2**attempt, 5) if attempt < 20 else 5
            wait = back_off.next()
            self.assertTrue(whole / 2 <= wait <= whole, wait)
            shares.append(wait / whole)
        self.assertTrue(min(shares) < 0.6 and max(shares) > 0.9)

    def test_silence_ends_a_connection(self):
        self.connect(silence_ms=10_000)
        self.assertEqual(120.0, self.core.due)
        self.now = 119.0
        self.tell(frames.ping(5))
        self.assertEqual([("PONG", 5)], self.sent())
        self.now = 120.0
        self.assertIsNone(self.core.tick())
        self.assertEqual(139.0, self.core.due)
        self.now = 139.0
        self.assertIn("nothing came", self.core.tick())

    def test_without_a_silence_there_is_no_timer(self):
        self.connect()
        self.assertEqual(NEVER, self.core.due)

    def test_offers_come_in_parts(self):
        self.connect((1, 1, "a", "nng"))
        self.assertEqual(["a"], [offer.name for offer in self.core.offers])
        self.tell(frames.streams((0, 1, "b", "posix"), more=1))
        self.assertEqual(["a"], [offer.name for offer in self.core.offers])
        self.tell(frames.streams((0, 0, "c", "nats")))
        self.assertEqual(
            [(IN, True, "b", "posix"), (IN, False, "c", "nats")], list(self.core.offers)
        )


class OpenTest(CoreCase):
    def test_without_a_connection(self):
        with self.assertRaises(StreamError) as caught:
            self.core.open("a", OUT, False)
        self.assertEqual(Result.ERROR, caught.exception.result)
        self.core.begin("")
        with self.assertRaises(StreamError):
            self.core.open("a", OUT, False)

    def test_an_open_name_in_either_direction_even_without_a_connection(self):
        self.connect()
        self.open("a", OUT)
        for connected in (True, False):
            for direction in Direction:
                with self.assertRaises(StreamError) as caught:
                    self.core.open("a", direction, False)
                self.assertEqual(Result.EXIST, caught.exception.result)
            if connected:
                self.core.lost("away")

    def test_too_many_or_too_long(self):
        self.connect(streams=1)
        self.open("a")
        with self.assertRaises(StreamError) as caught:
            self.core.open("b", IN, False)
        self.assertEqual(Result.NOMEM, caught.exception.result)
        with self.assertRaises(StreamError) as caught:
            self.core.open("x" * 1025, IN, False)
        self.assertEqual(Result.INVAL, caught.exception.result)
        self.assertEqual([], self.sent())

    def test_each_result_of_an_open(self):
        self.connect()
        for result in range(1, 13):
            stream = self.core.open("a", IN, False)
            number = self.sent()[-1][1]
            self.tell(frames.opened(number, result, -1, reason="because"))
            self.assertEqual(Result(result), stream.failure.result)
            self.assertIn("because", str(stream.failure))
        self.assertEqual([], self.core.streams())

    def test_handles_and_numbers_count_up(self):
        self.connect()
        first, one = self.open("a")
        second, two = self.open("b")
        self.assertEqual((1, 2), (one, two))
        self.assertGreater(second.handle, first.handle)
        self.core.close(first, 0)
        self.tell(frames.closed(one))
        third, three = self.open("a")
        self.assertEqual(3, three)
        self.assertGreater(third.handle, second.handle)

    def test_lost_while_opening(self):
        self.connect()
        stream = self.core.open("a", IN, False)
        self.core.lost("away")
        self.assertEqual(Result.ERROR, stream.failure.result)
        self.connect((0, 1, "a", "posix"))
        self.assertEqual([], self.sent())

    def test_given_up_while_opening(self):
        self.connect()
        stream = self.core.open("a", IN, False)
        self.core.close(stream, 7)
        self.assertEqual([("OPEN", 1, 0, 0, "a")], self.sent())
        self.tell(frames.opened_input(1))
        self.assertEqual([("CLOSE", 1, 7)], self.sent())
        self.tell(frames.closed(1))
        self.assertIs(StreamState.CLOSED, stream.state)

    def test_info(self):
        self.connect()
        stream, _ = self.open("a", IN, True)
        self.tell(frames.peer_up(1, 3), frames.data(1, 3, b"12345"))
        info = stream.info()
        self.assertEqual(("a", IN, "posix", "", 5555), info[1:6])
        self.assertEqual((1, 5, 2, 5, 1), info[6:10] + (info.peers,))
        output, number = self.open("b", OUT)
        self.core.write(output.handle, b"123")
        self.core.write(output.handle, b"4")
        self.tell(frames.taken(number, 1, 3))
        info = output.info()
        self.assertEqual((OUT, "nng", -1), (info.direction, info.type, info.port))
        self.assertEqual((1, 3, 1, 1), info[6:10])


class WriteTest(CoreCase):
    def test_every_result(self):
        self.connect()
        source, _ = self.open("a", IN)
        sink, number = self.open("b", OUT, longest=10, size=12)
        write = self.core.write
        for handle in (0, -1, sink.handle + 1, source.handle):
            self.assertEqual(Result.INVAL, write(handle, b"x"))
        self.assertEqual(Result.TOOBIG, write(sink.handle, bytes(11)))
        self.assertEqual(Result.OK, write(sink.handle, bytes(10)))
        self.assertEqual(Result.ERROR, write(sink.handle, bytes(3)))
        self.assertEqual(Result.OK, write(sink.handle, b"ab"))
        sent = self.sent()
        self.assertEqual([("WRITE", number, bytes(10)), ("WRITE", number, b"ab")], sent)
        self.assertEqual(2, sink.info().rejected)
        self.tell(frames.ended(number))
        self.assertEqual(Result.ERROR, write(sink.handle, b""))
        self.core.close(sink, 0)
        self.assertEqual(Result.INVAL, write(sink.handle, b""))

    def test_the_longest_message_of_the_runtime_holds_too(self):
        self.connect(longest=5)
        sink, _ = self.open("b", OUT, longest=1000)
        self.assertEqual(Result.TOOBIG, self.core.write(sink.handle, bytes(6)))
        self.assertEqual(Result.OK, self.core.write(sink.handle, bytes(5)))

    def test_no_connection(self):
        self.connect()
        sink, _ = self.open("b", OUT)
        self.core.lost("away")
        self.assertEqual(Result.ERROR, self.core.write(sink.handle, b"x"))

    def test_a_message_longer_than_the_window_goes_alone(self):
        self.connect()
        sink, number = self.open("b", OUT, size=10, longest=1000)
        write = self.core.write
        self.assertEqual(Result.OK, write(sink.handle, b""))
        self.assertEqual(Result.OK, write(sink.handle, bytes(500)))
        self.assertEqual(Result.ERROR, write(sink.handle, b"x"))
        self.tell(frames.taken(number, 2, 500))
        self.assertEqual(Result.OK, write(sink.handle, b"x"))
        self.assertEqual(Result.ERROR, write(sink.handle, bytes(500)))

    def test_never_more_under_way_than_allowed(self):
        chance = random.Random(5)
        for _ in range(30):
            self.core = self.new_core()
            self.connect()
            messages, size = chance.randint(1, 20), chance.randint(1, 300)
            sink, number = self.open("b", OUT, messages=messages, size=size, longest=400)
            under_way, written, refused = [], 0, 0
            for _ in range(300):
                length = chance.choice((0, 1, 5, 50, 399))
                result = self.core.write(sink.handle, bytes(length))
                allowed = len(under_way) < messages and (
                    sum(under_way) == 0 or sum(under_way) + length <= size
                )
                self.assertEqual(Result.OK if allowed else Result.ERROR, result)
                if allowed:
                    under_way.append(length)
                    written += 1
                else:
                    refused += 1
                if chance.random() < 0.4:
                    count = chance.randint(0, len(under_way))
                    gone, under_way = under_way[:count], under_way[count:]
                    told = frames.taken if chance.random() < 0.8 else frames.lost
                    reason = () if told is frames.taken else (3,)
                    self.tell(told(number, *reason, len(gone), sum(gone)))
            self.assertEqual(written, len(self.sent()))
            self.assertTrue(written > 0 and refused > 0)


class EventTest(CoreCase):
    def test_in_the_order_of_arrival(self):
        self.connect()
        self.open("a", IN, True)
        self.open("b", IN)
        self.tell(
            frames.peer_up(1, 7, "there"),
            frames.data(2, 9, b"two"),
            frames.data(1, 7, b"one"),
            frames.peer_down(1, 7, "gone"),
        )
        expected = [PeerUp(7, "there"), Data(9, b"two"), Data(7, b"one"), PeerDown(7, "gone")]
        self.assertEqual(expected, self.values())

    def test_credit_when_no_event_waits_or_half_of_the_window_is_done(self):
        self.connect()
        self.open("a")
        self.tell(frames.data(1, 9, b"123"))
        self.take()
        self.assertEqual([("CREDIT", 1, 3)], self.sent())
        self.tell(*[frames.data(1, 9, b"1")] * 7)
        for _ in range(3):
            self.take()
        self.assertEqual([], self.sent())
        self.take()
        self.assertEqual([("CREDIT", 4, 4)], self.sent())
        for _ in range(3):
            self.take()
        self.assertEqual([("CREDIT", 3, 3)], self.sent())
        self.tell(frames.data(1, 9, bytes(50)), frames.data(1, 9, b""))
        self.take()
        self.assertEqual([("CREDIT", 1, 50)], self.sent())

    def test_the_last_may_go_beyond_by_its_own_length(self):
        self.connect()
        self.open("a")
        self.tell(frames.data(1, 9, bytes(99)), frames.data(1, 9, bytes(5000)))
        self.assertIn("room", self.core.receive(frames.data(1, 9, b"")))

    def test_more_events_than_the_window_has(self):
        self.connect()
        self.open("a")
        self.tell(*[frames.data(1, 9, b"")] * 8)
        self.assertIn("room", self.core.receive(frames.data(1, 9, b"")))

    def test_a_close_throws_away_what_waits_and_gives_credit(self):
        self.connect()
        stream, _ = self.open("a")
        self.open("b")
        self.tell(frames.data(1, 9, b"1"), frames.data(2, 9, b"2"), frames.data(1, 9, b"333"))
        self.core.close(stream, 0)
        self.assertEqual([Data(9, b"2")], self.values())
        self.tell(frames.data(1, 9, b"under way"), frames.ended(1))
        self.assertEqual([Data(9, b"2")], self.values())
        self.assertIn(("CLOSE", 1, 0), self.sent())
        self.tell(frames.closed(1))
        self.take()
        self.assertEqual([("CREDIT", 1, 1)], [each for each in self.sent() if each[1] != 4])

    def test_as_long_as_the_longest_message(self):
        self.core = self.new_core(window_bytes=1 << 30)
        self.connect(longest=1 << 20)
        self.open("a")
        self.tell(frames.data(1, 9, bytes(1 << 20)))
        self.assertEqual(1 << 20, len(self.take().data))
        self.assertIn("bytes", self.core.receive(frames.data(1, 9, bytes(2 << 20))[:5]))

    def test_stop_behind_what_came_before(self):
        self.connect()
        self.open("a")
        events = self.core.events
        self.tell(frames.data(1, 9, b"1"), frames.stop(), frames.data(1, 9, b"2"), frames.stop())
        self.assertFalse(events.are_over(events.queue))
        self.assertEqual(Data(9, b"1"), self.take())
        self.assertTrue(events.are_over(events.queue))

    def test_ended_without_news_is_done_at_once(self):
        self.connect()
        stream, _ = self.open("a")
        self.tell(frames.ended(1, "left"))
        self.assertEqual([], self.values())
        self.assertIn(("CREDIT", 1, 0), self.sent())
        self.assertEqual("left", stream.info().ended)

    def test_memory_is_bounded_while_the_runtime_comes_and_goes(self):
        offer = (0, 1, "a", "posix")
        self.connect(offer)
        self.open("a")
        number = 1
        for _ in range(20):
            if number:
                self.tell(*[frames.data(number, 9, bytes(20))] * 5)
            self.now += 10
            self.core.lost("away")
            self.core.begin("")
            self.tell(frames.welcome(), frames.streams(offer))
            opened = [each for each in self.sent() if each[0] == "OPEN"]
            number = opened[0][1] if opened else 0
            if number:
                self.tell(frames.opened_input(number))
        self.assertEqual(5, len(self.values()))
        while self.core.events.queue:
            self.take()
        self.assertEqual([("OPEN", 1, 0, 0, "a")], self.sent())

    def test_what_waits_does_not_keep_an_output_closed(self):
        offers = (0, 1, "a", "posix"), (1, 1, "b", "nng"), (1, 1, "c", "nng")
        self.connect(*offers)
        self.open("a")
        self.open("b", OUT)
        self.open("c", OUT, True)
        self.tell(*[frames.data(1, 9, b"")] * 8)
        self.core.lost("away")
        self.connect()
        self.tell(frames.streams(*offers))
        self.assertEqual([("OPEN", 1, 1, 0, "b")], self.sent())
        self.take()
        self.take()
        self.assertEqual([("OPEN", 2, 0, 0, "a"), ("OPEN", 3, 1, 1, "c")], self.sent())


class CloseTest(CoreCase):
    def test_what_was_lost(self):
        self.connect()
        stream, _ = self.open("a", OUT)
        for _ in range(9):
            self.core.write(stream.handle, b"12345")
        self.sent()
        self.tell(frames.taken(1, 3, 15), frames.lost(1, 6, 2, 10))
        self.core.close(stream, 5000)
        self.assertEqual([("CLOSE", 1, 5000)], self.sent())
        self.assertIsNone(self.core.find(stream.handle))
        self.tell(frames.taken(1, 1, 5), frames.closed(1, 2, 3, 15))
        self.assertEqual((Result.TIMEDOUT, 5, 25), stream.closed)

    def test_of_an_ended_stream(self):
        self.core = self.new_core(reopen=False)
        self.connect()
        stream, _ = self.open("a", OUT)
        self.core.write(stream.handle, b"12345")
        self.sent()
        self.tell(frames.ended(1), frames.lost(1, 3, 1, 5))
        self.assertEqual([("CREDIT", 1, 0)], self.sent())
        self.core.close(stream, 1)
        self.assertEqual([("CLOSE", 1, 1)], self.sent())
        self.tell(frames.closed(1))
        self.assertEqual((Result.OK, 1, 5), stream.closed)

    def test_without_a_connection_it_is_done_at_once(self):
        self.connect()
        stream, _ = self.open("a", OUT)
        self.core.write(stream.handle, b"12345")
        self.core.lost("away")
        self.core.close(stream, 1)
        self.assertIs(StreamState.CLOSED, stream.state)
        self.assertEqual((Result.OK, 1, 5), stream.closed)

    def test_the_connection_ends_before_the_answer(self):
        self.connect()
        sink, _ = self.open("a", OUT)
        source, _ = self.open("b", IN)
        self.core.write(sink.handle, b"12345")
        self.core.close(sink, 1)
        self.core.close(source, 1)
        self.assertEqual((Result.TIMEDOUT, 1, 5), sink.closed_as_known())
        self.core.lost("away")
        self.assertEqual((Result.ERROR, 1, 5), sink.closed)
        self.assertEqual((Result.OK, 0, 0), source.closed)

    def test_a_name_is_free_when_closed_has_come(self):
        self.connect()
        stream, _ = self.open("a")
        self.core.close(stream, 1)
        with self.assertRaises(StreamError) as caught:
            self.core.open("a", IN, False)
        self.assertEqual(Result.EXIST, caught.exception.result)
        self.tell(frames.closed(1))
        self.open("a")

    def test_all(self):
        self.connect()
        self.open("a")
        self.open("b", OUT)
        self.assertEqual(2, len(self.core.close_all(9)))
        self.assertEqual([("CLOSE", 1, 9), ("CLOSE", 2, 9)], self.sent())
        with self.assertRaises(StreamError) as caught:
            self.core.open("c", IN, False)
        self.assertEqual(Result.ERROR, caught.exception.result)
        self.tell(frames.closed(1), frames.closed(2))
        self.assertEqual([], self.core.close_all(9))


class AgainTest(CoreCase):
    OFFER = (0, 1, "a", "posix")

    def opened_again(self):
        return [each for each in self.sent() if each[0] == "OPEN"]

    def test_after_a_connection_was_lost(self):
        self.connect(self.OFFER, (1, 1, "b", "nng"))
        source, _ = self.open("a", IN, True)
        sink, _ = self.open("b", OUT, True)
        self.tell(frames.peer_up(1, 3), frames.peer_up(1, 7), frames.peer_up(2, 8))
        self.core.write(sink.handle, b"12345")
        while self.core.events.queue:
            self.take()
        self.core.lost("it broke")
        self.assertEqual(
            [PeerDown(3, "it broke"), PeerDown(7, "it broke"), Ended("it broke")]
            + [PeerDown(8, "it broke"), Ended("it broke")],
            self.values(),
        )
        self.assertEqual((1, 5), (sink.info().lost_messages, sink.info().lost_bytes))
        self.core.begin("")
        self.tell(frames.welcome())
        self.assertEqual([], self.opened_again())
        self.tell(frames.streams(self.OFFER, (1, 0, "b", "nng")))
        self.assertEqual([("OPEN", 1, 0, 1, "a")], self.opened_again())
        self.tell(frames.opened_input(1, 6666), frames.peer_up(1, 1))
        self.assertEqual(PeerUp(9, "192.0.2.7:4711"), self.values()[-1])
        self.assertEqual((source.handle, 6666), (source.info().handle, source.info().port))
        self.assertEqual([], self.opened_again())
        self.tell(frames.streams(self.OFFER, (1, 1, "b", "nng")))
        self.assertEqual([("OPEN", 2, 1, 1, "b")], self.opened_again())

    def test_peer_ids_do_not_come_twice(self):
        self.connect(self.OFFER)
        self.open("a")
        self.tell(frames.data(1, 5, b""))
        for base in (5, 9, 13):
            self.core.lost("away")
            self.now += 10
            self.connect(self.OFFER)
            self.tell(frames.opened_input(1), frames.data(1, 4, b""), frames.data(1, 1, b""))
            self.assertEqual([base + 4, base + 1], [each.peer for each in self.values()[-2:]])
            while self.core.events.queue:
                self.take()
            self.sent()

    def test_events_of_a_connection_before_give_no_credit(self):
        self.connect(self.OFFER)
        self.open("a")
        self.tell(frames.data(1, 5, b"old"))
        self.core.lost("away")
        self.connect(self.OFFER)
        self.tell(frames.opened_input(1), frames.data(1, 5, b"new"))
        self.assertEqual(b"old", self.take().data)
        self.assertEqual([], self.sent())
        self.assertEqual(b"new", self.take().data)
        self.assertEqual([("CREDIT", 1, 3)], self.sent())

    def test_after_the_transport_left(self):
        self.connect(self.OFFER)
        stream, _ = self.open("a", IN, True)
        self.now += 5
        self.tell(frames.ended(1, "left"))
        self.assertEqual([Ended("left")], self.values())
        self.take()
        self.assertEqual([("CLOSE", 1, DEFAULT), ("CREDIT", 1, 0)], self.sent())
        self.tell(frames.streams((0, 0, "a", "posix")), frames.closed(1, 0, 2, 20))
        self.assertEqual([], self.sent())
        self.assertEqual(2, stream.info().lost_messages)
        self.tell(frames.streams((1, 1, "a", "posix")))  # the other way
        self.assertEqual([], self.sent())
        self.tell(frames.streams(self.OFFER))
        self.assertEqual([("OPEN", 2, 0, 1, "a")], self.sent())
        self.tell(frames.opened_input(2))
        self.assertEqual("", stream.info().ended)

    def test_waits_between_attempts(self):
        self.connect(self.OFFER)
        self.open("a", IN, True)
        self.now += 1
        self.tell(frames.ended(1))
        self.take()
        self.tell(frames.closed(1))
        for wait in (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5):
            ((_, number, *_),) = self.opened_again()
            self.tell(frames.opened(number, 3, reason="not yet"))
            self.assertAlmostEqual(self.now + wait, self.core.due)
            self.now += wait - 0.001
            self.core.tick()
            self.assertEqual([], self.opened_again())
            self.now += 0.001
            self.assertIsNone(self.core.tick())
        ((_, number, *_),) = self.opened_again()
        self.tell(frames.opened_input(number))
        self.assertEqual(NEVER, self.core.due)
        self.tell(frames.ended(number), frames.closed(number))
        self.assertEqual([], self.opened_again())  # it did not last
        self.assertEqual(self.now + 5, self.core.due)

    def test_one_too_many_waits_for_another_to_be_closed(self):
        self.connect(self.OFFER, streams=1)
        self.open("a")
        self.core.lost("away")
        self.connect(streams=1)
        other, number = self.open("b")
        self.tell(frames.streams(self.OFFER))
        self.assertEqual([], self.opened_again())
        self.core.close(other, 0)
        self.tell(frames.closed(number))
        self.assertEqual([("OPEN", 2, 0, 0, "a")], self.opened_again())

    def test_not_when_it_was_turned_off(self):
        self.core = self.new_core(reopen=False)
        self.connect(self.OFFER)
        stream, _ = self.open("a", IN, True)
        self.core.lost("away")
        self.connect(self.OFFER)
        self.now += 100
        self.core.tick()
        self.assertEqual([], self.sent())
        self.assertEqual([Ended("away")], self.values())
        self.assertEqual("away", stream.info().ended)

    def test_closed_meanwhile(self):
        """The module closes at each step of an opening again."""
        for steps in range(4):
            self.core = self.new_core()
            self.connect(self.OFFER)
            stream, _ = self.open("a", IN)
            if steps > 0:
                self.tell(frames.ended(1))
            if steps > 1:
                self.tell(frames.closed(1))
            if steps > 2:
                self.tell(frames.opened(2, 3))
            self.core.close(stream, 5)
            sent = [each[:2] for each in self.sent() if each[0] in ("OPEN", "CLOSE")]
            if steps < 2:
                self.assertEqual([("CLOSE", 1)], sent)
                self.tell(frames.closed(1))
            elif steps == 2:
                self.assertEqual([("CLOSE", 1), ("OPEN", 2)], sent)
                self.tell(frames.opened_input(2))
                self.assertEqual([("CLOSE", 2, 5)], self.sent())
                self.tell(frames.closed(2))
            self.assertIs(StreamState.CLOSED, stream.state, steps)
            self.now += 100
            self.core.tick()
            self.assertEqual([], self.opened_again())


class FaultTest(CoreCase):
    def setUp(self):
        super().setUp()
        self.core = self.new_core(window_events=100)
        self.connect()
        self.open("in", IN, True)  # 1
        self.open("out", OUT)  # 2
        self.core.write(self.core.streams()[1].handle, b"12345")
        self.core.write(self.core.streams()[1].handle, b"")
        self.core.open("opening", IN, False)  # 3
        gone, number = self.open("gone")  # 4
        self.core.close(gone, 0)
        self.tell(frames.closed(number))

    def assert_faults(self, wrong):
        for what, data in wrong.items():
            with self.subTest(what):
                self.setUp()
                cause = self.core.receive(data)
                self.assertIsNotNone(cause)
                self.assertTrue(cause.startswith("the runtime broke the rules: "), cause)

    def test_frames_at_the_wrong_time(self):
        ended = frames.ended(1)
        self.assert_faults(
            {
                "WELCOME again": frames.welcome(),
                "OPENED again": frames.opened_input(1),
                "CLOSED without CLOSE": frames.closed(1),
                "ended twice": ended + ended,
                "data before OPENED": frames.data(3, 9, b""),
                "ended before OPENED": frames.ended(3),
                "TAKEN before OPENED": frames.taken(3, 1, 0),
                "a fault of the frame": frames.frame(0x8C, b"more"),
            }
        )

    def test_streams_that_are_not_known(self):
        wrong = {}
        for number in (0, 4, 5, 0xFFFFFFFF):
            for make in (
                lambda n: frames.opened_input(n),
                lambda n: frames.taken(n, 0, 0),
                lambda n: frames.lost(n, 3, 0, 0),
                lambda n: frames.closed(n),
                lambda n: frames.data(n, 1, b""),
                lambda n: frames.peer_up(n, 1),
                lambda n: frames.peer_down(n, 1),
                lambda n: frames.ended(n),
            ):
                data = make(number)
                wrong[f"{number} {data[4]:x}"] = data
        self.assert_faults(wrong)

    def test_of_outputs(self):
        self.assert_faults(
            {
                "data": frames.data(2, 9, b"x"),
                "more messages than were written": frames.taken(2, 3, 0),
                "more bytes than were written": frames.taken(2, 1, 6),
                "all messages and not all bytes": frames.taken(2, 2, 4),
                "more lost than was written": frames.taken(2, 1, 5) + frames.lost(2, 3, 2, 0),
                "lost without a reason": frames.lost(2, 0, 1, 5),
                "TAKEN of an input": frames.taken(1, 1, 0),
            }
        )
        self.core = self.new_core()
        self.connect()
        self.core.open("out", OUT, False)
        self.assertIn("window", self.core.receive(frames.opened_output(1, messages=0)))

    def test_of_peers(self):
        self.assert_faults(
            {
                "up twice": frames.peer_up(1, 9) * 2,
                "down without up": frames.peer_down(1, 9),
                "down twice": frames.peer_up(1, 9) + frames.peer_down(1, 9) * 2,
                "nobody asked for": frames.peer_up(2, 9),
                "port 65536": frames.opened_input(3, 65536),
                "port -2": frames.opened_input(3, -2),
            }
        )

    @unittest.mock.patch("daqstream._session.MOST_OFFERS", 5000)
    def test_without_an_end(self):
        many = frames.streams(*[(0, 1, "", "")] * 1000, more=1)
        self.assert_faults(
            {
                "offers": many * 6,
                "empty lists": frames.streams(more=1),
                "PINGs": frames.ping(1) * 1001,
            }
        )
        self.setUp()
        self.tell(many * 5 + frames.streams())
        for _ in range(3):
            self.tell(frames.ping(1) * 1000)
            self.sent()

    def test_greetings(self):
        for what, data in {
            "another version": frames.welcome(version=2),
            "PING first": frames.ping(1),
            "STREAMS first": frames.streams(),
            "OPENED first": frames.opened_input(1),
            "noise": b"HTTP/1.1 400 Bad Request\r\n\r\n",
        }.items():
            with self.subTest(what):
                self.core = self.new_core()
                self.core.begin("")
                self.assertIn("broke the rules", self.core.receive(data))
                self.core.lost("so")
                self.assertFalse(self.core.was_up)

    def test_what_is_right_beside_it(self):
        self.tell(
            frames.opened_input(3),
            frames.taken(2, 0, 0),
            frames.taken(2, 1, 5),
            frames.taken(2, 1, 0),
            frames.peer_up(1, 9) + frames.peer_down(1, 9) + frames.peer_up(1, 9),
            frames.data(1, 10, b"of a peer that was not announced"),
            frames.ended(1) + frames.lost(1, 3, 0, 0) + frames.taken(1, 0, 0),
        )


if __name__ == "__main__":
    unittest.main()
