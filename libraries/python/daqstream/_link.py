# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The thread that connects, reads, and sends what others left; the lock of a blocking client."""

import logging
import selectors
import socket
import ssl
import threading
import time
from typing import Optional

from daqstream._core import NEVER, Core
from daqstream._settings import CONNECT_TIME, Settings, in_words

LOG = logging.getLogger("daqstream")

READ_BYTES = 65536
#: What is written within this time after a send is gathered, so that small messages go together.
GATHER_TIME = 0.0002
GATHER_BYTES = 65536
_WAIT = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


def connected_socket(settings: Settings) -> socket.socket:
    """Connects, with TLS where it is asked for; raises OSError."""
    if not isinstance(settings.address, tuple):
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            local.settimeout(CONNECT_TIME)
            local.connect(settings.path())
        except BaseException:
            local.close()
            raise
        return local
    plain = socket.create_connection(settings.address, CONNECT_TIME)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert settings.tls
        return settings.tls.wrap_socket(plain, server_hostname=settings.address[0])
    except BaseException:
        plain.close()
        raise


class Link:
    """The core under a lock, and the socket it talks by.

    The condition guards everything here; it is notified whenever something may be another. No
    method but the thread's own waits for the network.
    """

    def __init__(self, settings: Settings) -> None:
        self.condition = threading.Condition()
        self.core = Core(settings)
        self.stop_asked = False
        self._settings = settings
        self._socket: Optional[socket.socket] = None
        self._unsent = memoryview(b"")
        self._is_blocked = False  # the socket took less than there was
        self._send_fault: Optional[str] = None
        self._sent_at = 0.0
        self._is_over = False
        self._is_connecting = False
        self._waits_until = NEVER
        self._has_more = False
        self._is_woken = False
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ)
        name = f"daqstream {settings.instance}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    # For any thread.

    def wake(self) -> None:
        """Has the thread look again."""
        if not self._is_woken:
            self._is_woken = True
            self._poke()

    def ask_to_stop(self) -> None:
        """Takes no lock, so that a handler of signals may call it."""
        self.stop_asked = True
        self._poke()

    def _poke(self) -> None:
        try:
            self._waker.send(b"\0")
        except OSError:
            pass  # it is full of them, or closed

    def sent_soon(self) -> None:
        """Something is to be sent, at once or together with what comes within 200 us."""
        if self.core.due < self._waits_until:
            self.wake()
        if self._socket is None or self._is_blocked or not self.core.session.outgoing:
            return
        if (
            time.monotonic() - self._sent_at >= GATHER_TIME
            or self.core.session.outgoing_bytes >= GATHER_BYTES
        ):
            self.flush()
        else:
            self.wake()

    def flush(self) -> None:
        """Sends what the socket takes; the thread sends the rest."""
        if self._socket is None or self._send_fault is not None:
            return
        try:
            while self._unsent or self.core.session.outgoing:
                if not self._unsent:
                    self._unsent = memoryview(self.core.session.take_outgoing())
                sent = self._socket.send(self._unsent)
                self._unsent = self._unsent[sent:]
                self._sent_at = time.monotonic()
            self._is_blocked = False
        except _WAIT:
            if not self._is_blocked:
                self._is_blocked = True
                self.wake()
        except OSError as fault:
            self._send_fault = in_words(fault)  # what the runtime said before is read first
            self.wake()

    def end(self) -> None:
        """Ends the connection and the thread; does not wait for one that is just connecting."""
        with self.condition:
            self._is_over = True
            self.flush()
            self.wake()
            is_connecting = self._is_connecting
        if not is_connecting:
            self._thread.join(1.0)

    # The thread.

    def _run(self) -> None:
        try:
            while self._wait_to_connect():
                try:
                    cause = self._connect() or self._serve()
                except Exception as fault:  # of ours; the next connection may be spared it
                    LOG.exception("%s: fault in the library", self._settings)
                    cause = f"fault in the library: {fault!r}"
                with self.condition:
                    self._drop(cause)
                    self.condition.notify_all()
        finally:
            self._selector.close()
            self._woken.close()
            self._waker.close()

    def _wait_to_connect(self) -> bool:
        while True:
            with self.condition:
                self._take_wakes()
                wait = self.core.connect_at - time.monotonic()
                if self._is_over or wait <= 0:
                    self._is_connecting = not self._is_over
                    return self._is_connecting
            self._selector.select(None if wait == NEVER else wait)

    def _connect(self) -> Optional[str]:
        try:
            token = self._settings.read_token()
            connection = connected_socket(self._settings)
        except (OSError, ValueError) as fault:
            return in_words(fault)
        connection.setblocking(False)
        with self.condition:
            self._is_connecting = False
            self._socket = connection
            self.core.begin(token)
        return None

    def _serve(self) -> str:
        """Reads and sends until there is a cause not to."""
        connection = self._socket
        assert connection
        interest = selectors.EVENT_READ
        self._selector.register(connection, interest)
        while True:
            with self.condition:
                self._take_wakes()
                cause = self._turn()
                if cause is not None:
                    return cause
                self.condition.notify_all()
                wanted = selectors.EVENT_READ
                if self._is_blocked:
                    wanted |= selectors.EVENT_WRITE
                self._waits_until = due = self.core.due
            if wanted != interest:
                self._selector.modify(connection, wanted)
                interest = wanted
            wait = None if due == NEVER else max(0.0, due - time.monotonic())
            ready = self._selector.select(0 if self._has_more else wait)
            if any(key.fileobj is connection for key, _ in ready):
                self._has_more = True

    def _turn(self) -> Optional[str]:
        if self._is_over:
            return "the module closed it"
        cause = self._read() if self._has_more or self._send_fault is not None else None
        if cause is None and self.core.due <= time.monotonic():
            cause = self.core.tick()
        self.flush()
        return cause

    def _read(self) -> Optional[str]:
        """Takes what came; leaves ``_has_more`` when there may be more at once."""
        connection = self._socket
        assert connection
        try:
            data = connection.recv(READ_BYTES)
        except _WAIT:
            self._has_more = False
            return self._send_fault
        except OSError as fault:
            return in_words(fault)
        # what TLS has read ahead does not show in the selector
        self._has_more = isinstance(connection, ssl.SSLSocket) and connection.pending() > 0
        return self.core.receive(data) if data else "the runtime ended it"

    def _take_wakes(self) -> None:
        self._is_woken = False
        try:
            self._woken.recv(4096)
        except BlockingIOError:
            pass
        if self.stop_asked:
            self.core.events.stop()
            self.condition.notify_all()

    def _drop(self, cause: str) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            try:
                self._selector.unregister(connection)
            except KeyError:
                pass  # it did not come so far
            try:
                if isinstance(connection, ssl.SSLSocket):
                    connection.unwrap()  # says so; nobody waits for the answer
            except (OSError, ValueError):
                pass
            connection.close()
        self._unsent = memoryview(b"")
        self._is_connecting = False
        self._waits_until = NEVER
        self._is_blocked = False
        self._has_more = False
        self._send_fault = None
        self.core.lost(cause)
