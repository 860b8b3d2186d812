# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""Streams of a daqstream runtime for modules in processes of their own.

``Client`` is blocking; ``daqstream.aio.Client`` is for asyncio.
"""

from daqstream._client import Client, Listener
from daqstream._settings import VERSION
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
    StreamInfo,
)

__version__ = VERSION

__all__ = [
    "Client",
    "CloseResult",
    "Data",
    "Direction",
    "Ended",
    "Listener",
    "Offer",
    "PeerDown",
    "PeerUp",
    "Result",
    "StreamError",
    "StreamEvent",
    "StreamInfo",
]
