# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""What waits for the module, in the order of arrival over all its streams."""

import collections
from typing import Deque, List, Optional

from daqstream._session import Session
from daqstream._stream import Stream
from daqstream._types import StreamEvent


class Event:
    """Something for the module, from its arrival until the module has done with it."""

    __slots__ = ("stream", "value", "size", "session", "number")

    def __init__(
        self, stream: Stream, value: StreamEvent, size: int, session: Optional[Session], number: int
    ) -> None:
        self.stream = stream
        self.value = value
        self.size = size
        self.session = session  # whose window it counts in; None when it is the library's own
        self.number = number


class Events:
    """Counts as waiting what was posted and is not done, also while a callback runs."""

    def __init__(self) -> None:
        self.queue: Deque[Event] = collections.deque()
        self._posted = 0
        self._waiting_events = 0
        self._waiting_bytes = 0
        self._stop_behind: Optional[int] = None

    def post(
        self, stream: Stream, value: StreamEvent, size: int, session: Optional[Session]
    ) -> None:
        self._posted += 1
        self._waiting_events += 1
        self._waiting_bytes += size
        stream.waiting_events += 1
        stream.waiting_bytes += size
        self.queue.append(Event(stream, value, size, session, self._posted))

    def done(self, event: Event) -> None:
        self._waiting_events -= 1
        self._waiting_bytes -= event.size
        event.stream.waiting_events -= 1
        event.stream.waiting_bytes -= event.size

    def fill(self, events: int, size: int) -> bool:
        """Whether so many wait, or so many bytes."""
        return self._waiting_events >= events or self._waiting_bytes >= size

    def remove(self, stream: Stream) -> List[Event]:
        """Takes out those of a stream."""
        removed = [event for event in self.queue if event.stream is stream]
        if removed:
            self.queue = collections.deque(e for e in self.queue if e.stream is not stream)
        return removed

    def stop(self) -> None:
        """The module is to end when it has done with what came before."""
        if self._stop_behind is None:
            self._stop_behind = self._posted

    @property
    def is_stopping(self) -> bool:
        return self._stop_behind is not None

    def are_over(self, queue: Deque[Event]) -> bool:
        """Whether nothing that came before the stop waits in a queue."""
        stop = self._stop_behind
        return stop is not None and (not queue or queue[0].number > stop)
