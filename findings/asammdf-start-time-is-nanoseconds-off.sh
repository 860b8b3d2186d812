#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     asammdf 8.8.28: MDF.start_time of an MDF4 file set to a time of whole microseconds; the
#           header counts whole nanoseconds.
# Expected: the header holds that time.
# Happens:  it goes through a float of seconds: the header is 64 ns off here. start_time, read back,
#           hides it, since it is cut to microseconds; other readers show it.
# For us:   a start of an MDF4 file is to be set by header.abs_time, an integer, which is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check asammdf==8.8.28 numpy==2.4.6
cd "$folder"
v/bin/python - <<'PYTHON'
import datetime
import numpy
from asammdf import MDF, Signal

given = datetime.datetime(2026, 11, 29, 23, 18, 26, 831000, tzinfo=datetime.timezone.utc)
exact = (int(given.timestamp()) * 1_000_000 + given.microsecond) * 1000
recording = MDF(version="4.10")
recording.start_time = given
recording.append(Signal(samples=numpy.array([1]), timestamps=numpy.array([0.0]), name="a"))
recording.save("t.mf4")
read = MDF("t.mf4")
print("given:", exact, "in the file:", read.header.abs_time, "start_time:", read.start_time)
off = read.header.abs_time - exact
recording.header.abs_time = exact
recording.save("u.mf4")
print("off, ns:", off, "- by abs_time:", MDF("u.mf4").header.abs_time - exact)
raise SystemExit(not (off == 64 and read.start_time == given and MDF("u.mf4").header.abs_time == exact))
PYTHON
