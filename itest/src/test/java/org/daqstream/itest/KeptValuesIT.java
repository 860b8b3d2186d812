/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A value of every data type is written once; server and writers come later, or go and come back.
 * Whoever subscribes then gets each value with the time that it was written with, once.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KeptValuesIT {
  private static final long FIRST_NANOS = 1_700_000_000_000_000_000L;
  private static final long DELTA_NANOS = 1_000_000;
  private static final String SERVER = "org.daqstream.server";

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  private final Map<String, Written> written = new LinkedHashMap<>();
  private final List<SignalTable> tables = new ArrayList<>();

  /** What a client is to get. */
  private record Written(long nanos, ByteBuffer payload) {}

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void listenOnEphemeralPorts() throws Exception {
    configure(1 << 22);
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
  }

  @After
  public void withdraw() {
    tables.forEach(SignalTable::close);
  }

  private void configure(int ringBytes) throws Exception {
    configurationAdmin
        .getConfiguration(SERVER, "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(
                Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0, "ringBytes", ringBytes)));
  }

  @Test
  public void sourceFirstServerLater() throws Exception {
    Bundle server = LiveRuntime.bundle(context, SERVER);
    server.stop();
    writeAll();
    server.start();
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    expectAll();
  }

  @Test
  public void sourceFirstWritersLater() throws Exception {
    for (Bundle writer : writers()) {
      writer.stop();
    }
    writeAll();
    for (Bundle writer : writers()) {
      writer.start();
    }
    expectAll();
  }

  @Test
  public void keyOfTheServerIsChanged() throws Exception {
    writeAll();
    expectAll();
    String[] before = LiveRuntime.endpoints(context);
    configure(1 << 23);
    await(
        "the new server",
        () ->
            LiveRuntime.endpoints(context) != null
                && !Arrays.equals(before, LiveRuntime.endpoints(context)));
    expectAll();
  }

  @Test
  public void writersAreRestarted() throws Exception {
    writeAll();
    for (Bundle writer : writers()) {
      writer.stop();
    }
    for (Bundle writer : writers()) {
      writer.start();
    }
    expectAll();
  }

  private void writeAll() {
    SignalTable events = registry.openTable(SignalDescriptor.explicitTime("kept/events"));
    SignalTable line = registry.openTable(SignalDescriptor.linearTime("kept/time", DELTA_NANOS));
    tables.add(events);
    tables.add(line);
    for (ElementType type : ElementType.values()) {
      SignalDescriptor.Builder plain = value("kept/" + type.dataType(), type.dataType());
      write(events, plain, two(type), type.bytes());
      write(line, value("kept/line/" + type.dataType(), type.dataType()), two(type), type.bytes());
    }
    Dimension pair = new Dimension.Linear("x", 0, 1, 2, Unit.NONE);
    write(
        events,
        value("kept/vector", DataTypes.REAL32).dimensions(List.of(pair)),
        new float[] {1, 2, 3, 4},
        bytes(8).putFloat(3).putFloat(4));
    write(
        events,
        value("kept/bits", DataTypes.BIT_FIELD).bits(DataTypes.UINT16, List.of()),
        new short[] {1, 0x1234},
        bytes(2).putShort((short) 0x1234));
    write(
        line,
        value("kept/scaled", DataTypes.INT16).postScaling(1, 0.5),
        new short[] {1, 7},
        bytes(8).putDouble(4.5));
    write(
        line,
        SignalDescriptor.value("kept/constant", DataTypes.INT32).rule(Rule.CONSTANT),
        new int[] {1, 8},
        bytes(12).putLong(1).putInt(8));
    writeStructAndBytes(events);
  }

  private void writeStructAndBytes(SignalTable events) {
    List<StructMember> members =
        List.of(new StructMember("a", DataTypes.INT16), new StructMember("b", DataTypes.REAL64));
    StructBuffer block =
        StructBuffer.allocate(
            StructLayout.of(value("any", DataTypes.STRUCT).members(members).build()), 2);
    block.add();
    block.add().setLong(0, 5).setDouble(1, 2.5);
    write(
        events,
        value("kept/struct", DataTypes.STRUCT).members(members),
        block,
        bytes(10).putShort((short) 5).putDouble(2.5));
    block.clear(); // as a source may
    write(
        events,
        value("kept/bytes", DataTypes.BINARY),
        new byte[][] {{1, 2, 3}, {4, 5}},
        bytes(2).put((byte) 4).put((byte) 5));
    write(
        events,
        SignalDescriptor.text("kept/text").replayLast(true),
        new String[] {"one", "zwölf"},
        bytes(6).put("zwölf".getBytes(UTF_8)));
  }

  private static SignalDescriptor.Builder value(String signalId, String dataType) {
    return SignalDescriptor.value(signalId, dataType).replayLast(true);
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Two samples of a type, encoded; no two bytes of them are the same. */
  private static ByteBuffer two(ElementType type) {
    ByteBuffer samples = bytes(2 * type.bytes());
    for (int i = 0; i < samples.capacity(); i++) {
      samples.put(i, (byte) (i + 1));
    }
    return samples;
  }

  private void write(
      SignalTable table, SignalDescriptor.Builder builder, ByteBuffer two, int sampleBytes) {
    ByteBuffer expected = bytes(sampleBytes).put(two.slice(sampleBytes, sampleBytes));
    write(table, builder, two, expected);
  }

  /** Writes two samples, of which the second one is to be kept. */
  private void write(
      SignalTable table, SignalDescriptor.Builder builder, Object two, ByteBuffer expected) {
    SignalDescriptor descriptor = builder.build();
    long nanos = FIRST_NANOS + written.size() * DELTA_NANOS;
    SignalPort port = table.open(descriptor);
    if (table.domain().rule() instanceof Rule.Linear) {
      nanos = FIRST_NANOS + DELTA_NANOS;
      port.write(FIRST_NANOS, two, 0, 2);
    } else {
      port.write(new long[] {nanos - 5, nanos}, two, 0, 2);
    }
    written.put(descriptor.signalId(), new Written(nanos, expected.flip()));
  }

  private void expectAll() throws Exception {
    try (SignalClient client =
        new SignalClient(LiveRuntime.endpoints(context)[0], LiveRuntime.endpoints(context)[1])) {
      for (Map.Entry<String, Written> each : written.entrySet()) {
        expect(client, each.getKey(), each.getValue());
      }
    }
  }

  /** Subscribes, unsubscribes, and looks at all that came in between. */
  private static void expect(SignalClient client, String signalId, Written value) throws Exception {
    await(
        "subscription of " + signalId,
        () -> client.command("subscribe", signalId).equals("200 Succeeded"));
    assertEquals("200 Succeeded", client.command("unsubscribe", signalId));
    List<ByteBuffer> payloads = new ArrayList<>();
    int signo = client.await("subscribe", p -> isAbout(p, "subscribe", signalId)).signo();
    long valueIndex = client.await("signal").params().path("valueIndex").longValue();
    long nanos = 0;
    SignalClient.Packet packet;
    do {
      packet = client.await("packet", p -> true);
      if (packet.data() != null && packet.signo() == signo) {
        payloads.add(packet.data());
      } else if (packet.data() != null && packet.data().remaining() == 2 * Long.BYTES) {
        assertEquals("row of " + signalId, valueIndex, packet.data().getLong());
        nanos = packet.data().getLong();
      } else if (packet.data() != null) {
        nanos = packet.data().getLong();
      }
    } while (!isAbout(packet, "unsubscribe", signalId));
    assertEquals(signalId, List.of(value.payload()), payloads);
    assertEquals("time of " + signalId, value.nanos(), nanos);
  }

  private static boolean isAbout(SignalClient.Packet packet, String method, String signalId) {
    return packet.is(method) && packet.params().path("signalId").asText().equals(signalId);
  }

  private List<Bundle> writers() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getSymbolicName().startsWith("org.daqstream.writer."))
        .toList();
  }
}
