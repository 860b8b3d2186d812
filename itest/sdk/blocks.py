# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""Function blocks and recorders of the openDAQ SDK on signals of ours: a sine of 1 Hz at 1 kHz.

blocks.py CONNECTION_STRING SIGNAL FOLDER
"""

import csv
import glob
import time

import numpy as np
import opendaq
import pyarrow.parquet

from sdk import check, run, wait_for

MS = 1_000_000
BLOCK = 100
RECORD_SECONDS = 2


def sine(ticks):
    return np.sin(2 * np.pi * (ticks % (1000 * MS)) / (1000 * MS))


def check_statistics(instance, signal):
    block = instance.add_function_block("RefFBModuleStatistics")
    block.set_property_value("BlockSize", BLOCK)
    block.input_ports[0].connect(signal)
    readers = {}
    while len(readers) < 2:
        readers = {each.local_id: opendaq.StreamReader(each) for each in block.signals}
    values = {}
    ticks = {}
    for name, reader in readers.items():
        values[name], ticks[name] = reader.read_with_domain(10, 5000)
        check(len(values[name]) == 10, f"{name}: {len(values[name])} values")
    of_block = sine(ticks["avg"][:, None] + MS * np.arange(BLOCK)[None, :])
    check(np.allclose(values["avg"], of_block.mean(axis=1), atol=1e-9), "mean is wrong")
    of_block = sine(ticks["rms"][:, None] + MS * np.arange(BLOCK)[None, :])
    rms = np.sqrt((of_block**2).mean(axis=1))
    check(np.allclose(values["rms"], rms, atol=1e-9), "root mean square is wrong")
    print(f"statistics: {len(ticks['avg'])} blocks")


def check_scaling(instance, signal):
    """It needs the range of the signal's values."""
    block = instance.add_function_block("RefFBModuleScaling")
    block.set_property_value("scale", 2.0)
    block.set_property_value("offset", 1.0)
    block.input_ports[0].connect(signal)
    time.sleep(0.5)
    reader = opendaq.StreamReader(block.signals[0])
    values, ticks = reader.read_with_domain(100, 5000)
    check(len(values) == 100, f"scaling: {len(values)} values")
    check(np.allclose(values, 2 * sine(ticks) + 1, atol=1e-6), "scaled values are wrong")
    print(f"scaling: {len(values)} values")


def record(instance, block_types, folder, signal):
    recorders = []
    for block_type in block_types:
        block = instance.add_function_block(block_type)
        block.set_property_value("Path", folder)
        block.input_ports[0].connect(signal)
        recorders.append(opendaq.IRecorder.cast_from(block))
    for recorder in recorders:
        recorder.start_recording()
    time.sleep(RECORD_SECONDS)
    for recorder in recorders:
        recorder.stop_recording()


def check_recorded(name, ticks, values, tolerance):
    check(len(ticks) > RECORD_SECONDS * 500, f"{name}: {len(ticks)} rows")
    check(np.all(np.diff(ticks) == MS), f"{name}: a row is missing")
    check(np.allclose(values, sine(ticks), atol=tolerance), f"{name}: wrong values")
    print(f"{name}: {len(ticks)} rows")


def main(address, signal_id, folder):
    instance = opendaq.Instance()
    device = instance.add_device(address)
    signal = wait_for(device, [signal_id])[signal_id]
    check_statistics(instance, signal)
    check_scaling(instance, signal)
    record(instance, ["ParquetRecorder", "BasicCsvRecorder"], folder, signal)
    table = pyarrow.parquet.read_table(glob.glob(folder + "/*.parquet")[0])
    ticks, values = (column.to_numpy() for column in table.columns)
    check_recorded("Parquet", ticks, values, 1e-12)
    with open(glob.glob(folder + "/*.csv")[0], encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[2:]  # two lines of heads
    ticks = np.array([int(row[0]) for row in rows])
    values = np.array([float(row[1]) for row in rows])
    check_recorded("CSV", ticks, values, 1e-5)  # of six digits


if __name__ == "__main__":
    run(main)
