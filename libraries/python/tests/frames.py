# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The runtime's side of the wire, written from the page and not from the library."""

import struct


class Cut(Exception):
    """The module ended the connection."""


def frame(kind, body=b""):
    return struct.pack("<IB", 1 + len(body), kind) + body


def text(value):
    encoded = value.encode()
    return struct.pack("<H", len(encoded)) + encoded


def welcome(longest=1 << 26, streams=64, silence_ms=0, name="daqstream", version=1):
    return frame(0x81, struct.pack("<HHIII", version, 0, longest, streams, silence_ms) + text(name))


def refused(result, reason="no"):
    return frame(0x82, bytes([result]) + text(reason))


def opened(stream, result=0, port=-1, messages=0, size=0, longest=0, type="", reason=""):  # noqa: A002
    body = struct.pack("<IBiIII", stream, result, port, messages, size, longest)
    return frame(0x83, body + text(type) + text(reason))


def opened_output(stream, messages=16384, size=1 << 20, longest=1 << 26):
    return opened(stream, 0, -1, messages, size, longest, "nng")


def opened_input(stream, port=5555):
    return opened(stream, 0, port, type="posix")


def taken(stream, messages, size):
    return frame(0x84, struct.pack("<IIQ", stream, messages, size))


def lost(stream, result, messages, size, reason="gone"):
    return frame(0x85, struct.pack("<IBIQ", stream, result, messages, size) + text(reason))


def closed(stream, result=0, messages=0, size=0):
    return frame(0x86, struct.pack("<IBQQ", stream, result, messages, size))


def data(stream, peer, payload):
    return frame(0x87, struct.pack("<IQ", stream, peer) + payload)


def peer_up(stream, peer, address="192.0.2.7:4711"):
    return frame(0x88, struct.pack("<IQ", stream, peer) + text(address))


def peer_down(stream, peer, cause="closed"):
    return frame(0x89, struct.pack("<IQ", stream, peer) + text(cause))


def ended(stream, cause="its transport left"):
    return frame(0x8A, struct.pack("<I", stream) + text(cause))


def streams(*offers, more=0):
    """Each offer: direction, ready, name, type."""
    body = struct.pack("<BH", more, len(offers))
    for direction, ready, name, kind in offers:
        body += bytes([direction, ready]) + text(name) + text(kind)
    return frame(0x8B, body)


def stop():
    return frame(0x8C)


def ping(value):
    return frame(0x8D, struct.pack("<Q", value))


NAMES = {1: "HELLO", 2: "OPEN", 3: "WRITE", 4: "CLOSE", 5: "CREDIT", 6: "PONG"}


def _texts(body, count):
    values = []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", body)
        values.append(body[2 : 2 + length].decode())
        body = body[2 + length :]
    assert body == b"", body
    return tuple(values)


def parsed(kind, body):
    """A frame of a module as a tuple: its name, then its fields."""
    name = NAMES[kind]
    if name == "HELLO":
        fixed = struct.calcsize("<4sHHIII")
        fields = struct.unpack_from("<4sHHIII", body) + _texts(body[fixed:], 3)
    elif name == "OPEN":
        fields = struct.unpack_from("<IBB", body) + _texts(body[6:], 1)
    elif name == "WRITE":
        fields = struct.unpack_from("<I", body) + (body[4:],)
    elif name == "CLOSE":
        fields = struct.unpack("<II", body)
    elif name == "CREDIT":
        fields = struct.unpack("<IQ", body)
    else:
        fields = struct.unpack("<Q", body)
    return (name,) + fields


def take(buffer):
    """Takes all complete frames out of a bytearray."""
    frames = []
    while len(buffer) >= 5:
        length, kind = struct.unpack_from("<IB", buffer)
        if len(buffer) < 4 + length:
            break
        frames.append(parsed(kind, bytes(buffer[5 : 4 + length])))
        del buffer[: 4 + length]
    return frames


def all_of(sent):
    """The frames of a module in bytes that end with one."""
    buffer = bytearray(sent)
    frames = take(buffer)
    assert not buffer, buffer
    return frames
