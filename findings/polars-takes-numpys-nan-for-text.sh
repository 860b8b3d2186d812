#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     polars 2.1.0 (read_csv) on what numpy 2.4.6 (savetxt) wrote, which is nan and inf.
# Expected: a column of numbers with NaN and infinity in it, as pandas and DuckDB read it.
# Happens:  one nan, or one inf, makes the whole column text; NaN and inf in polars' own spelling is
#           read as numbers.
# For us:   our CSV source takes both; files for polars are to be written with NaN.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check numpy==2.4.6 polars==2.1.0
cd "$folder"
v/bin/python - <<'PYTHON'
import numpy
import polars

numpy.savetxt("a.csv", [[0.0, 1.5], [0.1, numpy.nan]], delimiter=",", header="t,x", comments="")
print(open("a.csv").read())
read = polars.read_csv("a.csv")
print("x as numpy writes it:", read["x"].dtype)
open("b.csv", "w").write("t,x\n0.0,1.5\n0.1,NaN\n")
other = polars.read_csv("b.csv")
print("x with NaN:", other["x"].dtype)
raise SystemExit(not (read["x"].dtype == polars.String and other["x"].dtype == polars.Float64))
PYTHON
