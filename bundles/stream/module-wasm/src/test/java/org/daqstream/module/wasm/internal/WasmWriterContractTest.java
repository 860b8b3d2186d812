/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

/** A writer whose code is a file does what every writer does, but for what it allocates. */
public class WasmWriterContractTest extends SignalWriterContract {
  private static final int ROUNDS = 5_000;
  private static final int SAMPLES = 1_000;

  /** Of a call, besides the bytes that it gives. */
  private static final int CALL_BYTES = 512;

  public WasmWriterContractTest() throws ModuleFailure {
    super(
        new WasmWriters(
            Running.settings("tenths", ""),
            LoadedModule.of(Running.code("tenths")),
            new CallGuard(),
            new CallWatch(new OrderedTasks("daqstream-modules", e -> {}), List::of),
            new ModuleCounters()));
  }

  private static SignalDescriptor.Builder signal() {
    return SignalDescriptor.value("s", "tenths");
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    return List.of(
        AcceptedSignal.of(signal(), new double[] {0.1, -0.2, 25.6}, "01 00", "fe ff", "00 01"),
        AcceptedSignal.of(signal(), ByteBuffer.wrap(new byte[] {7, 8, 9, 10}), "07 08", "09 0a"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    return Map.of(
        "postScaling",
        signal().postScaling(0, 2),
        "rule linear",
        signal().rule(new Rule.Linear(1)));
  }

  @Test
  @Override
  public void encodingAllocatesNothing() {
    SignalWriter writer = writer(signal());
    double[] samples = new double[SAMPLES];
    int bytes = writer.encodedBytes(samples, 0, SAMPLES);
    ByteBuffer target = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      writer.encode(samples, 0, SAMPLES, target.clear());
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      writer.encode(samples, 0, SAMPLES, target.clear());
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    assertTrue(each + " bytes for a block of " + bytes, each < bytes + CALL_BYTES);
  }
}
