/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.daqstream.protocol.ConstantPacket.Form;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.binary.internal.BinaryWriterFactory;
import org.daqstream.writer.bitfield.internal.BitFieldWriterFactory;
import org.daqstream.writer.complex.internal.ComplexWriterFactory;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;
import org.daqstream.writer.struct.internal.StructWriterFactory;
import org.junit.Test;

/**
 * Property (case 68): for every type, rule and dimension a client reads what a source wrote, and
 * what stock clients are told describes the same bytes.
 */
public class TypesRoundTripTest {
  private static final int ROUNDS = 4;
  private static final List<ElementType> TYPES = List.of(ElementType.values());
  private static final Set<String> STOCK_NUMBERS =
      Set.of(
          "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "real32",
          "real64");

  private final Random random = new Random(68);

  @Test
  public void numbersOfEveryTypeRuleAndDimension() throws Exception {
    for (ElementType type : ElementType.values()) {
      for (Rule rule : List.of(Rule.EXPLICIT, Rule.CONSTANT)) {
        for (List<Dimension> dimensions : dimensions()) {
          SignalDescriptor descriptor =
              SignalDescriptor.value("/v", type.dataType())
                  .rule(rule)
                  .dimensions(dimensions)
                  .build();
          for (int i = 0; i < ROUNDS; i++) {
            int count = 1 + random.nextInt(5);
            assertSurvives(descriptor, numbers(type, count * size(dimensions)), count);
          }
        }
      }
    }
  }

  @Test
  public void linearValuesOfEveryTypeAreReadAsSamples() throws Exception {
    for (ElementType type : ElementType.values()) {
      if (type.slots() == 1) {
        SignalDescriptor line =
            SignalDescriptor.value("/v", type.dataType()).rule(new Rule.LinearValue(2)).build();
        SignalDescriptor explicit = line.toBuilder().rule(Rule.EXPLICIT).build();
        int count = 1 + random.nextInt(5);
        Object samples = numbers(type, count);
        byte[] bytes = encode(writer(line), samples, count);
        for (PeerProfile profile : PeerProfile.values()) {
          SignalDescriptor told = received(line, profile);
          assertTrue(told.metadata().get("definition").contains("linear"));
          boolean ranged = profile == PeerProfile.LT && type == ElementType.UINT8; // section 3.4
          assertEquals(
              ranged ? explicit.toBuilder().range(0, 255).build() : explicit,
              told.toBuilder().metadata(Map.of()).build());
          assertSame(samples, SampleReader.of(told).readRaw(ByteBuffer.wrap(bytes)));
        }
      }
    }
  }

  @Test
  public void bitFieldsOfEveryWidthRuleAndDimension() throws Exception {
    for (String integer : List.of("uint8", "uint16", "uint32", "uint64")) {
      for (Rule rule : List.of(Rule.EXPLICIT, Rule.CONSTANT)) {
        for (List<Dimension> dimensions : dimensions()) {
          SignalDescriptor descriptor =
              SignalDescriptor.value("/v", DataTypes.BIT_FIELD)
                  .bits(integer, List.of(new Bit(0, "low", ""), new Bit(7, "high", "u")))
                  .rule(rule)
                  .dimensions(dimensions)
                  .build();
          int count = 1 + random.nextInt(5);
          ElementType type = ElementType.of(integer);
          assertSurvives(descriptor, numbers(type, count * size(dimensions)), count);
        }
      }
    }
  }

  @Test
  public void structsOfEveryRuleAndDimension() throws Exception {
    for (int i = 0; i < 30; i++) {
      List<StructMember> members = members(2);
      StructLayout layout = StructLayout.of(members);
      for (Rule rule : List.of(Rule.EXPLICIT, Rule.CONSTANT)) {
        for (List<Dimension> dimensions : dimensions()) {
          SignalDescriptor descriptor =
              SignalDescriptor.value("/v", DataTypes.STRUCT)
                  .members(members)
                  .rule(rule)
                  .dimensions(dimensions)
                  .build();
          int count = 1 + random.nextInt(3);
          assertSurvives(descriptor, records(layout, count * size(dimensions)), count);
        }
      }
    }
  }

  @Test
  public void binarySamples() throws Exception {
    SignalDescriptor descriptor = SignalDescriptor.text("/v").build();
    for (int i = 0; i < 100; i++) {
      byte[] sample = new byte[1 + random.nextInt(3000)];
      random.nextBytes(sample);
      assertSurvives(descriptor, sample, 1);
    }
    SampleReader reader = SampleReader.of(received(descriptor, PeerProfile.FULL));
    ByteBuffer payload = ByteBuffer.wrap(encode(writer(descriptor), "Grüße", 1));
    assertEquals("Grüße", new String((byte[]) reader.readRaw(payload), StandardCharsets.UTF_8));
  }

  private void assertSurvives(SignalDescriptor descriptor, Object samples, int count)
      throws Exception {
    SignalWriter writer = writer(descriptor);
    byte[] bytes = encode(writer, samples, count);
    SignalDescriptor received = received(descriptor, PeerProfile.FULL);
    assertEquals(descriptor, received);
    SampleReader reader = SampleReader.of(received);
    assertEquals(writer.sampleBytes(), reader.sampleBytes());
    assertEquals(count, reader.count(ByteBuffer.wrap(bytes)));
    assertSame(samples, reader.readRaw(ByteBuffer.wrap(bytes)));
    if (descriptor.rule() instanceof Rule.Constant) {
      assertConstantSurvives(bytes, reader);
    }
    for (PeerProfile profile : List.of(PeerProfile.LT, PeerProfile.WS_STREAMING)) {
      if (SignalDocument.refusal(descriptor, writer.definition(), profile).isEmpty()) {
        assertStockClientSees(bytes, received(descriptor, profile), profile, reader);
      }
    }
  }

  /** Case 72. */
  private static void assertConstantSurvives(byte[] bytes, SampleReader reader)
      throws ProtocolException {
    byte[] value = Arrays.copyOf(bytes, reader.sampleBytes());
    for (Form form : Form.values()) {
      ByteBuffer payload =
          ByteBuffer.allocate(Long.BYTES + value.length).order(ByteOrder.LITTLE_ENDIAN);
      if (form == Form.INDEXED) {
        payload.putLong(4711);
      }
      payload.put(value).flip();
      ConstantPacket.Entry entry = ConstantPacket.parse(payload, value.length, form, 4711).get(0);
      assertEquals(4711, entry.row());
      assertSame(reader.readRaw(ByteBuffer.wrap(value)), reader.readRaw(entry.value()));
    }
  }

  /** The sizes are right, and all types are among those the family knows. */
  private static void assertStockClientSees(
      byte[] bytes, SignalDescriptor told, PeerProfile profile, SampleReader whole)
      throws ProtocolException {
    SampleReader reader = SampleReader.of(told);
    assertEquals(whole.sampleBytes(), reader.sampleBytes());
    assertEquals(whole.count(ByteBuffer.wrap(bytes)), reader.count(ByteBuffer.wrap(bytes)));
    assertTrue(told.dimensions().isEmpty());
    if (told.dataType().equals(DataTypes.STRUCT)) {
      for (StructMember member : told.members()) {
        assertTrue(member.dataType(), STOCK_NUMBERS.contains(member.dataType()));
        assertTrue(member.members().isEmpty());
        for (Dimension dimension : member.dimensions()) {
          if (profile == PeerProfile.WS_STREAMING) {
            assertTrue(dimension instanceof Dimension.Linear);
          } else {
            assertEquals(
                new Dimension.Linear("Dimension", 1, 0, dimension.size(), Unit.NONE), dimension);
          }
        }
        assertTrue(member.dimensions().size() <= 1);
      }
    } else {
      assertTrue(
          told.dataType(),
          STOCK_NUMBERS.contains(told.dataType())
              || (profile == PeerProfile.LT && told.dataType().startsWith("complex")));
    }
  }

  private static void assertSame(Object expected, Object actual) {
    if (expected instanceof StructBuffer records) {
      StructBuffer other = (StructBuffer) actual;
      assertEquals(records.layout(), other.layout());
      assertEquals(records.size(), other.size());
      expected = Arrays.copyOf(records.bytes().array(), other.bytes().capacity());
      actual = new byte[other.bytes().capacity()];
      other.bytes().get(0, (byte[]) actual);
    }
    assertEquals(expected.getClass(), actual.getClass());
    assertArrayEquals(new Object[] {expected}, new Object[] {actual});
  }

  private static byte[] encode(SignalWriter writer, Object samples, int count) {
    ByteBuffer target =
        ByteBuffer.allocate(writer.encodedBytes(samples, 0, count)).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, 0, count, target);
    assertEquals(0, target.remaining());
    return target.array();
  }

  private static SignalWriter writer(SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    SignalWriterFactory factory =
        switch (descriptor.dataType()) {
          case DataTypes.COMPLEX32, DataTypes.COMPLEX64 -> new ComplexWriterFactory();
          case DataTypes.STRUCT -> new StructWriterFactory();
          case DataTypes.BIT_FIELD -> new BitFieldWriterFactory();
          case DataTypes.BINARY -> new BinaryWriterFactory();
          default -> new NumericWriterFactory();
        };
    return factory.create(descriptor);
  }

  /** What a client of a family understands of the document that it is sent. */
  private static SignalDescriptor received(SignalDescriptor descriptor, PeerProfile profile)
      throws ProtocolException, UnsupportedSignalException {
    ObjectNode document =
        SignalDocument.of(descriptor, writer(descriptor).definition(), "/t", 0, profile);
    byte[] packet = MetadataCodec.packet(5, new SignalMessage(document).toMetadata());
    ObjectNode params = SignalMessage.parse(Bytes.message(Bytes.hex(packet)).params()).document();
    return SignalDocument.parse("/v", params, "/t"::equals).descriptor();
  }

  private static List<List<Dimension>> dimensions() {
    Dimension linear = new Dimension.Linear("f", 0.5, 2, 4, Unit.HERTZ);
    Dimension log = new Dimension.Log("octave", 1, 0.25, 2, 3, Unit.NONE);
    Dimension list = new Dimension.Values("axis", List.of("x", 2, 0.25), Unit.NONE);
    return List.of(
        List.of(), List.of(linear), List.of(log), List.of(list), List.of(list, linear, log));
  }

  private static int size(List<Dimension> dimensions) {
    return dimensions.stream().mapToInt(Dimension::size).reduce(1, (a, b) -> a * b);
  }

  private Object numbers(ElementType type, int elements) {
    byte[] bytes = new byte[elements * type.bytes()];
    random.nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (random.nextBoolean()) { // among others NaN, infinities, least and greatest
      double[] extremes = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 1e300, -1e300
      };
      for (int at = 0; at < bytes.length; at += type.part().bytes()) {
        type.part().putDouble(buffer, at, extremes[random.nextInt(extremes.length)]);
      }
    }
    try {
      return SampleReader.of(SignalDescriptor.value("v", type.dataType()).build()).readRaw(buffer);
    } catch (ProtocolException e) {
      throw new AssertionError(e);
    }
  }

  private StructBuffer records(StructLayout layout, int count) {
    StructBuffer records = StructBuffer.allocate(layout, count);
    byte[] bytes = new byte[layout.recordBytes()];
    for (int i = 0; i < count; i++) {
      random.nextBytes(bytes);
      records.add();
      for (int field = 0; field < layout.fields().size(); field++) {
        StructLayout.Field at = layout.fields().get(field);
        records.setBytes(field, bytes, at.offsetBytes(), at.bytes());
      }
    }
    return records;
  }

  private List<StructMember> members(int depth) {
    List<StructMember> members = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      boolean nested = depth > 0 && random.nextInt(3) == 0;
      ElementType type = TYPES.get(random.nextInt(TYPES.size()));
      members.add(
          new StructMember(
              "m" + i,
              nested ? DataTypes.STRUCT : type.dataType(),
              dimensions().get(random.nextInt(nested ? 3 : 5)),
              nested ? members(depth - 1) : List.of()));
    }
    return members;
  }
}
