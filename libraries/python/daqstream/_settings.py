# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""How a client connects, and how long it waits before it tries again."""

import math
import os
import random
import ssl
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, Tuple, Union

from daqstream import _wire as wire

#: A Unix domain socket by its path, or host and port.
Address = Union[str, "os.PathLike[str]", Tuple[str, int]]
#: The token itself, or the file that holds it, read at each connection.
Token = Union[str, Path]

VERSION = "0.1.0"

#: Of one attempt to connect, with the handshake of TLS, in seconds.
CONNECT_TIME = 10.0
#: A runtime answers a close so much later than its deadline at most.
CLOSE_GRACE = 2.0
#: So long a close with the runtime's own deadline is waited for.
DEFAULT_CLOSE_WAIT = 60.0


def in_words(fault: BaseException) -> str:
    """Why there is no connection."""
    words = fault.strerror if isinstance(fault, OSError) else None
    return words or str(fault) or type(fault).__name__


def deadline_ms(timeout: Optional[float]) -> int:
    """A deadline as CLOSE has it; None is the runtime's default."""
    if timeout is None:
        return wire.DEFAULT_DEADLINE
    return min(max(0, round(timeout * 1000)), wire.DEFAULT_DEADLINE - 1)


def close_wait(timeout: Optional[float]) -> float:
    """How long the answer to a close is waited for, in seconds."""
    return DEFAULT_CLOSE_WAIT if timeout is None else max(0.0, timeout) + CLOSE_GRACE


class Settings(NamedTuple):
    """What a client was told, checked."""

    address: Address
    instance: str
    token: Token
    tls: Optional[ssl.SSLContext]
    connect_timeout: Optional[float]
    reopen: bool
    window_events: int
    window_bytes: int

    @staticmethod
    def of(address: Address, instance: str, **options: Any) -> "Settings":
        """Raises ValueError for what cannot be meant."""
        settings = Settings(address, instance, **options)
        settings._check_transport()
        for what, text in (("instance", instance), ("token", settings.read_token(False))):
            if len(text.encode()) > 16384:
                raise ValueError(f"the {what} is too long")
        for window in (settings.window_events, settings.window_bytes):
            if not 1 <= window <= 0xFFFFFFFF:
                raise ValueError(f"a window is 1 to 4294967295, not {window}")
        return settings

    def _check_transport(self) -> None:
        context = self.tls
        if not isinstance(self.address, tuple):
            if context is not None:
                raise ValueError("TLS is for host and port, not for a Unix domain socket")
        elif context is None:
            raise ValueError(
                "host and port need a context for TLS, tls=ssl.create_default_context()"
            )
        elif not context.check_hostname or context.verify_mode is not ssl.CERT_REQUIRED:
            raise ValueError("the context for TLS must verify certificates and host names")

    def read_token(self, from_file: bool = True) -> str:
        """The token as it is now; raises OSError when its file cannot be read."""
        if isinstance(self.token, str):
            return self.token
        return self.token.read_text("utf-8").strip() if from_file else ""

    def path(self) -> str:
        """Of the Unix domain socket."""
        assert not isinstance(self.address, tuple)
        return os.fspath(self.address)

    def __str__(self) -> str:
        if isinstance(self.address, tuple):
            return f"{self.instance!r} at {self.address[0]}:{self.address[1]}"
        return f"{self.instance!r} at {self.path()}"


class BackOff:
    """Waits between attempts: none, then 50 ms and twice as long each time, up to 5 s.

    Each is shortened at random by up to a half, so that not all come back at once.
    """

    FIRST = 0.05
    LONGEST = 5.0
    #: Who lasted so long is tried again at once.
    GOOD = 1.0

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._attempts = 0

    def next(self) -> float:
        """Seconds to wait before the next attempt."""
        attempt = self._attempts
        self._attempts = attempt + 1
        if attempt == 0:
            return 0.0
        wait = math.ldexp(self.FIRST, min(attempt - 1, 10))
        return min(wait, self.LONGEST) * (1 - self._chance() / 2)

    def lasted(self, seconds: float) -> None:
        """What was reached is over, so long after it began."""
        if seconds >= self.GOOD:
            self._attempts = 0
