# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""A client without its I/O: handles and events over connections that come and go.

Both faces drive it the same way: ``begin`` when a connection stands, ``receive`` what came, send
``take_outgoing``, ``lost`` when it is over; ``tick`` at ``due``, ``begin`` again at ``connect_at``.
It has no lock: a face calls it from one thread at a time.
"""

import enum
import logging
import random
import time
from typing import Callable, Dict, List, Optional, Set, Tuple

from daqstream import _wire as wire
from daqstream._events import Event, Events
from daqstream._session import Channel, ChannelState, Session
from daqstream._settings import VERSION, BackOff, Settings
from daqstream._stream import Stream, StreamState
from daqstream._types import (
    CloseResult,
    Data,
    Direction,
    Ended,
    Offer,
    PeerDown,
    PeerUp,
    Result,
    StreamError,
    StreamEvent,
)

LOG = logging.getLogger("daqstream")

NEVER = float("inf")
#: The runtime answers HELLO within this time, in seconds.
GREETING_TIME = 10.0
#: These end the wait for the first connection.
_FOR_GOOD = (Result.DENIED, Result.INVAL, Result.NOTSUP, Result.EXIST)


class Link(enum.Enum):
    DOWN = "no connection"
    GREETING = "HELLO was sent"
    UP = "WELCOME came"


class Core:
    """Everything a client knows."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._chance = chance
        self.link = Link.DOWN
        self.session = self._new_session()
        self.was_up = False
        self.refusal: Optional[StreamError] = None  # that ends the wait for the first connection
        self.last_cause = "nobody answered"
        self.connect_at = clock()
        self.due = NEVER
        self.is_closed = False
        self.events = Events()
        self.changed: Set[Stream] = set()  # whose state or room is another; a face empties it
        self.offers: Tuple[Offer, ...] = ()
        self._offers_coming: List[Offer] = []
        self._offers_known = False
        self._streams: Dict[int, Stream] = {}
        self._names: Dict[str, Stream] = {}
        self._away: Set[Stream] = set()  # those to be opened again
        self._back_off = BackOff(chance)
        self._link_since = 0.0
        self._heard_at = 0.0
        self._peer_base = 0
        self._peer_highest = 0

    def _new_session(self) -> Session:
        return Session(self._settings.window_events, self._settings.window_bytes)

    # The connection.

    def begin(self, token: str) -> None:
        """A connection stands."""
        self.session = self._new_session()
        self.session.hello(self._settings.instance, token, f"python {VERSION}")
        self.link = Link.GREETING
        self.connect_at = NEVER
        self._link_since = self._heard_at = self._clock()
        self._peer_base = self._peer_highest
        self._offers_known = False
        self._offers_coming = []
        self.due = self._clock() + GREETING_TIME

    def receive(self, data: bytes) -> Optional[str]:
        """Bytes came. Gives the cause why the connection is to be ended, or None."""
        self._heard_at = self._clock()
        try:
            for message, channel in self.session.receive(data):
                if channel is not None:
                    self._about(channel, message)
                elif isinstance(message, wire.Refused):
                    return self._refused(message)
                else:
                    self._general(message)
        except wire.ProtocolFault as fault:
            return f"the runtime broke the rules: {fault}"
        return None

    def _refused(self, message: wire.Refused) -> str:
        cause = f"refused: {message.reason} ({message.result.name})"
        if not self.was_up and message.result in _FOR_GOOD:
            self.refusal = StreamError(message.result, f"{self._settings}: {message.reason}")
        return cause

    def lost(self, cause: str) -> None:
        """The connection is over, or could not be made."""
        now = self._clock()
        was = self.link
        self.link = Link.DOWN
        self.last_cause = cause
        if was is Link.UP:
            self._back_off.lasted(now - self._link_since)
            level = logging.INFO if self.is_closed else logging.WARNING
            LOG.log(level, "%s: connection ended: %s", self._settings, cause)
        elif self.was_up:
            LOG.info("%s: not connected: %s", self._settings, cause)
        for channel in self.session.channels():
            self._channel_lost(channel, cause, now)
        self.session = self._new_session()
        self.connect_at = now + self._back_off.next() if self.refusal is None else NEVER
        self.due = NEVER

    def _channel_lost(self, channel: Channel, cause: str, now: float) -> None:
        stream = channel.owner
        assert isinstance(stream, Stream)
        stream.count_lost(channel.messages_under_way, channel.bytes_under_way)
        stream.channel = None
        if stream.state is StreamState.OPEN:
            for peer in sorted(channel.peers):
                self.events.post(stream, PeerDown(peer + self._peer_base, cause), 0, None)
            self._leave(stream, cause, None, now)
            stream.reopen_at = now + stream.back_off.next()
        elif stream.state is StreamState.OPENING:
            self._fail(stream, Result.ERROR, cause)
        elif stream.state is StreamState.CLOSING:
            # what the runtime took is sent on, but nobody tells of it any more
            is_input = stream.direction is Direction.IN
            self._finish(stream, Result.OK if is_input else Result.ERROR)

    def tick(self) -> Optional[str]:
        """Time has come; gives the cause why the connection is to be ended, or None."""
        now = self._clock()
        self.due = NEVER
        if self.link is Link.GREETING:
            self.due = self._link_since + GREETING_TIME
            return "no answer to HELLO" if now >= self.due else None
        if self.link is Link.UP:
            assert self.session.welcome
            silence = self.session.welcome.silence_ms / 1000
            if silence > 0:
                # it sends PINGs more often than that
                self.due = self._heard_at + 2 * silence
                if now >= self.due:
                    return f"nothing came for {now - self._heard_at:.1f} s"
            self._open_again(now)
        return None

    def _general(self, message: wire.Message) -> None:
        if isinstance(message, wire.Welcome):
            self.link = Link.UP
            self.was_up = True
            self._link_since = self._clock()
            LOG.info("%s: connected to %s", self._settings, message.name)
            self.tick()
        elif isinstance(message, wire.Streams):
            self._offers_coming += message.offers
            if not message.more:
                self.offers = tuple(self._offers_coming)
                self._offers_coming = []
                self._offers_known = True
                self._open_again(self._clock())
        elif isinstance(message, wire.Stop):
            self.events.stop()

    # Streams as the runtime tells of them.

    def _about(self, channel: Channel, message: wire.Message) -> None:
        stream = channel.owner
        assert isinstance(stream, Stream)
        if isinstance(message, wire.DataCame):
            data = Data(message.peer + self._peer_base, message.data)
            self._came(stream, data, len(message.data))
            stream.messages += 1
            stream.bytes += len(message.data)
        elif isinstance(message, wire.Taken):
            stream.messages += message.messages
            stream.bytes += message.bytes
            self.changed.add(stream)
        elif isinstance(message, wire.Lost):
            stream.count_lost(message.messages, message.bytes)
            level = logging.DEBUG if stream.said_lost else logging.WARNING
            LOG.log(level, "%s: %d lost: %s", stream.name, message.messages, message.reason)
            stream.said_lost = True
            self.changed.add(stream)
        elif isinstance(message, wire.PeerCame):
            self._came(stream, PeerUp(message.peer + self._peer_base, message.address), 0)
        elif isinstance(message, wire.PeerWent):
            self._came(stream, PeerDown(message.peer + self._peer_base, message.cause), 0)
        elif isinstance(message, wire.Opened):
            self._opened(stream, channel, message)
        elif isinstance(message, wire.Closed):
            self._closed(stream, message)
        elif isinstance(message, wire.StreamEnded):
            self._ended(stream, channel, message)

    def _came(self, stream: Stream, value: StreamEvent, size: int) -> None:
        if isinstance(value, (Data, PeerUp)) and value.peer > self._peer_highest:
            self._peer_highest = value.peer
        if stream.state is StreamState.OPEN:
            self.events.post(stream, value, size, self.session)
        else:
            self.session.done(size)

    def _opened(self, stream: Stream, channel: Channel, message: wire.Opened) -> None:
        now = self._clock()
        if message.result is Result.OK:
            if stream.state is StreamState.CLOSING:
                self.session.close(channel, stream.deadline_ms)
                return
            stream.opened(message, now)
            self._away.discard(stream)
            self.changed.add(stream)
            return
        stream.channel = None
        if stream.state is StreamState.OPENING:
            self._fail(stream, message.result, message.reason)
        elif stream.state is StreamState.CLOSING:
            self._finish(stream, Result.OK)
        else:
            LOG.info("%s: not opened again: %s", stream.name, message.reason)
            self._try_later(stream, now)

    def _ended(self, stream: Stream, channel: Channel, message: wire.StreamEnded) -> None:
        if stream.state is not StreamState.OPEN:
            self.session.done(0)
            return
        self._leave(stream, message.cause, self.session, self._clock())
        if self._settings.reopen:
            self.session.close(channel, wire.DEFAULT_DEADLINE)

    def _closed(self, stream: Stream, message: wire.Closed) -> None:
        stream.count_lost(message.lost_messages, message.lost_bytes)
        stream.channel = None
        if stream.state is StreamState.CLOSING:
            self._finish(stream, message.result)
            self._open_again(self._clock())  # if there were too many
        else:
            self._try_later(stream, self._clock())

    def _leave(self, stream: Stream, cause: str, session: Optional[Session], now: float) -> None:
        """The stream is over, but not by the module."""
        stream.state = StreamState.LEFT
        stream.ended = cause
        stream.back_off.lasted(now - stream.opened_at)
        LOG.info("%s: ended: %s", stream.name, cause)
        if stream.news:
            self.events.post(stream, Ended(cause), 0, session)
        elif session is not None:
            session.done(0)
        if self._settings.reopen:
            self._away.add(stream)
        self.changed.add(stream)

    # Opening again.

    def _try_later(self, stream: Stream, now: float) -> None:
        stream.reopen_at = now + stream.back_off.next()
        self._open_again(now)

    def _open_again(self, now: float) -> None:
        """Opens what is due and may be; those that must wait set the time of the next tick."""
        if not self._away or self.link is not Link.UP or not self._offers_known:
            return
        # done() asks again: otherwise events of many openings would gather
        is_behind = self.events.fill(self._settings.window_events, self._settings.window_bytes)
        ready = {(offer.name, offer.direction) for offer in self.offers if offer.ready}
        for stream in sorted(self._away, key=lambda each: each.handle):
            has_events = stream.direction is Direction.IN or stream.news
            if (
                stream.channel is not None
                or (stream.name, stream.direction) not in ready
                or (is_behind and has_events)
            ):
                continue
            if stream.reopen_at > now:
                self.due = min(self.due, stream.reopen_at)
            elif not self.session.is_full():
                stream.channel = self.session.open(
                    stream.name, stream.direction, stream.news, stream
                )

    # Events for the module.

    def done(self, event: Event) -> None:
        """The module has done with an event, or it was thrown away."""
        self.events.done(event)
        if event.session is self.session:
            event.session.done(event.size)
        if self._away:
            self._open_again(self._clock())

    # What the module asks for.

    def open(self, name: str, direction: Direction, news: bool) -> Stream:
        """Asks for a stream, which is OPENING then; raises StreamError without asking."""
        if name in self._names:
            raise StreamError(Result.EXIST, f"{name!r} is open")
        if self.is_closed or self.link is not Link.UP:
            cause = (
                "the client is closed" if self.is_closed else f"no connection: {self.last_cause}"
            )
            raise StreamError(Result.ERROR, f"{name!r}: {cause}")
        if len(name.encode()) > wire.LONGEST_TEXT:
            raise StreamError(Result.INVAL, "a name of more than 1024 bytes")
        if self.session.is_full():
            raise StreamError(Result.NOMEM, f"{name!r}: too many streams are open")
        stream = Stream(name, direction, news, BackOff(self._chance))
        self._streams[stream.handle] = stream
        self._names[name] = stream
        stream.channel = self.session.open(name, direction, news, stream)
        return stream

    def write(self, handle: int, message: bytes) -> Result:
        """As the wire page says; the message is not copied."""
        stream = self.find(handle)
        if stream is None or stream.direction is not Direction.OUT:
            return Result.INVAL
        result = Result.ERROR
        if stream.state is StreamState.OPEN and stream.channel is not None:
            result = self.session.write(stream.channel, message)
        if result is not Result.OK:
            stream.rejected += 1
        return result

    def find(self, handle: int) -> Optional[Stream]:
        """The stream of a handle that its module may use."""
        stream = self._streams.get(handle)
        usable = stream is not None and stream.state in (StreamState.OPEN, StreamState.LEFT)
        return stream if usable else None

    def streams(self) -> List[Stream]:
        """Those that are open, in order of opening."""
        return [stream for stream in self._streams.values() if self.find(stream.handle)]

    def close(self, stream: Stream, deadline_ms: int) -> None:
        """Begins to close; the stream is CLOSED when that is done. Its events are thrown away."""
        if stream.state in (StreamState.CLOSING, StreamState.CLOSED):
            return
        stream.state = StreamState.CLOSING
        stream.deadline_ms = deadline_ms
        self._away.discard(stream)
        self.changed.add(stream)
        channel = stream.channel
        if channel is None:
            self._finish(stream, Result.OK)
        elif channel.state is ChannelState.OPEN:
            self.session.close(channel, deadline_ms)
        for event in self.events.remove(stream):
            self.done(event)

    def close_all(self, deadline_ms: int) -> List[Stream]:
        """Begins to close everything, for good; gives the streams that are not CLOSED yet."""
        self.is_closed = True
        self.events.stop()
        for stream in list(self._streams.values()):
            self.close(stream, deadline_ms)
        return list(self._streams.values())

    def _finish(self, stream: Stream, result: Result) -> None:
        stream.closed = CloseResult(result, stream.lost_messages, stream.lost_bytes)
        self._forget(stream)

    def _fail(self, stream: Stream, result: Result, reason: str) -> None:
        stream.failure = StreamError(result, f"{stream.name!r}: {reason}")
        self._forget(stream)

    def _forget(self, stream: Stream) -> None:
        stream.state = StreamState.CLOSED
        self.changed.add(stream)
        self._streams.pop(stream.handle, None)
        if self._names.get(stream.name) is stream:
            del self._names[stream.name]
