# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""What the Parquet recorder of the openDAQ SDK costs: prints a line of figures.

    recorder.py FOLDER SAMPLES SIGNALS

Samples are those of all signals together. Processor time is that of the process, less that of
making the same packets without a recorder. The last two words are nanoseconds per sample and the
size of the files as a part of the raw data, for who compares.
"""

import glob
import os
import resource
import sys
import time

import numpy as np
import opendaq

BLOCK = 1000
DELTA = 1_000_000
NOISE = 1 << 21


def descriptors():
    domain = opendaq.DataDescriptorBuilder()
    domain.sample_type = opendaq.SampleType.Int64
    domain.tick_resolution = opendaq.Ratio(1, 1_000_000_000)
    domain.origin = opendaq.String("1970-01-01T00:00:00Z")
    domain.rule = opendaq.LinearDataRule(DELTA, 0)
    domain.unit = opendaq.Unit(
        -1, opendaq.String("s"), opendaq.String("second"), opendaq.String("time")
    )
    value = opendaq.DataDescriptorBuilder()
    value.sample_type = opendaq.SampleType.Float64
    return domain.build(), value.build()


def send(signals, domain, value, rows, data):
    begin = time.process_time()
    for sent in range(0, rows, BLOCK):
        time_packet = opendaq.DataPacket(domain, BLOCK, sent * DELTA)
        for i, signal in enumerate(signals):
            packet = opendaq.DataPacketWithDomain(time_packet, value, BLOCK, 0)
            at = (sent + i * 37 * BLOCK) % (NOISE - BLOCK)
            np.asarray(packet.raw_data).view(np.float64)[:] = data[at : at + BLOCK]
            signal.send_packet(packet)
    return time.process_time() - begin


def make_signal(instance, name, descriptor):
    signal = opendaq.Signal(instance.context, None, opendaq.String(name), None)
    signal.descriptor = descriptor
    return signal


def main(folder, samples, count):
    samples = int(samples)
    count = int(count)
    rows = samples // count
    instance = opendaq.Instance()
    domain, value = descriptors()
    time_signal = make_signal(instance, "t", domain)
    signals = [make_signal(instance, f"v{i}", value) for i in range(count)]
    for signal in signals:
        signal.domain_signal = time_signal
    noise = np.random.default_rng(1).normal(0, 1e-3, NOISE)
    data = np.sin(np.arange(NOISE) * 1e-3) + noise
    beside = send(signals, domain, value, rows, data)
    block = instance.add_function_block("ParquetRecorder")
    block.set_property_value("Path", folder)
    for signal in signals:
        block.input_ports[-1].connect(signal)  # there is a free one again
    recorder = opendaq.IRecorder.cast_from(block)
    begin = time.process_time()
    recorder.start_recording()
    send(signals, domain, value, rows, data)
    recorder.stop_recording()
    cpu = time.process_time() - begin - beside
    files = glob.glob(folder + "/*.parquet")
    size = sum(os.path.getsize(file) for file in files)
    for file in files:
        os.remove(file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"{samples * 8 / 1e6 / cpu:.0f} MB/s of one core, {cpu * 1e9 / samples:.1f} ns per sample,"
        f" {len(files)} file(s) of {size / samples / 8:.2f} of raw, process at most {peak:.0f} MB:"
        f" {cpu * 1e9 / samples:.2f} {size / samples / 8:.3f}",
        flush=True,
    )
    os._exit(0)  # its end is not clean


main(*sys.argv[1:])
