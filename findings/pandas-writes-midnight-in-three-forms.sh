#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     pandas 3.1.1 (DataFrame.to_csv), a column of times.
# Expected: one form of a time, whatever the times are.
# Happens:  times that all lie at midnight are written as dates, with one other among them all are
#           written with hours, and with fractions where one has a fraction: the form of a row
#           depends on the others, and changes from file to file of one recorder.
# For us:   our CSV source takes each form, also in one folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install -q --disable-pip-version-check pandas==3.1.1
cd "$folder"
v/bin/python - <<'PYTHON'
import pandas


def first_row(*times):
    text = pandas.DataFrame({"t": pandas.DatetimeIndex(times)}).to_csv(index=False)
    return text.split("\n")[1]


rows = [
    first_row("2026-01-01", "2026-01-02"),
    first_row("2026-01-01", "2026-01-02 10:00"),
    first_row("2026-01-01", "2026-01-02 10:00:00.5"),
]
print("the same time in three files:", rows)
raise SystemExit(len(set(rows)) != 3)
PYTHON
