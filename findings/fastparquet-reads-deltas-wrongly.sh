#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     fastparquet 2026.9.0 on int64 that pyarrow 26.0.1 wrote as DELTA_BINARY_PACKED, in data
#           pages of version 1 and 2.
# Expected: the numbers, as DuckDB, polars and pyarrow read them; or an error.
# Happens:  of version 2 other numbers, without an error; int32, int64 as PLAIN, and all of version 1
#           are right.
# For us:   ticks and rows of our recordings are such numbers: they are for the other readers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 pyarrow==26.0.1
cd "$folder"
v/bin/python - <<'PYTHON'
import fastparquet
import pyarrow
import pyarrow.parquet

numbers = list(range(1000, 2000))
wrong = []
for type_ in ("int32", "int64"):
    for encoding in ("PLAIN", "DELTA_BINARY_PACKED"):
        for version in ("1.0", "2.0"):
            table = pyarrow.table({"x": pyarrow.array(numbers, type_)})
            pyarrow.parquet.write_table(
                table, "x.parquet", data_page_version=version, use_dictionary=False,
                column_encoding={"x": encoding})
            assert pyarrow.parquet.read_table("x.parquet")["x"].to_pylist() == numbers
            try:
                read = fastparquet.ParquetFile("x.parquet").to_pandas()["x"].tolist()
            except Exception as error:
                read = [error]
            print(type_, encoding, "version", version, "ok" if read == numbers else read[:3])
            if read != numbers:
                wrong.append((type_, encoding, version))
raise SystemExit(wrong != [("int64", "DELTA_BINARY_PACKED", "2.0")])
PYTHON
