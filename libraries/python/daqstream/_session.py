# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""One connection to the runtime: its streams, its windows, and whether the runtime keeps the rules.

No I/O: what is to be sent gathers in ``outgoing``, what came is given to ``receive``.
"""

import enum
import os
from typing import Dict, Iterator, List, Optional, Set, Tuple

from daqstream import _wire as wire
from daqstream._types import Direction, Result

#: A runtime that tells of more is not believed.
MOST_PEERS = 65536
MOST_OFFERS = 65536
#: Answers to PING that wait because the runtime does not read.
MOST_PONGS = 1000


class ChannelState(enum.Enum):
    OPENING = "OPEN was sent"
    OPEN = "OPENED came"
    CLOSING = "CLOSE was sent"
    GONE = "CLOSED came, or it was never opened"


class Channel:
    """A stream by its number on one connection."""

    def __init__(self, number: int, direction: Direction, news: bool, owner: object) -> None:
        self.number = number
        self.direction = direction
        self.news = news
        self.owner = owner
        self.state = ChannelState.OPENING
        self.has_ended = False  # ENDED came; no event follows
        self.longest = 0
        self.window_messages = 0
        self.window_bytes = 0
        self.messages_under_way = 0
        self.bytes_under_way = 0
        self.peers: Set[int] = set()

    def has_room(self, size: int) -> bool:
        """Whether a message of this size may be sent now."""
        under_way = self.bytes_under_way
        return self.messages_under_way < self.window_messages and (
            under_way == 0 or under_way + size <= self.window_bytes
        )


class Session:
    """One connection, as the module sees it."""

    def __init__(self, window_events: int, window_bytes: int) -> None:
        self.outgoing: List[bytes] = []
        self.outgoing_bytes = 0
        self.welcome: Optional[wire.Welcome] = None
        self._window_events = window_events
        self._window_bytes = window_bytes
        self._events_under_way = 0
        self._bytes_under_way = 0
        self._events_done = 0
        self._bytes_done = 0
        self._channels: Dict[int, Channel] = {}
        self._last_number = 0
        self._decoder = wire.Decoder()
        self._offers = 0
        self._pongs = 0

    # What the module asks for.

    def hello(self, instance: str, token: str, library: str) -> None:
        windows = (self._window_events, self._window_bytes)
        self._send(wire.hello(os.getpid(), *windows, instance, token, library))

    def open(self, name: str, direction: Direction, news: bool, owner: object) -> Channel:
        self._last_number += 1
        channel = Channel(self._last_number, direction, news, owner)
        self._channels[channel.number] = channel
        self._send(wire.open_stream(channel.number, direction, news, name))
        return channel

    def is_full(self) -> bool:
        """Whether no more streams may be open at once."""
        return self.welcome is None or len(self._channels) >= self.welcome.streams

    def write(self, channel: Channel, message: bytes) -> Result:
        size = len(message)
        if size > channel.longest:
            return Result.TOOBIG
        if not channel.has_room(size):
            return Result.ERROR
        channel.messages_under_way += 1
        channel.bytes_under_way += size
        head = wire.write(channel.number, size)
        if size < 16384:
            self._send(head + message)
        else:
            self._send(head)
            self._send(message)
        return Result.OK

    def close(self, channel: Channel, deadline_ms: int) -> None:
        channel.state = ChannelState.CLOSING
        self._send(wire.close(channel.number, deadline_ms))

    def done(self, size: int) -> None:
        """The module has done with one event, of so many bytes."""
        self._events_done += 1
        self._bytes_done += size
        # when no event waits, too: it may be what a transport acknowledges to its peer
        if (
            self._events_done == self._events_under_way
            or 2 * self._events_done >= self._window_events
            or 2 * self._bytes_done >= self._window_bytes
        ):
            self._send(wire.credit(self._events_done, self._bytes_done))
            self._events_under_way -= self._events_done
            self._bytes_under_way -= self._bytes_done
            self._events_done = 0
            self._bytes_done = 0

    def take_outgoing(self) -> bytes:
        """All that is to be sent now; whoever takes it sends it."""
        taken = b"".join(self.outgoing)
        self.outgoing.clear()
        self.outgoing_bytes = 0
        self._pongs = 0
        return taken

    def channels(self) -> List[Channel]:
        return list(self._channels.values())

    def _send(self, frame: bytes) -> None:
        self.outgoing.append(frame)
        self.outgoing_bytes += len(frame)

    # What the runtime says.

    def receive(self, data: bytes) -> Iterator[Tuple[wire.Message, Optional[Channel]]]:
        """What came, checked, with the stream it is about; raises ProtocolFault."""
        for message in self._decoder.feed(data):
            if self.welcome is None:
                self._greet(message)
                yield message, None
            elif isinstance(message, wire.DataCame):
                yield message, self._came(message)
            elif isinstance(message, wire.Ping):
                self._answer(message)
            elif isinstance(message, wire.Streams):
                self._count_offers(message)
                yield message, None
            elif isinstance(message, (wire.Refused, wire.Stop)):
                yield message, None
            elif isinstance(message, wire.Welcome):
                raise wire.ProtocolFault("WELCOME again")
            else:
                yield message, self._about(message)

    def _greet(self, message: wire.Message) -> None:
        if isinstance(message, wire.Welcome):
            if message.version != wire.VERSION:
                raise wire.ProtocolFault(f"version {message.version}")
            self.welcome = message
            self._decoder.limit = message.longest + wire.LIMIT_BESIDE_MESSAGE
        elif not isinstance(message, wire.Refused):
            raise wire.ProtocolFault(f"{type(message).__name__} before WELCOME")

    def _answer(self, ping: wire.Ping) -> None:
        self._pongs += 1
        if self._pongs > MOST_PONGS:
            raise wire.ProtocolFault("PINGs whose answers it does not read")
        self._send(wire.pong(ping.value))

    def _count_offers(self, streams: wire.Streams) -> None:
        self._offers += len(streams.offers)
        if self._offers > MOST_OFFERS or (streams.more and not streams.offers):
            raise wire.ProtocolFault("a list of streams without an end")
        if not streams.more:
            self._offers = 0

    def _channel(self, message: wire.OfStream) -> Channel:
        channel = self._channels.get(message.stream)
        if channel is None:
            raise wire.ProtocolFault(f"{type(message).__name__} of no stream")
        return channel

    def _came(self, message: wire.DataCame) -> Channel:
        channel = self._channel(message)
        if channel.direction is not Direction.IN:
            raise wire.ProtocolFault("data of an output")
        self._count_event(channel, len(message.data))
        return channel

    def _count_event(self, channel: Channel, size: int) -> None:
        if channel.state is not ChannelState.OPEN and channel.state is not ChannelState.CLOSING:
            raise wire.ProtocolFault(f"an event of a stream that is {channel.state.name}")
        if channel.has_ended:
            raise wire.ProtocolFault("an event behind ENDED")
        if (
            self._events_under_way >= self._window_events
            or self._bytes_under_way >= self._window_bytes
        ):
            raise wire.ProtocolFault("more events than there is room for")
        self._events_under_way += 1
        self._bytes_under_way += size

    def _about(self, message: wire.OfStream) -> Channel:
        channel = self._channel(message)
        if isinstance(message, wire.Taken):
            self._take_off(channel, message.messages, message.bytes)
        elif isinstance(message, wire.Opened):
            self._opened(channel, message)
        elif isinstance(message, wire.Closed):
            if channel.state is not ChannelState.CLOSING:
                raise wire.ProtocolFault("CLOSED without CLOSE")
            self._forget(channel)
        elif isinstance(message, wire.Lost):
            if message.result is Result.OK:
                raise wire.ProtocolFault("LOST without a reason")
            self._take_off(channel, message.messages, message.bytes)
        else:
            self._news(channel, message)
        return channel

    def _opened(self, channel: Channel, message: wire.Opened) -> None:
        if channel.state is not ChannelState.OPENING:
            raise wire.ProtocolFault("OPENED without OPEN")
        if message.result is not Result.OK:
            self._forget(channel)
            return
        if not -1 <= message.port <= 65535:
            raise wire.ProtocolFault(f"port {message.port}")
        if channel.direction is Direction.OUT:
            if message.window_messages == 0:
                raise wire.ProtocolFault("an output without a window")
            assert self.welcome
            channel.longest = min(message.longest, self.welcome.longest)
            channel.window_messages = message.window_messages
            channel.window_bytes = message.window_bytes
        channel.state = ChannelState.OPEN

    @staticmethod
    def _take_off(channel: Channel, messages: int, size: int) -> None:
        left_messages = channel.messages_under_way - messages
        left_bytes = channel.bytes_under_way - size
        if left_messages < 0 or left_bytes < 0 or (left_messages == 0 and left_bytes > 0):
            raise wire.ProtocolFault("more or less taken than was written")
        channel.messages_under_way = left_messages
        channel.bytes_under_way = left_bytes

    def _news(self, channel: Channel, message: wire.OfStream) -> None:
        self._count_event(channel, 0)
        if isinstance(message, wire.StreamEnded):
            channel.has_ended = True
        elif not channel.news:
            raise wire.ProtocolFault("news of peers that nobody asked for")
        elif isinstance(message, wire.PeerCame):
            if message.peer in channel.peers or len(channel.peers) >= MOST_PEERS:
                raise wire.ProtocolFault("a peer that comes twice, or one too many")
            channel.peers.add(message.peer)
        elif isinstance(message, wire.PeerWent):
            if message.peer not in channel.peers:
                raise wire.ProtocolFault("a peer that went without having come")
            channel.peers.remove(message.peer)

    def _forget(self, channel: Channel) -> None:
        channel.state = ChannelState.GONE
        del self._channels[channel.number]
