/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.binary.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

public final class BinaryWriterTest extends SignalWriterContract {
  public BinaryWriterTest() {
    super(new BinaryWriterFactory());
  }

  private static SignalDescriptor.Builder binary() {
    return SignalDescriptor.value("b", DataTypes.BINARY);
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    return List.of(
        AcceptedSignal.of(binary(), new byte[][] {{3, 1, 2}}, "03 01 02"),
        AcceptedSignal.of(
            binary(), new byte[][] {{1}, {2, 3}, {4, 5, 6}}, "01", "02 03", "04 05 06"),
        AcceptedSignal.of(
            binary(),
            new ByteBuffer[] {
              ByteBuffer.wrap(new byte[] {9, 3, 1, 9}).position(1).limit(3),
              ByteBuffer.allocateDirect(1)
            },
            "03 01",
            "00"),
        AcceptedSignal.of(
            SignalDescriptor.text("b"),
            new Object[] {"tempé", new byte[] {7}, ByteBuffer.allocate(1)},
            "74 65 6d 70 c3 a9",
            "07",
            "00"),
        AcceptedSignal.of(SignalDescriptor.text("b"), new String[] {"a", "µ"}, "61", "c2 b5"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    return Map.of(
        "rule constant", binary().rule(Rule.CONSTANT),
        "rule linear", binary().rule(new Rule.Linear(1)),
        "postScaling", binary().postScaling(0, 2),
        "bits", binary().bits("uint8", List.of()),
        "dimensions", binary().dimensions(List.of(new Dimension.Linear("n", 0, 1, 3, Unit.NONE))));
  }

  @Test
  public void anArrayOrABufferIsOneSample() {
    SignalWriter writer = writer(binary());
    assertEquals(SignalWriter.VARIABLE, writer.sampleBytes());
    assertEquals(Map.of("dataType", "binary"), writer.definition());
    assertNull(writer.newSample());
    byte[] sample = {3, 1, 2};
    assertArrayEquals(sample, encode(writer, sample, 0, 1));
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 3, 1, 2, 9}).position(1).limit(4);
    assertArrayEquals(sample, encode(writer, buffer, 0, 1));
    assertEquals("buffer unchanged", 1, buffer.position());
  }

  @Test
  public void textsTravelAsUtf8() {
    SignalWriter writer = writer(SignalDescriptor.text("b"));
    Random random = new Random(8);
    String letters = "aZ\u0000\u007f\u0080µ߿ࠀ漢\uffff\uD83D\uDE00\uDBFF\uDFFF";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder("x");
      for (int n = random.nextInt(20); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length()))); // also halves of pairs
      }
      assertArrayEquals(
          text.toString().getBytes(StandardCharsets.UTF_8), encode(writer, text.toString(), 0, 1));
    }
  }

  @Test
  public void stringNeedsTheMetadataThatSaysSo() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> writer(binary()).encodedBytes("text", 0, 1))
            .getMessage();
    assertTrue(message, message.contains("contentType = text/plain; charset=utf-8"));
    assertEquals(
        Map.of("contentType", "text/plain; charset=utf-8"),
        SignalDescriptor.text("t").build().metadata());
  }

  @Test
  public void wrongBlocksAreRefusedByName() {
    SignalWriter writer = writer(binary());
    for (Object wrong : new Object[] {new int[1], new Object[] {1}, new byte[][] {null}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(wrong, 0, 1))
              .getMessage();
      assertTrue(message, message.startsWith("signal b of type binary takes byte[], ByteBuffer"));
    }
    String empty =
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new byte[0], 0, 1))
            .getMessage();
    assertTrue(empty, empty.contains("at least one byte"));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new byte[9], 1, 1));
  }
}
