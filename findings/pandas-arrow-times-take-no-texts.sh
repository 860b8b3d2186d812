#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     pandas 3.1.1, read_parquet with dtype_backend="pyarrow": times, as an index and compared.
# Expected: texts are understood as times, as they are with pandas' own type.
# Happens:  TypeError for both; with pandas.Timestamp both work.
# For us:   the documents read with the default types, where texts work and reals are the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 pyarrow==26.0.1
cd "$folder"
v/bin/python - <<'PYTHON'
import pandas

made = pandas.DataFrame({"time": pandas.date_range("2026-11-30", periods=4, freq="s"), "x": range(4)})
made.to_parquet("a.parquet")


def later(start, **options):
    table = pandas.read_parquet("a.parquet", **options)
    try:
        rows = len(table.set_index("time").loc[start:]), int((table["time"] >= start).sum())
    except TypeError as failure:
        rows = str(failure)
    print(options, type(start).__name__, rows)
    return rows


text = "2026-11-30 00:00:02"
seen = [
    later(text) == (2, 2),
    later(pandas.Timestamp(text), dtype_backend="pyarrow") == (2, 2),
    isinstance(later(text, dtype_backend="pyarrow"), str),
]
raise SystemExit(not all(seen))
PYTHON
