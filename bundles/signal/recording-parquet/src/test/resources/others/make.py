# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes the files beside it with pyarrow, pandas, polars and DuckDB: 200 rows, 1 ms apart."""

import pathlib

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
ROWS = 200
START = 1_795_990_659_273_000_000  # ns

rows = range(ROWS)
columns = {
    "time": pyarrow.array([START + i * 1_000_000 for i in rows], pyarrow.timestamp("ns")),
    "real": pyarrow.array([i * 0.5 for i in rows], pyarrow.float64()),
    "small": pyarrow.array([i * 0.25 for i in rows], pyarrow.float32()),
    "whole": pyarrow.array([i - 500 for i in rows], pyarrow.int16()),
    "big": pyarrow.array([2**63 + i for i in rows], pyarrow.uint64()),
    "holes": pyarrow.array([None if i % 7 < 3 else i for i in rows], pyarrow.int32()),
    "repeated": pyarrow.array([i % 5 * 1.5 for i in rows], pyarrow.float64()),
    "text": pyarrow.array([f"grün {i % 10}" for i in rows], pyarrow.string()),
    "flag": pyarrow.array([i % 3 == 0 for i in rows], pyarrow.bool_()),
}
table = pyarrow.table(columns)


def write(name, **options):
    pyarrow.parquet.write_table(table, HERE / name, **options)


write("snappy-v1.parquet", row_group_size=60)
write("gzip-v2.parquet", compression="gzip", data_page_version="2.0", write_page_checksum=True)
write("plain-v1.parquet", compression="none", use_dictionary=False, data_page_size=256)
write(
    "zstd-delta.parquet",
    compression="zstd",
    version="2.6",
    data_page_version="2.0",
    use_dictionary=False,
    column_encoding={
        "time": "DELTA_BINARY_PACKED",
        "real": "BYTE_STREAM_SPLIT",
        "small": "BYTE_STREAM_SPLIT",
        "whole": "DELTA_BINARY_PACKED",
        "big": "DELTA_BINARY_PACKED",
        "holes": "DELTA_BINARY_PACKED",
        "text": "DELTA_LENGTH_BYTE_ARRAY",
    },
)
write("lz4.parquet", compression="lz4", row_group_size=150)  # LZ4_RAW
write("micros.parquet", coerce_timestamps="us", allow_truncated_timestamps=True)
write("int96.parquet", use_deprecated_int96_timestamps=True)
rows_of_all = table
polars.from_arrow(table).write_parquet(HERE / "polars.parquet")
table.to_pandas(types_mapper=pandas.ArrowDtype).set_index("time").to_parquet(
    HERE / "pandas.parquet"
)
duckdb.sql(f"COPY (SELECT * FROM rows_of_all) TO '{HERE / 'duckdb.parquet'}' (FORMAT parquet)")
duckdb.sql(
    f"COPY (SELECT * FROM rows_of_all) TO '{HERE / 'duckdb-v2.parquet'}'"
    " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)"
)

# Other times, and what is not read.
seconds = table.drop_columns(["time", "text", "flag", "big", "repeated", "small"])
seconds = seconds.append_column("Time (ms)", pyarrow.array([float(i) for i in rows]))
seconds = seconds.append_column("list", pyarrow.array([[i] * (i % 3) for i in rows]))
pyarrow.parquet.write_table(seconds, HERE / "milliseconds.parquet")
pyarrow.parquet.write_table(table.drop_columns(["time"]).slice(0, 10), HERE / "no-time.parquet")
pyarrow.parquet.write_table(table.slice(0, 10), HERE / "brotli.parquet", compression="brotli")
