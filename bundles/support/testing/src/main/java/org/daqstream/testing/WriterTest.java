/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/** What the tests of writer bundles have in common; each extends it. */
public abstract class WriterTest {
  private final SignalWriterFactory factory;

  /** For the factory of a writer bundle. */
  protected WriterTest(SignalWriterFactory factory) {
    this.factory = factory;
  }

  /** A writer for a signal that must be taken. */
  protected final SignalWriter writer(SignalDescriptor.Builder signal) {
    try {
      return factory.create(signal.build());
    } catch (UnsupportedSignalException e) {
      throw new AssertionError(e);
    }
  }

  /** A signal that must be refused, with a message that contains a text. */
  protected final void assertRefused(String named, SignalDescriptor.Builder signal) {
    UnsupportedSignalException e =
        assertThrows(UnsupportedSignalException.class, () -> factory.create(signal.build()));
    assertTrue(e.getMessage(), e.getMessage().contains(named));
  }

  /** The encoded samples, which must take just the room that the writer told. */
  protected static byte[] encode(SignalWriter writer, Object samples, int offset, int count) {
    ByteBuffer target =
        ByteBuffer.allocate(writer.encodedBytes(samples, offset, count))
            .order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, offset, count, target);
    assertEquals("bytes left", 0, target.remaining());
    return target.array();
  }

  /** Encodes a block over and over, at odd places, too. */
  protected static void assertEncodingAllocatesNothing(
      SignalWriter writer, Object samples, int count) {
    ByteBuffer target =
        ByteBuffer.allocateDirect(writer.encodedBytes(samples, 0, count) + 100)
            .order(ByteOrder.LITTLE_ENDIAN);
    encodeOften(writer, samples, count, target);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    encodeOften(writer, samples, count, target);
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }

  private static void encodeOften(
      SignalWriter writer, Object samples, int count, ByteBuffer target) {
    for (int i = 0; i < 5_000; i++) {
      target.clear().position(i % 100);
      target.limit(target.position() + writer.encodedBytes(samples, 0, count));
      writer.encode(samples, 0, count, target);
    }
  }
}
