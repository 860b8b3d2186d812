/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.writer.support.ArrayWriter;
import org.junit.Test;

public final class SampleCopyTest {
  private static final Dimension THREE = new Dimension.Linear("x", 0, 1, 3, Unit.NONE);
  private static final SignalDescriptor BINARY =
      SignalDescriptor.value("v", DataTypes.BINARY).build();
  private static final SignalDescriptor OWN = SignalDescriptor.value("v", "own").build();

  private static SampleCopy copyOf(SignalDescriptor descriptor, Object samples, int at) {
    SampleCopy copy = new SampleCopy(SampleShape.of(descriptor));
    assertTrue(copy.take(samples, at, null, 0));
    return copy.snapshot();
  }

  /**
   * The bytes that a writer makes of sample {@code at}, and of a copy made while it was not there.
   */
  private static void assertSame(
      SignalDescriptor descriptor, SignalWriter writer, Object samples, int at) {
    byte[] expected = encoded(writer, samples, at);
    SampleCopy copy = copyOf(descriptor, samples, at);
    overwrite(samples);
    ByteBuffer payload = copy.encodedBy(writer, 0, false);
    byte[] actual = new byte[payload.remaining()];
    payload.get(actual);
    assertEquals(descriptor.toString(), Arrays.toString(expected), Arrays.toString(actual));
  }

  private static byte[] encoded(SignalWriter writer, Object samples, int at) {
    ByteBuffer target =
        ByteBuffer.allocate(writer.encodedBytes(samples, at, 1)).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, at, 1, target);
    return target.array();
  }

  /** What the publisher may do as soon as it has written. */
  private static void overwrite(Object samples) {
    if (samples instanceof ByteBuffer buffer) {
      ByteBuffer whole = buffer.duplicate().clear();
      while (whole.hasRemaining()) {
        whole.put((byte) 0x55);
      }
    } else if (samples instanceof byte[] bytes) {
      Arrays.fill(bytes, (byte) 0x55);
    } else if (samples instanceof StructBuffer block) {
      block.clear();
    } else if (samples instanceof Object[] several) {
      Arrays.stream(several).forEach(SampleCopyTest::overwrite);
    }
  }

  @Test
  public void everyElementTypeIsCopiedAsArrayAndAsBuffer() {
    for (ElementType type : ElementType.values()) {
      for (int elements : new int[] {1, 3}) {
        SignalDescriptor.Builder builder = SignalDescriptor.value("v", type.dataType());
        SignalDescriptor descriptor =
            elements == 1 ? builder.build() : builder.dimensions(List.of(THREE)).build();
        SignalWriter writer = new ArrayWriter(descriptor, type, elements);
        ByteBuffer carried = ByteBuffer.allocate(1 + 4 * elements * type.bytes());
        for (int i = 0; i < carried.capacity(); i++) {
          carried.put(i, (byte) (i * 7 + 1));
        }
        Object array = type.newArray(4 * elements);
        for (int i = 0; i < 4 * elements * type.slots(); i++) {
          setSlot(array, i, i + 1);
        }
        assertSame(descriptor, writer, array, 2);
        assertSame(descriptor, writer, carried.position(1), 3);
      }
    }
  }

  private static void setSlot(Object array, int index, int value) {
    if (array instanceof double[] reals) {
      reals[index] = value + 0.5;
    } else if (array instanceof float[] reals) {
      reals[index] = value + 0.25f;
    } else if (array instanceof long[] integers) {
      integers[index] = value - 100L;
    } else if (array instanceof int[] integers) {
      integers[index] = value;
    } else if (array instanceof short[] integers) {
      integers[index] = (short) value;
    } else {
      ((byte[]) array)[index] = (byte) value;
    }
  }

  @Test
  public void bitFieldIsCopied() {
    SignalDescriptor descriptor =
        SignalDescriptor.value("v", DataTypes.BIT_FIELD).bits(DataTypes.UINT16, List.of()).build();
    SignalWriter writer = new ArrayWriter(descriptor, ElementType.UINT16, 1);
    assertSame(descriptor, writer, new short[] {1, 2, 3}, 1);
  }

  @Test
  public void structIsCopiedAsBlockAndAsBuffer() {
    SignalDescriptor descriptor =
        SignalDescriptor.value("v", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("a", DataTypes.INT16),
                    new StructMember("b", DataTypes.REAL64)))
            .build();
    StructLayout layout = StructLayout.of(descriptor);
    StructBuffer block = StructBuffer.allocate(layout, 3);
    for (int i = 1; i <= 3; i++) {
      block.add().setLong(0, i).setDouble(1, i / 2.0);
    }
    SampleCopy copy = copyOf(descriptor, block, 1);
    block.clear();
    ByteBuffer payload = copy.encodedBy(new StructTestWriter(), 0, false);
    assertEquals(2, payload.getShort());
    assertEquals(1.0, payload.getDouble(), 0);
    ByteBuffer records = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    records.putShort(10, (short) 5).putDouble(12, 6);
    assertEquals(5, copyOf(descriptor, records, 1).encodedBy(raw(), 0, false).getShort());
  }

  /** Takes nothing but a block of structs. */
  private static final class StructTestWriter extends TestWriter {
    @Override
    byte[] bytesOf(Object samples, int at) {
      StructBuffer block = (StructBuffer) samples;
      byte[] bytes = new byte[block.layout().recordBytes()];
      block.bytes().get(at * bytes.length, bytes);
      return bytes;
    }
  }

  /** One writer of samples that differ in length. */
  private abstract static class TestWriter implements SignalWriter {
    abstract byte[] bytesOf(Object samples, int at);

    @Override
    public int sampleBytes() {
      return VARIABLE;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", "own");
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      return bytesOf(samples, offset).length;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      target.put(bytesOf(samples, offset));
    }
  }

  /** Takes what the writer of binary samples takes, and of an own type the element of an array. */
  private static SignalWriter raw() {
    return new TestWriter() {
      @Override
      byte[] bytesOf(Object samples, int at) {
        Object sample = samples instanceof Object[] several ? several[at] : samples;
        if (sample instanceof String string) {
          return string.getBytes(UTF_8);
        } else if (sample instanceof ByteBuffer buffer) {
          byte[] bytes = new byte[buffer.remaining()];
          buffer.get(buffer.position(), bytes);
          return bytes;
        } else if (sample instanceof Own own) {
          return new byte[] {own.value};
        } else if (sample instanceof int[] integers) {
          return new byte[] {(byte) integers[at]};
        }
        return (byte[]) sample;
      }
    };
  }

  private static final class Own {
    byte value;
  }

  @Test
  public void bytesAndTextsAreCopiedAloneAndInArrays() {
    assertSame(BINARY, raw(), new byte[] {1, 2, 3}, 0);
    assertSame(BINARY, raw(), ByteBuffer.allocate(9).put(2, (byte) 7).position(2).limit(5), 0);
    assertSame(BINARY, raw(), "text", 0);
    assertSame(BINARY, raw(), new byte[][] {{1}, {2, 3}, {4}}, 1);
    assertSame(BINARY, raw(), new ByteBuffer[] {null, ByteBuffer.wrap(new byte[] {8, 9})}, 1);
    assertSame(BINARY, raw(), new String[] {"a", "bc"}, 1);
  }

  @Test
  public void samplesOfDifferentLengthsFollowEachOther() {
    SampleCopy copy = new SampleCopy(SampleShape.of(BINARY));
    for (int bytes : new int[] {5, 2, 9, 1}) {
      assertTrue(copy.take(new byte[bytes], 0, null, 0));
      assertEquals(bytes, copy.snapshot().encodedBy(raw(), 0, false).remaining());
    }
    assertTrue(copy.take(ByteBuffer.allocate(3), 0, null, 0));
    assertEquals(3, copy.snapshot().encodedBy(raw(), 0, false).remaining());
    assertTrue(copy.take(ByteBuffer.allocate(1), 0, null, 0));
    assertEquals(1, copy.snapshot().encodedBy(raw(), 0, false).remaining());
  }

  @Test
  public void arrayOfAnOwnTypeIsCopiedWholeBecauseOnlyItsWriterKnowsTheSamples() {
    assertSame(OWN, raw(), new int[] {1, 2, 3}, 2);
  }

  @Test
  public void ownKindOfSampleIsEncodedByItsWriterAndGoodForThatOneAlone() {
    SampleCopy copy = new SampleCopy(SampleShape.of(OWN));
    Own own = new Own();
    own.value = 5;
    assertFalse("without a writer", copy.take(own, 0, null, 0));
    assertTrue(copy.isEmpty());
    assertTrue(copy.take(own, 0, raw(), 42));
    own.value = 6;
    assertEquals(5, copy.snapshot().encodedBy(raw(), 42, false).get());
    assertThrows(IllegalArgumentException.class, () -> copy.snapshot().encodedBy(raw(), 43, false));
  }

  @Test
  public void numberOfATypeWithoutNumbersIsRefused() {
    SampleCopy copy = new SampleCopy(SampleShape.of(OWN));
    copy.takeNumber(false, 5);
    assertThrows(IllegalArgumentException.class, () -> copy.encodedBy(raw(), 0, false));
  }
}
