#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     Python's wave module (of Python 3.11; the one that runs this) with writeframesraw, whose
#           process ends before close(); soundfile 0.14.0 as reader.
# Expected: the header says nothing of the size, or is kept up to date.
# Happens:  it is written with the first block and promises that block alone: readers give one block
#           of ten, without a word, with all ten on the disk.
# For us:   our WAV source says how many bytes behind the end are not played.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check numpy==2.4.6 soundfile==0.14.0
cd "$folder"
v/bin/python - <<'PYTHON'
import os
import subprocess
import sys
import wave

import soundfile

WRITE = """
import os, wave
file = wave.open("a.wav", "wb")
file.setnchannels(1); file.setsampwidth(2); file.setframerate(48000)
for i in range(10):
    file.writeframesraw(bytes(2 * 48000))
file._file.flush()
os._exit(0)
"""
subprocess.run([sys.executable, "-c", WRITE], check=True)
sizes = os.path.getsize("a.wav"), len(soundfile.read("a.wav")[0]), wave.open("a.wav").getnframes()
print(sys.version.split()[0], "bytes on disk: %d, frames by soundfile: %d, by wave: %d" % sizes)
raise SystemExit(not (sizes[0] > 950_000 and sizes[1:] == (48000, 48000)))
PYTHON
