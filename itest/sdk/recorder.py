# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""What the Parquet recorder of the openDAQ SDK costs: prints a line of figures.

    recorder.py FOLDER SAMPLES

Processor time is that of the process, less that of making the same packets without a recorder.
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


def send(signal, domain, value, samples, data):
    begin = time.process_time()
    for sent in range(0, samples, BLOCK):
        packet = opendaq.DataPacketWithDomain(
            opendaq.DataPacket(domain, BLOCK, sent * DELTA), value, BLOCK, 0
        )
        at = sent % (NOISE - BLOCK)
        np.asarray(packet.raw_data).view(np.float64)[:] = data[at : at + BLOCK]
        signal.send_packet(packet)
    return time.process_time() - begin


def main(folder, samples):
    samples = int(samples)
    instance = opendaq.Instance()
    domain, value = descriptors()
    signals = []
    for name, descriptor in (("t", domain), ("v", value)):
        signal = opendaq.Signal(instance.context, None, opendaq.String(name), None)
        signal.descriptor = descriptor
        signals.append(signal)
    signals[1].domain_signal = signals[0]
    noise = np.random.default_rng(1).normal(0, 1e-3, NOISE)
    data = np.sin(np.arange(NOISE) * 1e-3) + noise
    beside = send(signals[1], domain, value, samples, data)
    block = instance.add_function_block("ParquetRecorder")
    block.set_property_value("Path", folder)
    block.input_ports[0].connect(signals[1])
    recorder = opendaq.IRecorder.cast_from(block)
    begin = time.process_time()
    recorder.start_recording()
    send(signals[1], domain, value, samples, data)
    recorder.stop_recording()
    cpu = time.process_time() - begin - beside
    (file,) = glob.glob(folder + "/*.parquet")
    size = os.path.getsize(file)
    os.remove(file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"{samples * 8 / 1e6 / cpu:.0f} MB/s of one core, {cpu * 1e9 / samples:.1f} ns per sample,"
        f" file {size / samples / 8:.2f} of raw, process at most {peak:.0f} MB",
        flush=True,
    )
    os._exit(0)  # its end is not clean


main(*sys.argv[1:])
