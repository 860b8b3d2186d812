# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""What modules see: results, events, and what is told of streams."""

import enum
from typing import NamedTuple, Union


class Result(enum.IntEnum):
    """Outcome of a call, with the numbers of ``EVP_RESULT``."""

    OK = 0
    SHOULDEXIT = 1
    TIMEDOUT = 2
    ERROR = 3
    INVAL = 4
    NOMEM = 5
    TOOBIG = 6
    AGAIN = 7
    AGENT_PROTOCOL_ERROR = 8
    EXIST = 9
    FAULT = 10
    DENIED = 11
    NOTSUP = 12


class Direction(enum.IntEnum):
    """Which way a stream goes, seen from the module; the numbers are those of the wire."""

    IN = 0
    OUT = 1


class StreamError(Exception):
    """A connection or a stream could not be opened, or a message not be written.

    ``result`` says why as a number, the text in words.
    """

    def __init__(self, result: Result, message: str) -> None:
        super().__init__(message)
        self.result = result


class Data(NamedTuple):
    """A chunk or a message has come."""

    peer: int  #: the connection it came over; never used again for another one
    data: bytes  #: whether its borders mean anything is the stream type's matter


class PeerUp(NamedTuple):
    """A connection of the stream is up."""

    peer: int
    address: str  #: of the other side, and in brackets the name that it has proved to have


class PeerDown(NamedTuple):
    """A connection of the stream is gone; nothing of this peer follows."""

    peer: int
    cause: str


class Ended(NamedTuple):
    """The stream is over, but not by the module.

    Unless the client was told not to, it opens the stream again under the same handle, and the next
    event of the stream is one of the new opening.
    """

    cause: str


StreamEvent = Union[Data, PeerUp, PeerDown, Ended]


class CloseResult(NamedTuple):
    """What a close did."""

    #: OK; INVAL for an unknown handle; TIMEDOUT when the deadline passed with messages left; ERROR
    #: when the connection ended before the runtime answered. In all cases the handle is gone.
    result: Result
    #: Messages that write took and that were never handed to the network in full, as far as is
    #: known: never less than in truth, and more when a connection to the runtime ended meanwhile.
    lost_messages: int = 0
    lost_bytes: int = 0


class Offer(NamedTuple):
    """A stream that the manifest gives the instance."""

    direction: Direction
    ready: bool  #: whether its transport is there, so that it can be opened now
    name: str
    type: str


class StreamInfo(NamedTuple):
    """An open stream as it stands now; the counters are since its first opening."""

    handle: int
    name: str
    direction: Direction
    type: str  #: its transport's
    ended: str  #: why the stream is over though not closed; empty while it runs
    port: int  #: the TCP port that an input listens on, or -1
    messages: int  #: taken by the runtime's transport, or received
    bytes: int
    queued_messages: int  #: written and not yet taken, or received and not yet processed
    queued_bytes: int
    rejected: int  #: writes that were refused
    lost_messages: int
    lost_bytes: int
    peers: int  #: up now; 0 unless news of peers are wanted
