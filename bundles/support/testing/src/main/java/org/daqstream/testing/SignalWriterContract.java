/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.junit.Test;

/**
 * What every {@link SignalWriter} must hold, as tests. The test of a writer extends this class and
 * says for which signals; what is special about the writer it tests with methods of its own.
 */
public abstract class SignalWriterContract {
  private static final int MARGIN_BYTES = 32;
  private static final int ROUNDS = 5_000;

  /** Of {@link #ROUNDS} blocks together; what the measurement itself may cost. */
  private static final int ALLOCATION_LIMIT_BYTES = 20_000;

  private static final List<Object> KINDS =
      List.of(
          new boolean[64],
          new byte[64],
          new char[64],
          new short[64],
          new int[64],
          new long[64],
          new float[64],
          new double[64],
          new String[] {"one", "two"},
          ByteBuffer.allocate(64),
          "text",
          1.0,
          List.of());

  private final SignalWriterFactory factory;

  /** For the factory of a writer bundle. */
  protected SignalWriterContract(SignalWriterFactory factory) {
    this.factory = factory;
  }

  /** Signals that are taken: at least one for each data type and each kind of samples. */
  protected abstract List<AcceptedSignal> accepted();

  /** Signals that are refused, each by a text that its message has, for example its unit. */
  protected abstract Map<String, SignalDescriptor.Builder> refused();

  /** A writer for a signal that must be taken. */
  protected final SignalWriter writer(SignalDescriptor.Builder signal) {
    return writer(signal.build());
  }

  private SignalWriter writer(SignalDescriptor descriptor) {
    try {
      return factory.create(descriptor);
    } catch (UnsupportedSignalException e) {
      throw new AssertionError("must be taken: " + e.getMessage(), e);
    }
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

  private void forEachSignal(Consumer<AcceptedSignal> check) {
    List<AcceptedSignal> signals = accepted();
    assertNotEquals("signals that are taken", 0, signals.size());
    for (AcceptedSignal signal : signals) {
      try {
        check.accept(signal);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(signal + ": " + e, e);
      }
    }
  }

  @Test
  public void samplesHaveTheirBytes() {
    forEachSignal(
        signal -> {
          byte[] bytes = encode(writer(signal.descriptor()), signal.samples(), 0, signal.count());
          assertEquals(
              AcceptedSignal.hex(signal.bytes(0, signal.count())), AcceptedSignal.hex(bytes));
        });
  }

  @Test
  public void everyPartOfABlockIsEncodedAlike() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          for (int offset = 0; offset <= signal.count(); offset++) {
            for (int count = 0; count <= signal.count() - offset; count++) {
              byte[] bytes = encode(writer, signal.samples(), offset, count);
              if (!Arrays.equals(signal.bytes(offset, count), bytes)) {
                fail(count + " samples at " + offset + " gave " + AcceptedSignal.hex(bytes));
              }
            }
          }
        });
  }

  @Test
  public void sizesAreToldBeforehand() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          int sampleBytes = writer.sampleBytes();
          for (int count = 0; count <= signal.count(); count++) {
            int bytes = writer.encodedBytes(signal.samples(), 0, count);
            assertEquals(count + " samples", signal.bytes(0, count).length, bytes);
            if (sampleBytes != SignalWriter.VARIABLE) {
              assertEquals("sampleBytes times " + count, (long) sampleBytes * count, bytes);
            }
          }
          assertEquals("sampleBytes", sampleBytes, writer.sampleBytes());
        });
  }

  @Test
  public void onlyThePlaceInTheTargetIsWritten() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          int n = signal.count();
          int[][] blocks = {{0, n}, {1, n - 1}, {n / 2, 1}};
          int capacity = signal.bytes(0, n).length + 2 * MARGIN_BYTES;
          for (PaintedTarget target : PaintedTarget.ofEachKind(capacity)) {
            for (int at = 0; at <= MARGIN_BYTES; at++) {
              for (int[] block : blocks) {
                target.assertTakes(
                    at,
                    signal.bytes(block[0], block[1]),
                    buffer -> writer.encode(signal.samples(), block[0], block[1], buffer));
              }
            }
          }
        });
  }

  @Test
  public void samplesTakeNoMoreRoomThanTheyNeed() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          int n = signal.count();
          ByteBuffer target =
              ByteBuffer.allocate(signal.bytes(0, n).length).order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < n; i++) { // one behind the other in the room of all
            writer.encode(signal.samples(), i, 1, target);
            assertEquals(
                "bytes behind sample " + i, signal.bytes(0, i + 1).length, target.position());
          }
          assertEquals(AcceptedSignal.hex(signal.bytes(0, n)), AcceptedSignal.hex(target.array()));
        });
  }

  @Test
  public void aTargetWithTooLittleRoomIsNotOverrun() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          int bytes = signal.bytes(0, signal.count()).length;
          for (PaintedTarget target : PaintedTarget.ofEachKind(bytes + MARGIN_BYTES)) {
            for (int round = 0; round < 3; round++) { // a writer may know the target by then
              target.assertNotOverrun(
                  bytes - 1, buffer -> writer.encode(signal.samples(), 0, signal.count(), buffer));
            }
          }
        });
  }

  @Test
  public void samplesAreLeftAsTheyAre() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          ByteBuffer before =
              signal.samples() instanceof ByteBuffer buffer ? buffer.duplicate() : null;
          encode(writer, signal.samples(), 0, signal.count());
          assertEquals(
              "encoded again",
              AcceptedSignal.hex(signal.bytes(0, signal.count())),
              AcceptedSignal.hex(encode(writer, signal.samples(), 0, signal.count())));
          if (before != null) {
            ByteBuffer buffer = (ByteBuffer) signal.samples();
            assertEquals("position of the samples", before.position(), buffer.position());
            assertEquals("limit of the samples", before.limit(), buffer.limit());
          }
        });
  }

  @Test
  public void blocksOutsideTheSamplesAreRefused() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          int n = signal.count();
          int[][] blocks = {{0, n + 1}, {n, 1}, {-1, 1}, {0, -1}, {1, Integer.MAX_VALUE}};
          for (int[] block : blocks) {
            assertThrows(
                block[1] + " samples at " + block[0] + " of " + n,
                IndexOutOfBoundsException.class,
                () -> writer.encodedBytes(signal.samples(), block[0], block[1]));
          }
        });
  }

  @Test
  public void samplesOfAnotherKindAreRefusedInWords() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          for (Object wrong : new Object[] {null, new Object(), new Thread[1]}) {
            assertWords(
                assertThrows(
                    "given " + wrong,
                    IllegalArgumentException.class,
                    () -> writer.encodedBytes(wrong, 0, 1)));
          }
          KINDS.forEach(kind -> assertRefusedOrEncoded(writer, kind));
        });
  }

  private static void assertRefusedOrEncoded(SignalWriter writer, Object samples) {
    try {
      writer.encodedBytes(samples, 0, 1);
    } catch (IllegalArgumentException e) {
      assertWords(e);
      return;
    } catch (IndexOutOfBoundsException e) {
      return; // its samples are longer
    }
    try {
      encode(writer, samples, 0, 1);
    } catch (RuntimeException e) {
      String kind = samples.getClass().getSimpleName();
      throw new AssertionError(kind + " is not refused beforehand and gives " + e, e);
    }
  }

  private static void assertWords(Exception e) {
    assertTrue("message of " + e, e.getMessage() != null && !e.getMessage().isBlank());
  }

  @Test
  public void encodingAllocatesNothing() {
    forEachSignal(
        one -> {
          AcceptedSignal signal = one.repeated();
          SignalWriter writer = writer(signal.descriptor());
          int bytes = signal.bytes(0, signal.count()).length;
          ByteBuffer target =
              ByteBuffer.allocateDirect(bytes + MARGIN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
          encodeOften(writer, signal, target);
          ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
          long before = threads.getCurrentThreadAllocatedBytes();
          encodeOften(writer, signal, target);
          long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
          assertTrue(
              allocatedBytes + " bytes allocated by " + ROUNDS + " blocks",
              allocatedBytes < ALLOCATION_LIMIT_BYTES);
        });
  }

  private static void encodeOften(SignalWriter writer, AcceptedSignal signal, ByteBuffer target) {
    Object samples = signal.samples();
    int count = signal.count();
    for (int i = 0; i < ROUNDS; i++) {
      target.clear().position(i % MARGIN_BYTES);
      target.limit(target.position() + writer.encodedBytes(samples, 0, count));
      writer.encode(samples, 0, count, target);
    }
  }

  @Test
  public void aNewSampleHoldsOneNumber() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          Object sample = writer.newSample();
          if (sample == null) {
            return; // the type has no single number
          }
          assertTrue(
              "array of numbers: " + sample.getClass().getSimpleName(),
              sample.getClass().isArray() && sample.getClass().getComponentType().isPrimitive());
          assertNotSame("two samples", sample, writer.newSample());
          assertEquals("its bytes", writer.sampleBytes(), encode(writer, sample, 0, 1).length);
          assertThrows(
              "a second number",
              IndexOutOfBoundsException.class,
              () -> writer.encodedBytes(sample, 1, 1));
        });
  }

  @Test
  public void theDefinitionIsPlainAndStays() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          Map<String, Object> definition = writer.definition();
          assertTrue(
              "dataType: " + definition.get("dataType"),
              definition.get("dataType") instanceof String);
          assertPlain("definition", definition);
          encode(writer, signal.samples(), 0, signal.count());
          assertEquals("definition", definition, writer.definition());
          assertThrows(
              "changing the definition",
              UnsupportedOperationException.class,
              () -> definition.put("dataType", "other"));
        });
  }

  private static void assertPlain(String what, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            assertTrue(what + ": key " + key, key instanceof String);
            assertPlain(what + "." + key, inner);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> assertPlain(what + "[]", inner));
    } else {
      assertTrue(
          what + " is neither text, number, flag, list nor map: " + value,
          value instanceof String || value instanceof Number || value instanceof Boolean);
    }
  }

  @Test
  public void everySignalHasAWriterOfItsOwn() {
    forEachSignal(
        signal -> {
          SignalWriter writer = writer(signal.descriptor());
          assertNotNull("writer", writer);
          assertNotSame("writers of two signals", writer, writer(signal.descriptor()));
        });
  }

  @Test
  public void signalsThatCannotBeAreRefusedByName() {
    refused()
        .forEach(
            (named, signal) -> {
              SignalDescriptor descriptor = signal.build();
              UnsupportedSignalException e =
                  assertThrows(
                      "signal with " + named,
                      UnsupportedSignalException.class,
                      () -> factory.create(descriptor));
              assertTrue(
                  "message without " + named + ": " + e.getMessage(),
                  e.getMessage() != null && e.getMessage().contains(named));
            });
  }
}
