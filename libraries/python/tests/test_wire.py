# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

import random
import re
import unittest
from pathlib import Path

from daqstream import Direction, Offer, Result
from daqstream import _wire as wire
from tests import frames

# Name, bytes as on the page, and what they say: as the runtime's side has it (tests.frames), and
# as the library has it.
GOLDEN = [
    (
        "HELLO",
        "29 00 00 00 01 44 51 53 52 01 00 00 00 67 12 00 00 00 04 00 00 00 00 10 00"
        " 06 00 63 61 6d 65 72 61 00 00 08 00 6a 61 76 61 20 30 2e 31",
        ("HELLO", b"DQSR", 1, 0, 4711, 1024, 1 << 20, "camera", "", "java 0.1"),
        wire.hello(4711, 1024, 1 << 20, "camera", "", "java 0.1"),
    ),
    (
        "WELCOME",
        "1c 00 00 00 81 01 00 00 00 00 00 00 04 40 00 00 00 00 00 00 00 09 00 64 61"
        " 71 73 74 72 65 61 6d",
        frames.welcome(),
        wire.Welcome(1, 1 << 26, 64, 0, "daqstream"),
    ),
    (
        "STREAMS",
        "13 00 00 00 8b 00 01 00 01 01 06 00 66 72 61 6d 65 73 03 00 6e 6e 67",
        frames.streams((1, 1, "frames", "nng")),
        wire.Streams(False, (Offer(Direction.OUT, True, "frames", "nng"),)),
    ),
    (
        "OPEN",
        "0f 00 00 00 02 01 00 00 00 01 01 06 00 66 72 61 6d 65 73",
        ("OPEN", 1, 1, 1, "frames"),
        wire.open_stream(1, Direction.OUT, True, "frames"),
    ),
    (
        "OPENED",
        "1d 00 00 00 83 01 00 00 00 00 ff ff ff ff 00 40 00 00 00 00 10 00 00 00 00 04"
        " 03 00 6e 6e 67 00 00",
        frames.opened(1, 0, -1, 16384, 1 << 20, 1 << 26, "nng"),
        wire.Opened(1, Result.OK, -1, 16384, 1 << 20, 1 << 26, "nng", ""),
    ),
    (
        "PEER_UP",
        "1d 00 00 00 88 01 00 00 00 07 00 00 00 00 00 00 00 0e 00 31 39 32 2e 30 2e 32"
        " 2e 37 3a 34 37 31 31",
        frames.peer_up(1, 7, "192.0.2.7:4711"),
        wire.PeerCame(1, 7, "192.0.2.7:4711"),
    ),
    (
        "WRITE",
        "0a 00 00 00 03 01 00 00 00 68 65 6c 6c 6f",
        ("WRITE", 1, b"hello"),
        wire.write(1, 5) + b"hello",
    ),
    (
        "TAKEN",
        "11 00 00 00 84 01 00 00 00 01 00 00 00 05 00 00 00 00 00 00 00",
        frames.taken(1, 1, 5),
        wire.Taken(1, 1, 5),
    ),
    (
        "LOST",
        "1b 00 00 00 85 01 00 00 00 06 01 00 00 00 09 00 00 00 00 00 00 00 07 00 74 6f"
        " 6f 20 62 69 67",
        frames.lost(1, 6, 1, 9, "too big"),
        wire.Lost(1, Result.TOOBIG, 1, 9, "too big"),
    ),
    (
        "OPEN",
        "0f 00 00 00 02 02 00 00 00 00 00 06 00 6f 72 64 65 72 73",
        ("OPEN", 2, 0, 0, "orders"),
        wire.open_stream(2, Direction.IN, False, "orders"),
    ),
    (
        "OPENED",
        "1f 00 00 00 83 02 00 00 00 00 b3 15 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
        " 05 00 70 6f 73 69 78 00 00",
        frames.opened(2, 0, 5555, type="posix"),
        wire.Opened(2, Result.OK, 5555, 0, 0, 0, "posix", ""),
    ),
    (
        "OPENED",
        "28 00 00 00 83 03 00 00 00 04 ff ff ff ff 00 00 00 00 00 00 00 00 00 00 00 00"
        " 00 00 0e 00 6e 6f 20 73 75 63 68 20 73 74 72 65 61 6d",
        frames.opened(3, 4, reason="no such stream"),
        wire.Opened(3, Result.INVAL, -1, 0, 0, 0, "", "no such stream"),
    ),
    (
        "DATA",
        "12 00 00 00 87 02 00 00 00 08 00 00 00 00 00 00 00 68 65 6c 6c 6f",
        frames.data(2, 8, b"hello"),
        wire.DataCame(2, 8, b"hello"),
    ),
    (
        "CREDIT",
        "0d 00 00 00 05 01 00 00 00 05 00 00 00 00 00 00 00",
        ("CREDIT", 1, 5),
        wire.credit(1, 5),
    ),
    (
        "PEER_DOWN",
        "15 00 00 00 89 02 00 00 00 08 00 00 00 00 00 00 00 06 00 63 6c 6f 73 65 64",
        frames.peer_down(2, 8, "closed"),
        wire.PeerWent(2, 8, "closed"),
    ),
    (
        "ENDED",
        "19 00 00 00 8a 02 00 00 00 12 00 69 74 73 20 74 72 61 6e 73 70 6f 72 74 20 6c 65 66 74",
        frames.ended(2, "its transport left"),
        wire.StreamEnded(2, "its transport left"),
    ),
    (
        "CLOSE",
        "09 00 00 00 04 01 00 00 00 88 13 00 00",
        ("CLOSE", 1, 5000),
        wire.close(1, 5000),
    ),
    (
        "CLOSE",
        "09 00 00 00 04 02 00 00 00 ff ff ff ff",
        ("CLOSE", 2, 0xFFFFFFFF),
        wire.close(2, wire.DEFAULT_DEADLINE),
    ),
    (
        "CLOSED",
        "16 00 00 00 86 01 00 00 00 02 03 00 00 00 00 00 00 00 dc 05 00 00 00 00 00 00",
        frames.closed(1, 2, 3, 1500),
        wire.Closed(1, Result.TIMEDOUT, 3, 1500),
    ),
    ("STOP", "01 00 00 00 8c", frames.stop(), wire.Stop()),
    ("PING", "09 00 00 00 8d 01 00 00 00 00 00 00 00", frames.ping(1), wire.Ping(1)),
    ("PONG", "09 00 00 00 06 01 00 00 00 00 00 00 00", ("PONG", 1), wire.pong(1)),
    (
        "REFUSED",
        "0a 00 00 00 82 09 06 00 69 6e 20 75 73 65",
        frames.refused(9, "in use"),
        wire.Refused(Result.EXIST, "in use"),
    ),
]

OF_RUNTIME = [each for each in GOLDEN if isinstance(each[2], bytes)]
OF_MODULE = [each for each in GOLDEN if isinstance(each[3], bytes)]


def decoded(data, limit=1 << 27):
    decoder = wire.Decoder()
    decoder.limit = limit
    return list(decoder.feed(data))


class WireTest(unittest.TestCase):
    def test_golden_bytes_of_the_module(self):
        self.assertEqual(8, len(OF_MODULE))
        for name, golden, fields, encoded in OF_MODULE:
            with self.subTest(name):
                self.assertEqual(golden, encoded.hex(" "))
                self.assertEqual([fields], frames.all_of(bytes.fromhex(golden)))

    def test_golden_bytes_of_the_runtime(self):
        self.assertEqual(15, len(OF_RUNTIME))
        for name, golden, encoded, message in OF_RUNTIME:
            with self.subTest(name):
                self.assertEqual([message], decoded(bytes.fromhex(golden)))
                self.assertEqual(golden, encoded.hex(" "))

    def test_they_are_those_of_the_page(self):
        page = Path(__file__).parents[3] / "docs" / "streams-remote.md"
        lines = re.findall(
            r"(?m)^([A-Z_]+) +((?:[0-9a-f]{2} )*[0-9a-f]{2})$", page.read_text("utf-8")
        )
        self.assertEqual([each[:2] for each in GOLDEN], lines)

    def test_pieces_of_any_size_give_the_same(self):
        chance = random.Random(1)
        whole = b"".join(bytes.fromhex(each[1]) for each in OF_RUNTIME)
        whole += frames.data(2, 9, bytes(10_000)) + whole
        expected = decoded(whole)
        for _ in range(40):
            decoder = wire.Decoder()
            decoder.limit = 1 << 27
            most = chance.choice((1, 2, 7, 40, 3000, 9_000))
            messages, at = [], 0
            while at < len(whole):
                size = chance.randint(1, most)
                messages += decoder.feed(whole[at : at + size])
                at += size
            self.assertEqual(expected, messages)

    def test_cut_and_stretched_frames_are_faults(self):
        for name, golden, _, _ in OF_RUNTIME:
            body = bytes.fromhex(golden)[5:]
            kind = bytes.fromhex(golden)[4]
            if name == "DATA":
                wrong = [body[:end] for end in range(12)]
            else:
                wrong = [body[:end] for end in range(len(body))] + [body + b"\0"]
            for other in wrong:
                with self.subTest(f"{name} {other.hex()}"), self.assertRaises(wire.ProtocolFault):
                    decoded(frames.frame(kind, other))

    def test_wrong_values_are_faults(self):
        wrong = {
            "length 0": b"\0\0\0\0\x8c",
            "a length of the module's own": wire.pong(1),
            "type 0": frames.frame(0),
            "type 0x8e": frames.frame(0x8E),
            "type 0xff": frames.frame(0xFF),
            "result 13": frames.refused(13),
            "result 255": frames.opened(1, 255),
            "direction 2": frames.streams((2, 1, "a", "b")),
            "ready 2": frames.streams((1, 2, "a", "b")),
            "more 2": frames.streams(more=2),
            "fewer offers than told": frames.frame(0x8B, b"\0\2\0" + b"\1\1\0\0\0\0"),
            "a text of 1025 bytes": frames.ended(1, "x" * 1025),
            "half a letter": frames.frame(0x8A, b"\1\0\0\0\1\0\xc3"),
            "a surrogate": frames.frame(0x8A, b"\1\0\0\0\3\0\xed\xa0\x80"),
            "an overlong letter": frames.frame(0x8A, b"\1\0\0\0\2\0\xc0\x80"),
        }
        for what, data in wrong.items():
            with self.subTest(what), self.assertRaises(wire.ProtocolFault):
                decoded(data)
        self.assertEqual(1024, len(decoded(frames.ended(1, "x" * 1024))[0].cause))

    def test_a_length_above_the_limit_is_a_fault_before_its_bytes_come(self):
        for limit in (65536, 1 << 20):
            self.assertEqual([], decoded((limit).to_bytes(4, "little") + b"\x87", limit))
            with self.assertRaises(wire.ProtocolFault):
                decoded((limit + 1).to_bytes(4, "little") + b"\x87", limit)

    def test_what_stands_before_a_fault_is_not_lost(self):
        decoder = wire.Decoder()
        messages = decoder.feed(frames.ping(1) + frames.frame(0))
        self.assertEqual(wire.Ping(1), next(messages))
        with self.assertRaises(wire.ProtocolFault):
            next(messages)


if __name__ == "__main__":
    unittest.main()
