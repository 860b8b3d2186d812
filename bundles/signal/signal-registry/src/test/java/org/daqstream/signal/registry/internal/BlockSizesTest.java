/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.junit.Before;
import org.junit.Test;

/** How often writers are asked what a block takes, whoever takes it. */
public final class BlockSizesTest {
  private static final byte[][] THREE = {{1}, {2, 3}, {4, 5, 6}};
  private static final byte[] ONE = {7, 8};

  private final SignalCatalogue registry = new SignalCatalogue();
  private final SignalTable table = registry.openTable(SignalDescriptor.linearTime("t", 1));
  private final List<String> asked = new ArrayList<>();
  private final List<String> encoded = new ArrayList<>();
  private RuntimeException failure;
  private int calls; // of encode
  private int wrongBy;

  /** Bytes as they are, behind as many zeros as the description has letters. */
  private class Writer implements SignalWriter {
    private final boolean fixed;
    private final int margin;

    Writer(SignalDescriptor descriptor) {
      fixed = descriptor.dataType().equals("fixed");
      margin = descriptor.description().length();
    }

    @Override
    public int sampleBytes() {
      return fixed ? 2 : VARIABLE;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", "binary");
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      asked.add(count + " at " + offset);
      if (failure != null) {
        throw failure;
      }
      int bytes = count * margin + wrongBy;
      for (int i = offset; i < offset + count; i++) {
        bytes += sample(samples, i).length;
      }
      return bytes;
    }

    private static byte[] sample(Object samples, int index) {
      if (samples instanceof Own own) {
        return own.bytes();
      }
      if (samples instanceof String text) {
        throw new IllegalArgumentException("takes no " + text);
      }
      return samples instanceof byte[][] several ? several[index] : (byte[]) samples;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      calls++;
      for (int i = offset; i < offset + count; i++) {
        target.put(new byte[margin]).put(sample(samples, i));
      }
    }
  }

  /** A kind of samples that only the writer knows. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Own(byte[] bytes) {}

  /** Takes blocks as a server does: all of it, then sample by sample where they differ. */
  private final class Encoder implements SignalSink, TableTap {
    private boolean updatable = true;
    private Tap newest;

    @Override
    public TableTap openTable(SignalDescriptor domain) {
      return this;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      newest = new Tap(writer, updatable);
      return newest;
    }

    @Override
    public void updateDomain(SignalDescriptor domain) {}

    @Override
    public void close() {}
  }

  private final class Tap implements SignalTap {
    private SignalWriter writer;
    private final boolean updatable;

    Tap(SignalWriter writer, boolean updatable) {
      this.writer = writer;
      this.updatable = updatable;
    }

    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      if (writer.sampleBytes() != SignalWriter.VARIABLE) {
        encode(samples, offset, count, count * writer.sampleBytes());
        return WriteResult.ACCEPTED;
      }
      int left = writer.encodedBytes(samples, offset, count);
      for (int i = offset; i < offset + count; i++) {
        int bytes = writer.encodedBytes(samples, i, 1);
        encode(samples, i, 1, bytes);
        left -= bytes;
      }
      assertEquals("bytes left", 0, left);
      return WriteResult.ACCEPTED;
    }

    private void encode(Object samples, int offset, int count, int bytes) {
      ByteBuffer target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      writer.encode(samples, offset, count, target);
      assertEquals("room left", 0, target.remaining());
      encoded.add(bytes + " bytes");
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter newWriter) {
      if (!updatable) {
        throw new IllegalStateException("on purpose");
      }
      writer = newWriter;
    }

    @Override
    public void close() {}
  }

  @Before
  public void addFactory() {
    SignalWriterFactory factory = Writer::new;
    registry.addWriterFactory(factory, FakeFactory.properties(1, 0, "fixed", "bytes"));
  }

  private static SignalDescriptor.Builder bytes(String id) {
    return SignalDescriptor.value(id, "bytes");
  }

  /** Writes, and tells what was asked then. */
  private List<String> askedFor(SignalPort port, Object samples, int offset, int count) {
    asked.clear();
    encoded.clear();
    assertEquals(WriteResult.ACCEPTED, port.write(0, samples, offset, count));
    return List.copyOf(asked);
  }

  @Test
  public void onceWhateverTheNumberOfSinks() {
    SignalPort fixed = table.open(SignalDescriptor.value("f", "fixed").build());
    SignalPort one = table.open(bytes("v").build());
    SignalPort kept = table.open(bytes("k").replayLast(true).build());
    for (int sinks = 1; sinks <= 3; sinks++) {
      registry.addSink(new Encoder());
      assertEquals(List.of("1 at 0"), askedFor(fixed, ONE, 0, 1));
      assertEquals(List.of("1 at 0"), askedFor(one, ONE, 0, 1));
      assertEquals(List.of("1 at 2"), askedFor(one, THREE, 2, 1));
      assertEquals(List.of("1 at 0"), askedFor(kept, new Own(ONE), 0, 1));
      assertEquals("of this writer", sinks, encoded.size());
      assertEquals("2 bytes", encoded.get(0));
    }
  }

  @Test
  public void onceThoughEachSampleTravelsAlone() {
    registry.addSink(new Encoder());
    registry.addSink(new Encoder());
    SignalPort port = table.open(bytes("v").build());
    assertEquals(List.of("3 at 0"), askedFor(port, THREE, 0, 3));
    assertEquals(
        List.of("1 bytes", "2 bytes", "3 bytes", "1 bytes", "2 bytes", "3 bytes"), encoded);
    assertEquals(List.of("2 at 1"), askedFor(port, THREE, 1, 2));
    assertEquals(List.of("2 bytes", "3 bytes", "2 bytes", "3 bytes"), encoded);
  }

  @Test
  public void onceForEachPortOfATable() {
    registry.addSink(new Encoder());
    registry.addSink(new Encoder());
    table.open(bytes("v").build());
    table.open(bytes("w").build());
    assertEquals(WriteResult.ACCEPTED, table.write(0, new Object[] {ONE, THREE}, 0, 1));
    assertEquals(List.of("1 at 0", "1 at 0"), asked);
    assertEquals(List.of("2 bytes", "2 bytes", "1 bytes", "1 bytes"), encoded);
  }

  @Test
  public void aSizeIsOfTheBlockThatItWasAskedFor() {
    registry.addSink(new Encoder());
    SignalPort port = table.open(bytes("v").build());
    SignalPort other = table.open(bytes("w").build());
    assertThrows( // the first one was asked for, and not written
        IllegalArgumentException.class, () -> table.write(0, new Object[] {ONE, "texts"}, 0, 1));
    assertEquals(List.of("1 at 1"), askedFor(port, THREE, 1, 1));
    THREE[1] = new byte[] {2, 3, 4, 5}; // the same array with other samples
    assertEquals(List.of("1 at 1"), askedFor(port, THREE, 1, 1));
    assertEquals(List.of("4 bytes"), encoded);
    assertEquals(List.of("1 at 1"), askedFor(other, THREE, 1, 1));
    THREE[1] = new byte[] {2, 3};
  }

  @Test
  public void samplesAreEncodedOnceForAllWhoCutTheBlock() {
    for (int sinks = 1; sinks <= 3; sinks++) {
      registry.addSink(new Encoder());
      SignalPort port = table.open(bytes("v").build());
      calls = 0;
      askedFor(port, THREE, 0, 3);
      assertEquals("calls of the writer", 3, calls);
      assertEquals("samples encoded", sinks * 3L, (long) encoded.size());
      port.close();
    }
  }

  @Test
  public void aWriterThatTellsTooMuchOrTooLittleDeliversNothing() {
    registry.addSink(new Encoder());
    SignalPort port = table.open(bytes("v").build());
    for (int wrong : new int[] {-1, 1}) {
      wrongBy = wrong;
      encoded.clear();
      assertEquals(WriteResult.FAILED, port.write(0, THREE, 0, 3));
      assertEquals(List.of(), encoded);
    }
    wrongBy = 0;
    assertEquals(List.of("3 at 0"), askedFor(port, THREE, 0, 3));
  }

  @Test
  public void otherSamplesAndOtherTimesAreAskedFor() {
    Encoder sink = new Encoder();
    registry.addSink(sink);
    SignalPort port = table.open(bytes("v").build());
    askedFor(port, THREE, 0, 2);
    asked.clear();
    assertEquals("behind the write", 3, sink.newest.writer.encodedBytes(THREE, 0, 2));
    assertEquals(2, sink.newest.writer.encodedBytes(ONE, 0, 1));
    assertThrows(NullPointerException.class, () -> sink.newest.writer.encodedBytes(null, 0, 1));
    assertEquals(List.of("2 at 0", "1 at 0", "1 at 0"), asked);
  }

  @Test
  public void aSinkWithAnotherWriterThanThePortAsksItsOwn() {
    Encoder updated = new Encoder();
    Encoder behind = new Encoder();
    behind.updatable = false;
    registry.addSink(behind);
    registry.addSink(updated);
    SignalPort port = table.open(bytes("v").build());
    port.update(bytes("v").description("abc").build());
    assertEquals(List.of("1 at 0", "1 at 0", "1 at 0"), askedFor(port, ONE, 0, 1));
    assertEquals(List.of("2 bytes", "5 bytes"), encoded);
  }

  @Test
  public void aSinkAsksWhenTheCheckHasFailed() {
    registry.addSink(new Encoder());
    SignalPort port = table.open(bytes("v").build());
    askedFor(port, ONE, 0, 1);
    failure = new IllegalStateException("on purpose");
    assertEquals(WriteResult.FAILED, port.write(0, THREE, 0, 1));
    failure = null;
    assertEquals(List.of("1 at 2"), askedFor(port, THREE, 2, 1));
    assertEquals(List.of("3 bytes"), encoded);
  }

  @Test
  public void askingAllocatesNothing() {
    SignalWriter plain =
        new Writer(bytes("v").build()) {
          @Override
          public int encodedBytes(Object samples, int offset, int count) {
            return count;
          }

          @Override
          public void encode(Object samples, int offset, int count, ByteBuffer target) {
            target.put((byte) offset);
          }
        };
    ByteBuffer target = ByteBuffer.allocate(1);
    BlockSizes sizes = BlockSizes.of(plain);
    SignalWriter answering = sizes.answeringFor(plain);
    Runnable blocks =
        () -> {
          for (int i = 0; i < 100_000; i++) {
            sizes.ask(answering, THREE, 0, 3);
            sizes.begin(THREE, 0, 3);
            answering.encodedBytes(THREE, 0, 3);
            answering.encodedBytes(THREE, i % 3, 1);
            answering.encode(THREE, i % 3, 1, target.clear());
            sizes.end();
          }
        };
    blocks.run();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    blocks.run();
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }
}
