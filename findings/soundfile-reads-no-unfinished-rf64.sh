#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     soundfile 0.14.0, files of a writer whose process ended without closing them: WAV, RF64.
# Expected: both give back what is on the disk, or neither does.
# Happens:  the WAV file is read in full, the RF64 file has no frames for the library that wrote it,
#           with all samples in it. RF64 is what long recordings are kept in.
# For us:   our WAV source plays what is there, of both.
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

import soundfile

WRITE = """
import os, sys, numpy, soundfile
file = soundfile.SoundFile(sys.argv[1], "w", 48000, 1, "PCM_16", format=sys.argv[2])
file.write(numpy.zeros(48000))
os._exit(0)
"""
frames = {}
for kind in ("WAV", "RF64"):
    subprocess.run([sys.executable, "-c", WRITE, kind + ".wav", kind], check=True)
    frames[kind] = len(soundfile.read(kind + ".wav")[0])
    print(kind, os.path.getsize(kind + ".wav"), "bytes on disk,", frames[kind], "frames read")
raise SystemExit(frames != {"WAV": 48000, "RF64": 0})
PYTHON
