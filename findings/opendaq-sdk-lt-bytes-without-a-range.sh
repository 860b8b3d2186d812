#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.30.3 (package opendaq, streaming-protocol-lt), client of the LT streaming.
# Expected: a range is optional for all numbers alike.
# Happens:  of uint8 without one there is no descriptor ("Invalid cast", "incomplete descriptors");
#           int8, int16, uint16, int32 and uint32 without one are there, and uint8 with one.
# For us:   toward this family uint8 has the range 0 to 255 when its source gives none.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check opendaq==3.30.3 msgpack==1.1.2
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/opendaq "$folder/v/bin/python" - <<'PYTHON'
import time

import opendaq
from lt_server import Server, leave, linear_time, value

signals = {"~time": linear_time("~time")}
for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32"):
    signals[name] = value(name, "~time", name)
signals["uint8-limited"] = value("uint8-limited", "~time", "uint8", range={"low": 0, "high": 255})
instance = opendaq.Instance()
device = instance.add_device(Server(signals).address)
time.sleep(6)
kinds = {each.local_id: each.descriptor for each in device.signals_recursive}
described = sorted(name for name, descriptor in kinds.items() if descriptor is not None)
print("described:", described)
leave("uint8" not in described and described.count("~time") == 1 and len(described) == 7)
PYTHON
