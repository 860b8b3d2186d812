# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Reads a recording with other people's readers and compares it with what was recorded.

    recordings.py FILE.parquet EXPECTED.jsonl

A line of EXPECTED is a row: "nanos", "tick", "row" and "values", a list in the order of the file's
other columns. What is no finite number is text, bytes are in hex.
"""

import json
import math
import sys

import duckdb
import pandas
import polars
import pyarrow.parquet


def plain(value):
    """As it stands in EXPECTED."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def compare(reader, expected, names, nanos, rows):
    rows = list(rows)
    assert len(rows) == len(expected), (reader, len(rows), len(expected))
    values = 0
    for row, time, wanted in zip(rows, nanos, expected):
        assert int(time) == wanted["nanos"], (reader, time, wanted["nanos"])
        assert row["tick"] == wanted["tick"] and row["row"] == wanted["row"], (reader, wanted)
        for name, value in zip(names, wanted["values"]):
            assert plain(row[name]) == value, (reader, wanted["row"], name, row[name], value)
            values += 1
    print(reader, len(rows), "rows", values, "values")


def main(file, expected_file):
    with open(expected_file, encoding="utf-8") as lines:
        expected = [json.loads(line) for line in lines]
    table = pyarrow.parquet.read_table(file)
    names = table.column_names[3:]
    times = table["time"].cast("int64").to_pylist()
    compare(
        "pyarrow " + pyarrow.__version__, expected, names, times, table.drop(["time"]).to_pylist()
    )

    duck = duckdb.connect()
    rows = duck.execute(
        "SELECT epoch_ns(time) AS nanos, * EXCLUDE (time) FROM read_parquet(?)", [file]
    )
    columns = [each[0] for each in rows.description]
    rows = [dict(zip(columns, each)) for each in rows.fetchall()]
    compare("duckdb " + duckdb.__version__, expected, names, [row["nanos"] for row in rows], rows)

    frame = polars.read_parquet(file)
    times = frame["time"].cast(polars.Int64).to_list()
    compare("polars " + polars.__version__, expected, names, times, frame.to_dicts())

    # With its own types; its default makes floats of whole numbers where one is missing.
    panda = pandas.read_parquet(file, dtype_backend="pyarrow")
    assert str(panda["time"].dtype) == "timestamp[ns][pyarrow]", panda["time"].dtype
    times = panda["time"].astype("int64[pyarrow]").tolist()
    rows = [
        {name: panda[name].array._pa_array[i].as_py() for name in ["tick", "row", *names]}
        for i in range(len(panda))
    ]
    compare("pandas " + pandas.__version__, expected, names, times, rows)
    assert str(pandas.read_parquet(file)["time"].dtype) == "datetime64[ns]"

    # What is not a number is found although row groups have statistics, and so is the rest.
    where = duck.execute("SELECT count(*) FROM read_parquet(?) WHERE isnan(real64)", [file])
    nans = sum(1 for row in expected if row["values"][names.index("real64")] == "NaN")
    assert nans > 0 and where.fetchone()[0] == nans, nans
    middle = expected[len(expected) // 2]["tick"]
    where = duck.execute("SELECT count(*) FROM read_parquet(?) WHERE tick >= ?", [file, middle])
    assert where.fetchone()[0] == sum(1 for row in expected if row["tick"] >= middle)
    print("queries ok")


main(*sys.argv[1:])
