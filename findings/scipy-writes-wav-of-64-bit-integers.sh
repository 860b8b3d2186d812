#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     scipy 1.17.1 (scipy.io.wavfile.write) with 64-bit integers; soundfile 0.14.0 as reader.
# Expected: refused, as 16-bit floats are, or a file that other programs open.
# Happens:  a WAV file of 64-bit PCM is written without a word, which libsndfile does not read.
# For us:   write int32 or float64 from such arrays; our WAV source refuses it by name, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 soundfile==0.14.0
cd "$folder"
v/bin/python - <<'PYTHON'
import numpy
import scipy.io.wavfile
import soundfile

scipy.io.wavfile.write("a.wav", 8000, numpy.zeros(9, numpy.int64))
print("written; bits in a sample:", int.from_bytes(open("a.wav", "rb").read()[34:36], "little"))
try:
    soundfile.read("a.wav")
    refused = False
except soundfile.LibsndfileError as refusal:
    refused = True
    print("soundfile:", refusal)
raise SystemExit(not refused)
PYTHON
