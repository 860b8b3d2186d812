#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     npTDMS 1.13.0 writes and reads times; a TDMS file counts 2^-64 s.
# Expected: a numpy datetime64[ns] comes back as it was given, at the latest with
#           raw_timestamps=True, which promises the full precision.
# Happens:  TdmsWriter cuts to microseconds what it writes, without a word, and
#           as_datetime64("ns") of a whole microsecond is 1 ns before it.
# For us:   ticks belong into an integer channel of their own beside the time of a TDMS file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check npTDMS==1.13.0 numpy==2.4.6
cd "$folder"
v/bin/python - <<'PYTHON'
import numpy
from nptdms import ChannelObject, TdmsFile, TdmsWriter

given = numpy.array(
    ["2026-11-29T23:18:26.831000123", "2026-11-29T23:18:26.831000000"], "datetime64[ns]"
)
with TdmsWriter("t.tdms") as writer:
    writer.write_segment([ChannelObject("group", "time", given)])
plain = TdmsFile.read("t.tdms")["group"]["time"][:]
raw = [t.as_datetime64("ns") for t in TdmsFile.read("t.tdms", raw_timestamps=True)["group"]["time"][:]]
print("given:", given)
print("read: ", plain.dtype, plain)
print("raw:  ", raw)
off = [int(r.astype("int64") - g.astype("int64")) for r, g in zip(raw, given)]
print("raw less given, ns:", off)
raise SystemExit(not (off == [-124, -1] and plain.dtype == "datetime64[us]"))
PYTHON
