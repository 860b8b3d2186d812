# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The frames of the connection (docs/streams-remote.md): values to bytes and back, without I/O."""

import struct
from typing import Callable, Dict, Iterator, NamedTuple, Tuple, Union

from daqstream._types import Direction, Offer, Result

VERSION = 1
MAGIC = b"DQSR"
DEFAULT_DEADLINE = 0xFFFFFFFF
LIMIT_BEFORE_WELCOME = 65536
LIMIT_BESIDE_MESSAGE = 65536
LONGEST_TEXT = 1024

_PREFIX = struct.Struct("<IB")
_HELLO = struct.Struct("<IB4sHHIII")
_OPEN = struct.Struct("<IBIBB")
_WRITE = struct.Struct("<IBI")
_CLOSE = struct.Struct("<IBII")
_CREDIT = struct.Struct("<IBIQ")
_PONG = struct.Struct("<IBQ")
_DATA = struct.Struct("<IBIQ")
_DATA_TYPE = 0x87
_DATA_HEAD = 13  # of its length: type, stream, peer


class ProtocolFault(Exception):
    """The other side broke the rules of the wire."""


class Welcome(NamedTuple):
    version: int
    longest: int
    streams: int
    silence_ms: int
    name: str


class Refused(NamedTuple):
    result: Result
    reason: str


class Opened(NamedTuple):
    stream: int
    result: Result
    port: int
    window_messages: int
    window_bytes: int
    longest: int
    type: str
    reason: str


class Taken(NamedTuple):
    stream: int
    messages: int
    bytes: int


class Lost(NamedTuple):
    stream: int
    result: Result
    messages: int
    bytes: int
    reason: str


class Closed(NamedTuple):
    stream: int
    result: Result
    lost_messages: int
    lost_bytes: int


class DataCame(NamedTuple):
    stream: int
    peer: int
    data: bytes


class PeerCame(NamedTuple):
    stream: int
    peer: int
    address: str


class PeerWent(NamedTuple):
    stream: int
    peer: int
    cause: str


class StreamEnded(NamedTuple):
    stream: int
    cause: str


class Streams(NamedTuple):
    more: bool
    offers: Tuple[Offer, ...]


class Stop(NamedTuple):
    pass


class Ping(NamedTuple):
    value: int


OfStream = Union[Opened, Taken, Lost, Closed, DataCame, PeerCame, PeerWent, StreamEnded]
Message = Union[Welcome, Refused, Streams, Stop, Ping, OfStream]


def _text(value: str) -> bytes:
    encoded = value.encode()
    return len(encoded).to_bytes(2, "little") + encoded


def hello(
    process: int, window_events: int, window_bytes: int, instance: str, token: str, library: str
) -> bytes:
    texts = _text(instance) + _text(token) + _text(library)
    length = _HELLO.size - 4 + len(texts)
    head = _HELLO.pack(length, 0x01, MAGIC, VERSION, 0, process, window_events, window_bytes)
    return head + texts


def open_stream(stream: int, direction: Direction, news: bool, name: str) -> bytes:
    text = _text(name)
    return _OPEN.pack(_OPEN.size - 4 + len(text), 0x02, stream, direction, news) + text


def write(stream: int, length: int) -> bytes:
    """What stands before the message."""
    return _WRITE.pack(_WRITE.size - 4 + length, 0x03, stream)


def close(stream: int, deadline_ms: int) -> bytes:
    return _CLOSE.pack(_CLOSE.size - 4, 0x04, stream, deadline_ms)


def credit(events: int, size: int) -> bytes:
    return _CREDIT.pack(_CREDIT.size - 4, 0x05, events, size)


def pong(value: int) -> bytes:
    return _PONG.pack(_PONG.size - 4, 0x06, value)


class _Body:
    """The fields of one frame, read in order."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._at = start
        self._end = end

    def number(self, size: int, signed: bool = False) -> int:
        start = self._at
        self._at = start + size
        if self._at > self._end:
            raise ProtocolFault("a frame that is too short")
        return int.from_bytes(self._data[start : self._at], "little", signed=signed)

    def text(self) -> str:
        length = self.number(2)
        if length > LONGEST_TEXT:
            raise ProtocolFault(f"a text of {length} bytes")
        start = self._at
        self._at = start + length
        if self._at > self._end:
            raise ProtocolFault("a frame that is too short")
        try:
            return self._data[start : self._at].decode()
        except UnicodeDecodeError:
            raise ProtocolFault("a text that is not UTF-8") from None

    def flag(self) -> bool:
        return self._one_of(2, "flag") == 1

    def result(self) -> Result:
        return Result(self._one_of(13, "result"))

    def offer(self) -> Offer:
        direction = Direction(self._one_of(2, "direction"))
        return Offer(direction, self.flag(), self.text(), self.text())

    def _one_of(self, count: int, what: str) -> int:
        value = self.number(1)
        if value >= count:
            raise ProtocolFault(f"{what} {value}")
        return value

    def finish(self) -> None:
        if self._at != self._end:
            raise ProtocolFault("a frame that is too long")


def _welcome(body: _Body) -> Welcome:
    version = body.number(2)
    body.number(2)
    return Welcome(version, body.number(4), body.number(4), body.number(4), body.text())


def _opened(body: _Body) -> Opened:
    stream = body.number(4)
    result = body.result()
    port = body.number(4, signed=True)
    limits = (body.number(4), body.number(4), body.number(4))
    return Opened(stream, result, port, *limits, body.text(), body.text())


def _lost(body: _Body) -> Lost:
    stream, result = body.number(4), body.result()
    return Lost(stream, result, body.number(4), body.number(8), body.text())


def _closed(body: _Body) -> Closed:
    return Closed(body.number(4), body.result(), body.number(8), body.number(8))


def _streams(body: _Body) -> Streams:
    more = body.flag()
    return Streams(more, tuple(body.offer() for _ in range(body.number(2))))


_READERS: Dict[int, Callable[[_Body], Message]] = {
    0x81: _welcome,
    0x82: lambda body: Refused(body.result(), body.text()),
    0x83: _opened,
    0x84: lambda body: Taken(body.number(4), body.number(4), body.number(8)),
    0x85: _lost,
    0x86: _closed,
    0x88: lambda body: PeerCame(body.number(4), body.number(8), body.text()),
    0x89: lambda body: PeerWent(body.number(4), body.number(8), body.text()),
    0x8A: lambda body: StreamEnded(body.number(4), body.text()),
    0x8B: _streams,
    0x8C: lambda body: Stop(),
    0x8D: lambda body: Ping(body.number(8)),
}


class Decoder:
    """Cuts what the runtime sends into messages; pieces may come in any sizes."""

    def __init__(self) -> None:
        #: Longest frame, without its length; rises when WELCOME has told the longest message.
        self.limit = LIMIT_BEFORE_WELCOME
        self._begun = bytearray()
        self._needed = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete now; raises ProtocolFault at the first wrong one."""
        if self._begun:
            self._begun += data
            if len(self._begun) < self._needed:
                return
            data = bytes(self._begun)
            self._begun = bytearray()
        at, end = 0, len(data)
        while end - at >= 5:
            length, kind = _PREFIX.unpack_from(data, at)
            if not 1 <= length <= self.limit:
                raise ProtocolFault(f"a frame of {length} bytes")
            after = at + 4 + length
            if after > end:
                break
            if kind == _DATA_TYPE and length >= _DATA_HEAD:
                _, _, stream, peer = _DATA.unpack_from(data, at)
                yield DataCame(stream, peer, data[at + _DATA.size : after])
            else:
                yield self._message(kind, _Body(data, at + 5, after))
            at = after
        self._keep(data, at)

    @staticmethod
    def _message(kind: int, body: _Body) -> Message:
        reader = _READERS.get(kind)
        if reader is None:
            raise ProtocolFault(
                "a frame that is too short" if kind == _DATA_TYPE else f"a frame of type {kind}"
            )
        message = reader(body)
        body.finish()
        return message

    def _keep(self, data: bytes, at: int) -> None:
        if at == len(data):
            return
        self._begun += memoryview(data)[at:]
        # a length that is not complete may be any; one that is was checked
        self._needed = 5
        if len(self._begun) >= 5:
            self._needed = 4 + _PREFIX.unpack_from(self._begun)[0]
