# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Compares a CSV recording with what was written, as readers see it that are told nothing of it.

Arguments: the file, and lines of JSON with tick, row, real and text; null is missing.
"""

import json
import sys

import duckdb
import pandas
import polars

COLUMNS = ["tick", "row", "real [V]", "text"]


def plain(value):
    return None if value is None or value != value else value


def check(name, rows):
    rows = [[plain(value) for value in row] for row in rows]
    assert len(rows) == len(expected), f"{name}: {len(rows)} rows, not {len(expected)}"
    for row, wanted in zip(rows, expected):
        assert row == wanted, f"{name}: {row}, not {wanted}"
    print(name, len(rows), flush=True)


path = sys.argv[1]
with open(sys.argv[2], encoding="utf-8") as lines:
    expected = [
        [json.loads(line)[key] for key in ("tick", "row", "real", "text")] for line in lines
    ]

frame = pandas.read_csv(path)
check("pandas", frame[COLUMNS].itertuples(index=False, name=None))
times = pandas.to_datetime(frame["time"])
assert (times.astype("int64") == frame["tick"]).all(), "pandas: times are no nanoseconds"
check("duckdb", duckdb.sql(f"""SELECT tick, row, "real [V]", text FROM '{path}'""").fetchall())
check("polars", polars.read_csv(path).select(COLUMNS).iter_rows())
