# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Reads every signal of the plug-in EveryKindSource with the openDAQ SDK and checks each value
and time: everything follows from the milliseconds since 1970, with the formulas of the plug-in.

    kinds.py CONNECTION_STRING first|later

'first' makes the readers as soon as there are signals, while the SDK still subscribes to
everything to see what it is; 'later' when that is over.
"""

import time

import numpy as np
import opendaq

from sdk import Reader, check, poll, run, wait_for

MS = 1_000_000
READ_SECONDS = 5
PROBE_SECONDS = 3.5


def bits(n):
    """The plug-in's 64 bits of a millisecond."""
    n = n.astype(np.uint64)
    with np.errstate(over="ignore"):
        result = (n * np.uint64(0x9E3779B97F4A7C15)) ^ n
    sign = np.int64(-(2**63)) >> (n >> np.uint64(4) & np.uint64(63)).astype(np.int64)
    result = np.where(n & np.uint64(15) == 11, sign.view(np.uint64), result)
    result = np.where(n & np.uint64(15) == 7, np.uint64(2**64 - 1), result)
    return np.where(n & np.uint64(15) == 3, np.uint64(0), result)


def real(n):
    """The plug-in's real number of a millisecond."""
    result = (n % 100_000) * 0.5
    for rest, value in ((1, np.nan), (5, np.inf), (9, -np.inf), (13, -0.0)):
        result = np.where(n & 15 == rest, value, result)
    return result


def integer(dtype):
    return lambda n: bits(n).astype(dtype).tobytes()


def reals(dtype, count):
    return lambda n: np.stack([real(n + i) for i in range(count)], axis=1).astype(dtype).tobytes()


def halves(n):
    return np.stack([bits(n), bits(n + 1)], axis=1).tobytes()


def can(n):
    frames = np.zeros(len(n), dtype=[("id", "<u4"), ("length", "u1"), ("data", "u1", 64)])
    frames["id"] = bits(n).astype(np.uint32)
    frames["length"] = 64
    frames["data"] = (n[:, None] + np.arange(64)[None, :]).astype(np.uint8)
    return frames.tobytes()


# Signal: the SDK's sample type, and the bytes of the samples at some milliseconds.
EVEN = {
    "int8": ("Int8", integer("i1")),
    "uint8": ("UInt8", integer("u1")),
    "int16": ("Int16", integer("<i2")),
    "uint16": ("UInt16", integer("<u2")),
    "int32": ("Int32", integer("<i4")),
    "uint32": ("UInt32", integer("<u4")),
    "int64": ("Int64", integer("<i8")),
    "uint64": ("UInt64", integer("<u8")),
    "int128": ("Struct", halves),
    "uint128": ("Struct", halves),
    "bitField": ("UInt16", integer("<u2")),
    "real32": ("Float32", reals("<f4", 1)),
    "real64": ("Float64", reals("<f8", 1)),
    "complex32": ("Struct", reals("<f4", 2)),
    "complex64": ("Struct", reals("<f8", 2)),
    "vector": ("Struct", reals("<f8", 4)),
    "matrix": ("Struct", reals("<f8", 8)),
    "axes": ("Struct", reals("<f8", 2)),
    "can": ("Struct", can),
    "line": ("Int64", lambda n: (3 * n).astype("<i8").tobytes()),
}

# Dimensions that the one member of these structs has: name and size.
DIMENSIONS = {
    "vector": [("frequency", 4)],
    "matrix": [("Dimension", 8)],
    "axes": [("Dimension", 2)],
}

NOT_OFFERED = ["bytes#binary", "bytes#text"]


def check_exact(reader, expected, step_ms):
    ticks = reader.ticks()
    name = reader.id
    check(reader.timeless == 0, f"{name}: {reader.timeless} packets without a time")
    check(len(ticks) > 1000, f"{name}: only {len(ticks)} samples")
    check(np.all(ticks % MS == 0), f"{name}: ticks off the line")
    check(np.all(np.diff(ticks) == step_ms * MS), f"{name}: a hole or a wrong step")
    check(reader.samples() == expected(ticks // MS), f"{name}: wrong bytes")


def check_even(readers):
    for name, (sample_type, expected) in EVEN.items():
        reader = readers["even#" + name]
        descriptor = reader.signal.descriptor
        check(descriptor.sample_type.name == sample_type, f"{name}: {descriptor.sample_type}")
        check_exact(reader, expected, 1)
    for name, dimensions in DIMENSIONS.items():
        field = list(readers["even#" + name].signal.descriptor.struct_fields)[0]
        own = [opendaq.IDimension.cast_from(dimension) for dimension in field.Dimensions]
        seen = [(dimension.name, dimension.size) for dimension in own]
        check(seen == dimensions, f"{name}: dimensions {seen}")


def check_gaps(reader):
    ticks = reader.ticks()
    n = ticks // MS
    check(np.all(n // 200 % 3 != 0), "gaps: samples where there are none")
    check(reader.samples() == n.astype("<i8").tobytes(), "gaps: wrong values or times")
    steps = np.unique(np.diff(ticks))
    check(list(steps) == [MS, 201 * MS], f"gaps: steps {steps}")


def check_constant(reader):
    n = reader.ticks() // MS
    check(len(n) > 30, f"constant: only {len(n)} values")
    check(np.all(n % 100 == 7), f"constant: wrong times {n[n % 100 != 7][:5]}")
    check(np.all(np.diff(n) == 100), "constant: a value is missing")
    check(reader.samples() == n.astype("<i4").tobytes(), "constant: wrong values")


def check_changing(reader):
    n = reader.ticks() // MS
    check(reader.samples() == n.astype("<i8").tobytes(), "changing: wrong values or times")
    expected = 1 + n[:-1] // 1000 % 2
    check(np.all(np.diff(n) == expected), "changing: a hole or a wrong step")
    check(len(np.unique(n // 1000 % 2)) == 2, "changing: the rate did not change")


def check_events(reader, dtype):
    ticks = reader.ticks()
    values = (ticks % 1_000_003).astype(dtype)
    check(reader.timeless == 0, f"{reader.id}: {reader.timeless} packets without a time")
    check(len(ticks) > 500, f"{reader.id}: only {len(ticks)} events")
    check(np.all(np.diff(ticks) >= 0), f"{reader.id}: times go back")
    check(np.all(np.isin(np.diff(ticks // MS // 20), (0, 1))), f"{reader.id}: events are missing")
    check(
        np.all(np.bincount((ticks // MS - ticks[0] // MS) // 20)[1:-1] == 4), f"{reader.id}: 4 each"
    )
    check(reader.samples() == values.tobytes(), f"{reader.id}: wrong values or times")


def check_states(reader):
    n = reader.ticks() // MS
    check(reader.timeless == 0, f"state: {reader.timeless} packets without a time")
    check(len(n) > 10 and np.all(np.diff(n) == 200), f"state: values are missing, {np.diff(n)}")
    check(reader.samples() == (n - 4).astype("<i4").tobytes(), "state: wrong values or times")


def main(address, when):
    instance = opendaq.Instance()
    started = time.monotonic()
    device = instance.add_device(address)
    wanted = [f"even#{name}" for name in EVEN]
    wanted += ["even#gaps", "even#constant", "changing#value"]
    wanted += ["event#value", "event#pair", "event#state"]
    signals = wait_for(device, wanted)
    for name in NOT_OFFERED:
        check(name not in signals, f"{name} is offered")
    if when == "later":
        time.sleep(max(0, PROBE_SECONDS - (time.monotonic() - started)))
    readers = {name: Reader(signals[name]) for name in wanted if name in signals}
    made = time.monotonic() - started
    poll(readers.values(), READ_SECONDS)
    check_even(readers)
    check_gaps(readers["even#gaps"])
    check_constant(readers["even#constant"])
    check_changing(readers["changing#value"])
    check_events(readers["event#value"], "<i8")
    check_events(readers["event#pair"], "<f8")
    check_states(readers["event#state"])
    samples = sum(len(reader.ticks()) for reader in readers.values())
    print(f"readers {made:.2f} s after connecting, {len(readers)} signals, {samples} samples")


if __name__ == "__main__":
    run(main)
