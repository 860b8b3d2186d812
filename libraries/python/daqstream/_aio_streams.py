# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""Streams of the client for asyncio."""

import asyncio
import collections
import time
from types import TracebackType
from typing import TYPE_CHECKING, Callable, Deque, Optional, Set, Type, TypeVar, Union

from daqstream._events import Event
from daqstream._settings import close_wait, deadline_ms
from daqstream._stream import Stream, StreamState
from daqstream._types import CloseResult, Result, StreamError, StreamEvent, StreamInfo

if TYPE_CHECKING:
    from daqstream.aio import Client

Bytes = Union[bytes, bytearray, memoryview]

_S = TypeVar("_S", bound="AioStream")


class Changing:
    """Something whose changes are waited for."""

    def __init__(self) -> None:
        self._waiters: Set["asyncio.Future[None]"] = set()

    async def until(self, condition: Callable[[], bool], timeout: Optional[float] = None) -> bool:
        """Whether it came to hold within the time."""
        end = None if timeout is None else time.monotonic() + timeout
        while not condition():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await asyncio.wait((waiter,), timeout=left)
            finally:
                self._waiters.discard(waiter)
        return True

    def changed(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


class AioStream(Changing):
    """What inputs and outputs have in common.

    ``async for`` gives the events of the stream, one consumer at a time: of an input ``Data``, with
    ``news`` also ``PeerUp``, ``PeerDown`` and ``Ended``. An event counts as done when the next one
    is asked for. It ends when the stream is closed, when it is over and will not be opened again,
    and when the client is asked to stop and what came before is done.
    """

    def __init__(self, client: "Client", stream: Stream) -> None:
        super().__init__()
        self._client = client
        self._core = client._core
        self._reopen = client._settings.reopen
        self._stream = stream
        self._queue: Deque[Event] = collections.deque()
        self._current: Optional[Event] = None

    @property
    def handle(self) -> int:
        """Positive, counts up in the process, and is never used again."""
        return self._stream.handle

    @property
    def name(self) -> str:
        """As in the manifest."""
        return self._stream.name

    def put(self, event: Event) -> None:
        self._queue.append(event)
        self.changed()

    def info(self) -> StreamInfo:
        """The stream as it stands now."""
        return self._stream.info()

    def __aiter__(self: _S) -> _S:
        return self

    async def __anext__(self) -> StreamEvent:
        self._finish(self._current)
        if not self._queue:
            await self.until(lambda: bool(self._queue) or self._is_over())
        if self._is_over():
            raise StopAsyncIteration
        self._current = self._queue.popleft()
        return self._current.value

    def _is_over(self) -> bool:
        if self._core.events.are_over(self._queue):
            return True
        state = self._stream.state
        will_be_open = state is StreamState.OPEN or (state is StreamState.LEFT and self._reopen)
        return not self._queue and not will_be_open

    def _finish(self, event: Optional[Event]) -> None:
        if event is not None:
            self._current = None
            self._core.done(event)
            self._client._follow()

    async def close(self, timeout: Optional[float] = None) -> CloseResult:
        """Closes the stream; an output goes on sending for ``timeout`` (None: the default).

        No event of it comes any more, and its name is free. Twice gives the same result.
        """
        self.begin_close(deadline_ms(timeout))
        self._client._follow()
        await self.until(lambda: self._stream.state is StreamState.CLOSED, close_wait(timeout))
        return self._stream.closed_as_known()

    def begin_close(self, milliseconds: int) -> None:
        core = self._core
        core.close(self._stream, milliseconds)
        if self._current is not None:
            self._queue.appendleft(self._current)
            self._current = None
        while self._queue:
            core.done(self._queue.popleft())

    async def __aenter__(self: _S) -> _S:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()


class Input(AioStream):
    """An open input."""


class Output(AioStream):
    """An open output."""

    def __init__(self, client: "Client", stream: Stream) -> None:
        super().__init__(client, stream)
        self._turn = asyncio.Lock()

    def write_nowait(self, message: Bytes) -> Result:
        """Sends a message. OK: under way to the runtime; others as ``daqstream.Client.write``."""
        data = message if type(message) is bytes else bytes(memoryview(message))
        result = self._core.write(self.handle, data)
        if result is Result.OK:
            self._client._send_soon()
        return result

    async def write(self, message: Bytes) -> None:
        """Sends a message, and waits for room as long as that takes, also while there is no
        connection; messages of several tasks go in the order of their calls.

        Raises StreamError: TOOBIG; ERROR the stream is over; INVAL it is closed.
        """
        data = message if type(message) is bytes else bytes(memoryview(message))
        async with self._turn:
            await self.until(lambda: self._is_decided(len(data)))
            result = self.write_nowait(data)
        if result is not Result.OK:
            raise StreamError(result, f"{self.name!r}: not written, {result.name}")

    def _is_decided(self, size: int) -> bool:
        if self._stream.state is StreamState.LEFT:
            return not self._reopen
        return self._stream.has_room(size)
