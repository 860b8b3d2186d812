# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The blocking client."""

import logging
import ssl
import threading
import time
from types import TracebackType
from typing import Callable, List, NamedTuple, Optional, Tuple, Type, Union

from daqstream._events import Event
from daqstream._link import Link
from daqstream._settings import Address, Settings, Token, close_wait, deadline_ms
from daqstream._stream import StreamState
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
    StreamInfo,
)

LOG = logging.getLogger("daqstream")

Bytes = Union[bytes, bytearray, memoryview]


class Listener:
    """Hears what happens to a stream besides its data; called like the callback of an input."""

    def peer_up(self, peer: int, address: str) -> None:
        """A connection of the stream is up."""

    def peer_down(self, peer: int, cause: str) -> None:
        """A connection of the stream is gone."""

    def ended(self, cause: str) -> None:
        """The stream is over, but not by the module; see ``Ended``."""


class _Callbacks(NamedTuple):
    data: Optional[Callable[[int, bytes], object]]
    listener: Optional[Listener]


class Client:
    """The streams of one module instance.

    Connecting takes place in the constructor, which raises StreamError when it cannot be done
    within ``connect_timeout`` seconds (None: waits for ever), or is not allowed. Afterwards the
    client connects again by itself, and opens again what was open, unless ``reopen`` is False.

    All calls may come from any thread. Only ``process_event``, opens, closes and a ``write`` with a
    timeout wait. Callbacks run only inside ``process_event``, on its thread, and may call the
    client. Timeouts are in seconds.
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
        self._processing = threading.Lock()
        self._link = Link(self._settings)
        self._condition = self._link.condition
        self._core = self._link.core
        try:
            self._await_first_connection()
        except BaseException:
            self.shutdown(0)
            raise

    def _await_first_connection(self) -> None:
        core = self._core
        with self._condition:
            self._wait(
                lambda: core.was_up or core.refusal is not None, self._settings.connect_timeout
            )
            if not core.was_up:
                cause = f"{self._settings}: not connected: {core.last_cause}"
                raise core.refusal or StreamError(Result.TIMEDOUT, cause)

    def _wait(self, until: Callable[[], bool], timeout: Optional[float]) -> bool:
        """Waits under the lock, when what is to be sent was sent."""
        end = None if timeout is None else time.monotonic() + timeout
        while not until():
            self._link.flush()
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            self._condition.wait(None if left is None else min(left, threading.TIMEOUT_MAX))
        return True

    @property
    def instance(self) -> str:
        """The instance's name in the manifest."""
        return self._settings.instance

    def open_input(
        self,
        name: str,
        on_data: Callable[[int, bytes], object],
        listener: Optional[Listener] = None,
    ) -> int:
        """Opens an input; gives its handle, positive and never used again.

        ``on_data`` takes the peer's id and the bytes. Without a listener nothing is told of peers.
        Raises StreamError: EXIST the name is open; ERROR no connection, or the transport failed;
        INVAL no such stream, not an input, or refused parameters; NOTSUP no transport for its type
        is there now.
        """
        return self._open(name, Direction.IN, _Callbacks(on_data, listener))

    def open_output(self, name: str, listener: Optional[Listener] = None) -> int:
        """Opens an output; gives its handle. Raises as ``open_input``."""
        return self._open(name, Direction.OUT, _Callbacks(None, listener))

    def _open(self, name: str, direction: Direction, callbacks: _Callbacks) -> int:
        with self._condition:
            stream = self._core.open(name, direction, callbacks.listener is not None)
            stream.face = callbacks
            try:
                self._wait(lambda: stream.state is not StreamState.OPENING, None)
            except BaseException:
                self._core.close(stream, 0)
                self._link.flush()
                raise
            if stream.failure is not None:
                raise stream.failure
            if self._core.is_closed:
                raise StreamError(Result.ERROR, f"{name!r}: the client is closed")
            return stream.handle

    def write(self, handle: int, message: Bytes, timeout: Optional[float] = 0.0) -> Result:
        """Sends a message; returns at once, or waits up to ``timeout`` for room (None: for ever).

        OK: under way to the runtime; ERROR: no room (try later), the stream has ended, or there is
        no connection; INVAL: unknown, closed or an input; TOOBIG: longer than the stream's queue
        may ever hold.
        """
        data = message if type(message) is bytes else bytes(memoryview(message))
        with self._condition:
            if timeout != 0:
                self._wait(lambda: self._is_decided(handle, len(data)), timeout)
            result = self._core.write(handle, data)
            if result is Result.OK:
                self._link.sent_soon()
            return result

    def _is_decided(self, handle: int, size: int) -> bool:
        """Whether the result of a write does not get better by waiting."""
        stream = self._core.find(handle)
        if stream is None or stream.direction is not Direction.OUT:
            return True
        if stream.state is StreamState.LEFT:
            return not self._settings.reopen
        return stream.has_room(size)

    def close(self, handle: int, timeout: Optional[float] = None) -> CloseResult:
        """Closes a stream; an output goes on sending for ``timeout`` (None: as the runtime has it).

        No callback of it starts any more, and its name is free. INVAL for an unknown handle.
        """
        with self._condition:
            stream = self._core.find(handle)
            if stream is None:
                return CloseResult(Result.INVAL)
            self._core.close(stream, deadline_ms(timeout))
            self._condition.notify_all()
            self._wait(lambda: stream.state is StreamState.CLOSED, close_wait(timeout))
            return stream.closed_as_known()

    def process_event(self, timeout: Optional[float] = None) -> Result:
        """Waits for one event and runs its callback on this thread; 0 polls, None waits for ever.

        OK: one event done; TIMEDOUT; SHOULDEXIT: asked to stop, and what came before is done, or
        the client is closed; FAULT: the callback raised, which is logged; AGAIN: another thread, or
        a callback further up, is processing events.
        """
        if not self._processing.acquire(blocking=False):
            return Result.AGAIN
        try:
            with self._condition:
                event = self._next_event(timeout)
                if isinstance(event, Result):
                    return event
            try:
                return self._deliver(event)
            finally:
                with self._condition:
                    self._core.done(event)
                    self._link.sent_soon()
        finally:
            self._processing.release()

    def _next_event(self, timeout: Optional[float]) -> Union[Event, Result]:
        events = self._core.events
        if self._link.stop_asked:
            events.stop()
        self._wait(lambda: bool(events.queue) or events.are_over(events.queue), timeout)
        if events.are_over(events.queue):
            return Result.SHOULDEXIT
        return events.queue.popleft() if events.queue else Result.TIMEDOUT

    @staticmethod
    def _deliver(event: Event) -> Result:
        callbacks: _Callbacks = event.stream.face
        value = event.value
        try:
            if isinstance(value, Data):
                assert callbacks.data
                callbacks.data(value.peer, value.data)
            elif callbacks.listener is None:
                pass
            elif isinstance(value, PeerUp):
                callbacks.listener.peer_up(value.peer, value.address)
            elif isinstance(value, PeerDown):
                callbacks.listener.peer_down(value.peer, value.cause)
            elif isinstance(value, Ended):
                callbacks.listener.ended(value.cause)
        except Exception:
            LOG.exception("%s: fault in the module", event.stream.name)
            return Result.FAULT
        return Result.OK

    def request_stop(self) -> None:
        """Asks the module to end: what came before is processed, then comes SHOULDEXIT.

        Wakes a waiting ``process_event``. A handler of signals may call it.
        """
        self._link.ask_to_stop()

    def info(self, handle: int) -> Optional[StreamInfo]:
        """One open stream as it stands now; None for an unknown handle."""
        with self._condition:
            stream = self._core.find(handle)
            return None if stream is None else stream.info()

    def streams(self) -> List[StreamInfo]:
        """The open streams as they stand now, in order of opening."""
        with self._condition:
            return [stream.info() for stream in self._core.streams()]

    def offers(self) -> Tuple[Offer, ...]:
        """What the manifest gives the instance, as the runtime said last."""
        with self._condition:
            return self._core.offers

    def shutdown(self, timeout: Optional[float] = None) -> None:
        """Closes all streams, as ``close``, and the connection; for good. Twice does nothing."""
        try:
            with self._condition:
                streams = self._core.close_all(deadline_ms(timeout))
                self._condition.notify_all()
                self._wait(
                    lambda: all(each.state is StreamState.CLOSED for each in streams),
                    close_wait(timeout),
                )
                for stream in streams:
                    stream.warn_of_loss()
        finally:
            self._link.end()

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.shutdown()
