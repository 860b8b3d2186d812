# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""A stream under the handle that its module knows, over any number of connections."""

import enum
import itertools
import logging
from typing import Any, Optional

from daqstream import _wire as wire
from daqstream._session import Channel
from daqstream._settings import BackOff
from daqstream._types import CloseResult, Direction, Result, StreamError, StreamInfo

LOG = logging.getLogger("daqstream")
_HANDLES = itertools.count(1)


class StreamState(enum.Enum):
    OPENING = "the module waits for its opening"
    OPEN = "open"
    LEFT = "over, but not by the module"
    CLOSING = "the module waits for its close"
    CLOSED = "over; its handle is unknown"


class Stream:
    """One handle. Only the core changes it."""

    def __init__(self, name: str, direction: Direction, news: bool, back_off: BackOff) -> None:
        self.handle = next(_HANDLES)
        self.name = name
        self.direction = direction
        self.news = news
        self.face: Any = None  # what a face keeps with it
        self.state = StreamState.OPENING
        self.channel: Optional[Channel] = None
        self.type = ""
        self.port = -1
        self.ended = ""
        self.failure: Optional[StreamError] = None  # of the first opening
        self.closed = CloseResult(Result.OK)  # valid when CLOSED
        self.deadline_ms = wire.DEFAULT_DEADLINE
        self.back_off = back_off
        self.opened_at = 0.0
        self.reopen_at = 0.0
        self.messages = 0
        self.bytes = 0
        self.waiting_events = 0
        self.waiting_bytes = 0
        self.rejected = 0
        self.lost_messages = 0
        self.lost_bytes = 0
        self.said_lost = False

    def opened(self, message: wire.Opened, now: float) -> None:
        self.state = StreamState.OPEN
        self.type = message.type
        self.port = message.port if self.direction is Direction.IN else -1
        self.ended = ""
        self.opened_at = now
        self.said_lost = False

    def count_lost(self, messages: int, size: int) -> None:
        self.lost_messages += messages
        self.lost_bytes += size

    def closed_as_known(self) -> CloseResult:
        """What the close did; if that is not known in time, what is lost at most."""
        if self.state is StreamState.CLOSED:
            return self.closed
        messages, size = self.lost_messages, self.lost_bytes
        if self.channel is not None:
            messages += self.channel.messages_under_way
            size += self.channel.bytes_under_way
        return CloseResult(Result.TIMEDOUT, messages, size)

    def warn_of_loss(self) -> None:
        """At the end of a client, where nobody sees the result of a close."""
        lost = self.closed_as_known().lost_messages
        if lost > 0:
            LOG.warning("%s: %d messages lost", self.name, lost)

    def has_room(self, size: int) -> bool:
        """Whether a write of this size would be OK, or not get better by waiting."""
        if self.state is StreamState.OPEN:
            assert self.channel
            return self.channel.has_room(size) or size > self.channel.longest
        return self.state is not StreamState.LEFT

    def info(self) -> StreamInfo:
        channel = self.channel
        messages, size = self.waiting_events, self.waiting_bytes
        if self.direction is Direction.OUT:
            messages, size = 0, 0
            if channel is not None:
                messages, size = channel.messages_under_way, channel.bytes_under_way
        return StreamInfo(
            handle=self.handle,
            name=self.name,
            direction=self.direction,
            type=self.type,
            ended=self.ended,
            port=self.port,
            messages=self.messages,
            bytes=self.bytes,
            queued_messages=messages,
            queued_bytes=size,
            rejected=self.rejected,
            lost_messages=self.lost_messages,
            lost_bytes=self.lost_bytes,
            peers=len(channel.peers) if channel is not None else 0,
        )
