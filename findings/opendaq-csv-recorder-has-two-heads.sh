#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     openDAQ SDK 3.40.3 (package opendaq), BasicCsvRecorder on its own simulated device
#           daqref://device0; pandas 3.1.1 (read_csv) with its defaults.
# Expected: two columns of numbers.
# Happens:  below the head there is a second one, quoted (resolution, epoch, unit, delta), which makes
#           both columns text; and "Time ... (s * 1000000)" holds microseconds, not seconds.
# For us:   our CSV source understands both lines. With pandas: read_csv(file, skiprows=[1]).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check opendaq==3.40.3 pandas==3.1.1
cd "$folder"
v/bin/python - <<'PYTHON'
import glob
import os
import sys
import time

import opendaq
import pandas

instance = opendaq.Instance()
device = instance.add_device("daqref://device0")
recorder = instance.add_function_block("BasicCsvRecorder")
recorder.set_property_value("Path", os.getcwd())
recorder.input_ports[0].connect(device.signals_recursive[0])
opendaq.IRecorder.cast_from(recorder).start_recording()
time.sleep(2)
opendaq.IRecorder.cast_from(recorder).stop_recording()
file = glob.glob("*.csv")[0]
print("".join(open(file).readlines()[:3]))
default = pandas.read_csv(file, low_memory=False)
helped = pandas.read_csv(file, skiprows=[1])
numbers = [table.select_dtypes("number").shape[1] for table in (default, helped)]
print("columns of numbers: %d by default, %d without the second line" % tuple(numbers))
sys.stdout.flush()
os._exit(0 if numbers == [0, 2] else 1)
PYTHON
