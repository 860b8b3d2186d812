#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     DuckDB 2.0.1 on two TIMESTAMP_NS values of a Parquet file that lie 1 ns apart.
# Expected: it keeps them exactly, so the later less the earlier one is 1 ns.
# Happens:  the difference is an INTERVAL, which counts microseconds: it is 0, without a word.
#           epoch_ns(later) - epoch_ns(earlier) is 1.
# For us:   recordings carry ticks as integers beside the times; differences are made of those.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check \
  duckdb==2.0.1 numpy==2.4.6 pyarrow==26.0.1
cd "$folder"
v/bin/python - <<'PYTHON'
import duckdb
import numpy
import pyarrow
import pyarrow.parquet

times = numpy.array([1795994306831000123, 1795994306831000124], "datetime64[ns]")
pyarrow.parquet.write_table(pyarrow.table({"t": times}), "t.parquet")
kept = duckdb.sql("SELECT epoch_ns(t) FROM 't.parquet'").fetchall()
print("read:", kept)
difference, kind = duckdb.sql(
    "SELECT (max(t) - min(t))::VARCHAR, typeof(max(t) - min(t)) FROM 't.parquet'"
).fetchall()[0]
print("max(t) - min(t):", difference, kind)
exact = duckdb.sql("SELECT epoch_ns(max(t)) - epoch_ns(min(t)) FROM 't.parquet'").fetchall()[0][0]
print("by epoch_ns:", exact)
cut = (difference, kind) == ("00:00:00", "INTERVAL")
raise SystemExit(not (kept == [(1795994306831000123,), (1795994306831000124,)] and cut and exact == 1))
PYTHON
