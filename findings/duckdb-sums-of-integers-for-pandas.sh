#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     DuckDB 2.0.1, .df() of pandas 3.1.1: sums of a BIGINT column, and a CSV column of
#           integers that reaches beyond 2^63.
# Expected: integers in pandas, or an error where they do not fit, as fetchall() gives them.
# Happens:  both are HUGEINT to DuckDB, which .df() makes float64: above 2^53 digits are lost
#           without a word. With a cast to BIGINT or UBIGINT they are exact.
# For us:   the examples that sum ticks or read unsigned 64-bit values cast them first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check \
  duckdb==2.0.1 numpy==2.4.6 pandas==3.1.1
cd "$folder"
v/bin/python - <<'PYTHON'
import duckdb

ticks = 2**53 + 1
query = f"SELECT sum(t){{}} AS s FROM (SELECT {ticks}::BIGINT AS t)"
plain = duckdb.sql(query.format("")).df()["s"]
cast = duckdb.sql(query.format("::BIGINT")).df()["s"]
print("sum in SQL:", duckdb.sql(query.format("")).fetchall()[0][0])
print("sum in pandas:", plain.dtype, int(plain[0]))
print("cast to BIGINT:", cast.dtype, int(cast[0]))
open("u.csv", "w").write(f"counter,v\n{2**64 - 1},1\n{ticks},2\n")
read = duckdb.sql("SELECT counter FROM 'u.csv'")
print("CSV:", read.types, read.fetchall(), "in pandas:", read.df()["counter"].dtype)
lost = str(plain.dtype) == "float64" and int(plain[0]) == ticks - 1 and int(cast[0]) == ticks
huge = str(read.types[0]) == "HUGEINT" and str(read.df()["counter"].dtype) == "float64"
raise SystemExit(not (lost and huge))
PYTHON
