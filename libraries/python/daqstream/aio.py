# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The client for asyncio. All of a client belongs to the loop it was connected in."""

import asyncio
import logging
import ssl
import time
from types import TracebackType
from typing import List, Optional, Set, Tuple, Type, TypeVar, cast

from daqstream._aio_streams import AioStream, Changing, Input, Output
from daqstream._core import NEVER, Core
from daqstream._settings import (
    CLOSE_GRACE,
    CONNECT_TIME,
    Address,
    Settings,
    Token,
    close_wait,
    deadline_ms,
    in_words,
)
from daqstream._stream import StreamState
from daqstream._types import (
    Direction,
    Offer,
    Result,
    StreamError,
    StreamInfo,
)

LOG = logging.getLogger("daqstream")

__all__ = ["Client", "Input", "Output"]

#: Beyond this what is written is sent even though the loop has not had its turn.
GATHER_BYTES = 65536

_S = TypeVar("_S", bound=AioStream)


class _Connection(asyncio.Protocol):
    """Between the loop and the client, for one connection."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.transport: Optional[asyncio.Transport] = None
        self.is_paused = False
        self.cause: Optional[str] = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._client._made(self)

    def data_received(self, data: bytes) -> None:
        if self.cause is None:
            cause = self._client._core.receive(data)
            self._client._follow()
            if cause is not None:
                self.end(cause)

    def end(self, cause: str, abort: bool = True) -> None:
        self.cause = cause
        if self.transport is not None and abort:
            self.transport.abort()
        elif self.transport is not None:
            self.transport.close()  # sends the rest, and the closure of TLS

    def can_send(self) -> bool:
        return self.transport is not None and self.cause is None and not self.is_paused

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        self._client._send()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Optional[Exception]) -> None:
        if self.cause is None:
            self.cause = in_words(error) if error else "the runtime ended it"
        self._client._lost(self, self.cause)


class Client(Changing):
    """The streams of one module instance, for ``async with``.

    Entering connects, and raises StreamError when that cannot be done within ``connect_timeout``
    seconds (None: waits for ever), or is not allowed. Afterwards the client connects again by
    itself, and opens again what was open, unless ``reopen`` is False.

    Everything is called from the loop's thread. Timeouts are in seconds.
    """

    def __init__(
        self,
        address: Address,
        instance: str,
        *,
        token: Token = "",
        tls: Optional[ssl.SSLContext] = None,
        connect_timeout: Optional[float] = 10.0,
        reopen: bool = True,
        window_events: int = 1024,
        window_bytes: int = 1 << 20,
    ) -> None:
        super().__init__()
        self._settings = Settings.of(
            address,
            instance,
            token=token,
            tls=tls,
            connect_timeout=connect_timeout,
            reopen=reopen,
            window_events=window_events,
            window_bytes=window_bytes,
        )
        self._core = Core(self._settings)
        self._faces: Set[AioStream] = set()
        self._connection: Optional[_Connection] = None
        self._connecting: Optional["asyncio.Task[None]"] = None
        self._timer: Optional[asyncio.TimerHandle] = None
        self._timer_at = NEVER
        self._sending: Optional[asyncio.Handle] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._token = ""
        self._said_stop = False
        self._is_ended = False

    @property
    def instance(self) -> str:
        """The instance's name in the manifest."""
        return self._settings.instance

    async def connect(self) -> None:
        """Connects; ``async with`` does it. Once."""
        if self._loop is not None or self._core.is_closed:
            raise RuntimeError("a client connects once")
        self._loop = asyncio.get_running_loop()
        core = self._core
        try:
            self._follow()
            await self.until(
                lambda: core.was_up or core.refusal is not None, self._settings.connect_timeout
            )
            if not core.was_up:
                cause = f"{self._settings}: not connected: {core.last_cause}"
                raise core.refusal or StreamError(Result.TIMEDOUT, cause)
        except BaseException:
            await self.shutdown(0)
            raise

    async def open_input(self, name: str, *, news: bool = False) -> Input:
        """Opens an input; with ``news`` it gives events about its peers and its end, too.

        Raises StreamError as ``daqstream.Client.open_input``.
        """
        return await self._open(Input, name, Direction.IN, news)

    async def open_output(self, name: str, *, news: bool = False) -> Output:
        """Opens an output; with ``news`` it gives events about its peers and its end."""
        return await self._open(Output, name, Direction.OUT, news)

    async def _open(self, kind: Type[_S], name: str, direction: Direction, news: bool) -> _S:
        handle = self._core.open(name, direction, news)
        stream = kind(self, handle)
        handle.face = stream
        self._faces.add(stream)
        self._follow()
        try:
            await stream.until(lambda: handle.state is not StreamState.OPENING)
        except BaseException:
            self._core.close(handle, 0)
            self._follow()
            raise
        if handle.failure is not None:
            raise handle.failure
        if self._core.is_closed:
            raise StreamError(Result.ERROR, f"{name!r}: the client is closed")
        return stream

    def request_stop(self) -> None:
        """Asks the module to end: what came before is processed, then every ``async for`` ends."""
        self._core.events.stop()
        self._follow()

    @property
    def is_stopping(self) -> bool:
        """Whether the module is asked to end, by ``request_stop`` or by the runtime."""
        return self._core.events.is_stopping

    async def stop_requested(self) -> None:
        """Waits until the module is asked to end, as one that only writes does."""
        await self.until(lambda: self.is_stopping)

    def streams(self) -> List[StreamInfo]:
        """The open streams as they stand now, in order of opening."""
        return [stream.info() for stream in self._core.streams()]

    def offers(self) -> Tuple[Offer, ...]:
        """What the manifest gives the instance, as the runtime said last."""
        return self._core.offers

    async def shutdown(self, timeout: Optional[float] = None) -> None:
        """Closes all streams and the connection, for good. Twice does nothing."""
        milliseconds = deadline_ms(timeout)
        try:
            for face in self._faces:
                face.begin_close(milliseconds)
            handles = self._core.close_all(milliseconds)
            self._follow()
            await self.until(
                lambda: all(each.state is StreamState.CLOSED for each in handles),
                close_wait(timeout),
            )
            for each in handles:
                each.warn_of_loss()
        finally:
            self._is_ended = True
            for due in (self._timer, self._sending, self._connecting):
                if due is not None:
                    due.cancel()
            connection = self._connection
            if connection is not None:
                self._send()
                connection.end("the module closed it", abort=False)
            if not await self.until(
                lambda: self._connection is None and self._connecting is None, CLOSE_GRACE
            ):
                if connection is not None:
                    connection.end("the module closed it")

    async def __aenter__(self) -> "Client":
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.shutdown()

    # Between the core and the loop.

    def _follow(self) -> None:
        """Something was done with the core, or came: hands on what became of it."""
        core = self._core
        events = core.events
        while events.queue:
            event = events.queue.popleft()
            event.stream.face.put(event)
        changed, core.changed = core.changed, set()
        for handle in changed:
            if handle.face is not None:
                handle.face.changed()
                if handle.state is StreamState.CLOSED:
                    self._faces.discard(handle.face)
        if events.is_stopping and not self._said_stop:
            self._said_stop = True
            for face in self._faces:
                face.changed()
        self.changed()
        self._send_soon()
        self._set_timer()

    def _send_soon(self) -> None:
        session = self._core.session
        if session.outgoing_bytes >= GATHER_BYTES:
            self._send()
        elif session.outgoing and self._sending is None and self._loop is not None:
            self._sending = self._loop.call_soon(self._send)

    def _send(self) -> None:
        self._sending = None
        connection = self._connection
        if connection is not None and connection.can_send() and self._core.session.outgoing:
            assert connection.transport
            connection.transport.write(self._core.session.take_outgoing())

    def _set_timer(self) -> None:
        due = self._core.due if self._connection is not None else self._core.connect_at
        if due >= self._timer_at or self._loop is None or self._connecting is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        self._timer = self._loop.call_later(max(0.0, due - time.monotonic()), self._time_has_come)

    def _time_has_come(self) -> None:
        self._timer = None
        self._timer_at = NEVER
        now = time.monotonic()
        if self._connection is not None:
            cause = self._core.tick() if self._core.due <= now else None
            if cause is not None:
                self._connection.end(cause)
        elif self._core.connect_at <= now and not self._is_ended:
            assert self._loop
            self._connecting = self._loop.create_task(self._connect())
        self._follow()

    async def _connect(self) -> None:
        connection = _Connection(self)
        try:
            self._token = self._settings.read_token()
            await asyncio.wait_for(self._make(connection), CONNECT_TIME)
        except Exception as fault:
            if not isinstance(fault, (OSError, ValueError, asyncio.TimeoutError)):
                LOG.exception("%s: fault in the library", self._settings)
            if connection.transport is None:
                self._core.lost(in_words(fault))
        finally:
            self._connecting = None
            self._follow()

    async def _make(self, connection: _Connection) -> None:
        assert self._loop
        settings = self._settings
        if isinstance(settings.address, tuple):
            host, port = settings.address
            await self._loop.create_connection(
                lambda: connection, host, port, ssl=settings.tls, server_hostname=host
            )
        else:
            await self._loop.create_unix_connection(lambda: connection, settings.path())

    def _made(self, connection: _Connection) -> None:
        if self._is_ended:
            connection.end("the module closed it")
            return
        self._connection = connection
        self._core.begin(self._token)
        self._follow()

    def _lost(self, connection: _Connection, cause: str) -> None:
        if connection is self._connection:
            self._connection = None
            self._core.lost(cause)
            self._follow()
