#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.40.3 (package opendaq, ws-streaming 3.1.2), client of the LT streaming.
# Expected: a signal of structs may have a unit or a range, or at least the rest of it is taken.
# Happens:  "Data descriptor validation failed", and the signal is not there, also for a unit that
#           says that there is none (unitId -1); without the keys the same struct is there.
# For us:   toward this family a struct has neither.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check opendaq==3.40.3 msgpack==1.1.2
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/opendaq "$folder/v/bin/python" - <<'PYTHON'
import time

import opendaq
from lt_server import Server, leave, linear_time, value

pair = [{"name": name, "dataType": "real64", "rule": "explicit"} for name in ("real", "imag")]
keys = {
    "bare": {},
    "no-unit": {"unit": {"displayName": "", "unitId": -1, "quantity": ""}},
    "volt": {"unit": {"displayName": "V", "unitId": 5655636, "quantity": "voltage"}},
    "limited": {"range": {"low": -1.0, "high": 1.0}},
}
signals = {"~time": linear_time("~time")}
for name, more in keys.items():
    signals[name] = value(name, "~time", "struct", struct=pair, **more)
instance = opendaq.Instance()
device = instance.add_device(Server(signals).address)
time.sleep(6)
there = sorted(each.local_id for each in device.signals_recursive)
print("there:", there)
leave(there == ["bare", "~time"])
PYTHON
