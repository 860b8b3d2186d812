/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** Property: what a server describes is what a client reads. */
public class RoundTripTest {
  private static final int DESCRIPTORS = 2000;
  private static final List<Unit> UNITS =
      List.of(
          Unit.NONE, Unit.VOLT, Unit.DEGREE_CELSIUS, new Unit(0, "furlong", "furlong", "length"));

  private final Random random = new Random(20);

  @Test
  public void valueDescriptorsSurvive() throws ProtocolException {
    for (int i = 0; i < DESCRIPTORS; i++) {
      SignalDescriptor descriptor = value();
      Map<String, Object> definition = new HashMap<>();
      definition.put("dataType", descriptor.dataType());
      if (descriptor.postScaling() != null) {
        definition.put(
            "postScaling",
            Map.of(
                "offset",
                descriptor.postScaling().offset(),
                "scale",
                descriptor.postScaling().scale()));
      }
      long valueIndex = random.nextLong() >>> 1 >>> random.nextInt(63);
      SignalDocument.Parsed parsed =
          transfer(
              descriptor.signalId(),
              SignalDocument.of(descriptor, definition, "/t", valueIndex, PeerProfile.FULL));
      assertEquals(descriptor, parsed.descriptor());
      assertEquals("/t", parsed.domainId());
      assertEquals("/t", parsed.tableId());
      assertEquals(OptionalLong.of(valueIndex), parsed.valueIndex());
    }
  }

  @Test
  public void domainDescriptorsSurvive() throws ProtocolException {
    for (int i = 0; i < DESCRIPTORS; i++) {
      SignalDescriptor.Builder builder =
          SignalDescriptor.value("/t", random.nextBoolean() ? DataTypes.INT64 : DataTypes.UINT64)
              .unit(Unit.SECOND)
              .resolution(
                  new Resolution(1 + random.nextInt(1000), 1 + (random.nextLong() >>> 1 >>> 1)))
              .origin(random.nextBoolean() ? "1970-01-01" : "2000-01-01T00:00:00Z");
      if (random.nextBoolean()) {
        builder.rule(new Rule.Linear(1 + (random.nextLong() >>> 2 >>> random.nextInt(60))));
      }
      SignalDescriptor descriptor = builder.build();
      SignalDocument.Parsed parsed =
          transfer("/t", SignalDocument.of(descriptor, Map.of(), "/t", 0, PeerProfile.LT));
      assertEquals(descriptor, parsed.descriptor());
      assertEquals("/t", parsed.domainId());
    }
  }

  private SignalDocument.Parsed transfer(String signalId, ObjectNode document)
      throws ProtocolException {
    byte[] packet = MetadataCodec.packet(5, new SignalMessage(document).toMetadata());
    ObjectNode received = SignalMessage.parse(Bytes.message(Bytes.hex(packet)).params()).document();
    return SignalDocument.parse(
        signalId,
        SignalDocument.merge(signalId, null, received, Limits.DEFAULT),
        id -> random.nextBoolean());
  }

  private SignalDescriptor value() {
    SignalDescriptor.Builder builder =
        SignalDescriptor.value("/dev/" + text(), DataTypes.REAL64)
            .name("n" + text())
            .description(text())
            .unit(UNITS.get(random.nextInt(UNITS.size())))
            .rule(random.nextBoolean() ? Rule.EXPLICIT : Rule.CONSTANT);
    if (random.nextBoolean()) {
      builder.range(-Math.abs(random.nextGaussian()), random.nextInt(100));
    }
    if (random.nextBoolean()) {
      builder.postScaling(random.nextGaussian(), 1 + random.nextInt(9));
    }
    if (random.nextBoolean()) {
      builder.metadata(Map.of("k" + text(), text(), "l", text()));
      builder.relatedSignals(List.of(new RelatedSignal("status", "/s" + text())));
    }
    switch (random.nextInt(4)) {
      case 0 -> builder.dimensions(dimensions());
      case 1 -> builder.dataType(DataTypes.STRUCT).members(members(2));
      case 2 ->
          builder
              .dataType(DataTypes.BIT_FIELD)
              .bits(DataTypes.UINT32, List.of(new Bit(random.nextInt(32), text(), text())));
      default -> builder.dataType(DataTypes.INT16);
    }
    return builder.build();
  }

  private List<Dimension> dimensions() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      int size = 1 + random.nextInt(5000);
      double start = random.nextBoolean() ? random.nextInt(10) : random.nextGaussian();
      double delta = random.nextBoolean() ? random.nextInt(10) : random.nextGaussian();
      Unit unit = UNITS.get(random.nextInt(UNITS.size()));
      dimensions.add(
          switch (random.nextInt(3)) {
            case 0 -> new Dimension.Linear(text(), start, delta, size, unit);
            case 1 -> new Dimension.Log(text(), start, delta, 10, size, unit);
            default -> new Dimension.Values(text(), List.of("a", 5, 0.5), unit);
          });
    }
    return dimensions;
  }

  private List<StructMember> members(int depth) {
    List<StructMember> members = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      boolean nested = depth > 0 && random.nextInt(3) == 0;
      members.add(
          new StructMember(
              "m" + i,
              nested ? DataTypes.STRUCT : DataTypes.UINT8,
              dimensions(),
              nested ? members(depth - 1) : List.of()));
    }
    return members;
  }

  private String text() {
    String letters = "aZ0/. _-µ°äλ漢\uD83D\uDE00\"\\";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.appendCodePoint(letters.codePointAt(random.nextInt(12)));
    }
    return text.toString();
  }
}
