/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.daqstream.nats.bridge.internal.TakingSink.Sample;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Samples of all types come as they were made, also of those that nobody here knows. */
public final class ImportedTypesTest extends ImportTestBase {
  @Test
  public void allTypesComeAsTheyWereMade() {
    NatsImport made = runtime.start(ImportRuntime.settings(500), nats);
    AllTypes types = new AllTypes(5);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.alive("p");
    for (SignalDescriptor each : AllTypes.signals()) {
      int bytes = sampleBytes(each);
      SignalDescriptor there =
          each.toBuilder().replayLast(true).description("of " + each.signalId()).build();
      nats.put(announced(1, AllTypes.DOMAIN, there, bytes));
      runtime.awaitSignal(each.signalId());
      assertEquals(there, runtime.sink.value(each.signalId()));
      assertEquals(AllTypes.DOMAIN, runtime.sink.domain(each.signalId()));
      want(each.signalId());
      List<ByteBuffer> sent = new ArrayList<>();
      for (long row = 100; row < 110; row++) {
        ByteBuffer sample = types.sample(each, bytes);
        sent.add(sample);
        nats.send(
            "test.data." + Subjects.key(each.signalId()),
            message(1, 1, 0, row, row * MS, 1, bytes(sample)));
      }
      List<Sample> taken = runtime.sink.samples(each.signalId());
      assertEquals(each.signalId(), sent, taken.stream().map(Sample::bytes).toList());
      assertEquals(100, taken.get(0).row());
      assertEquals(109 * MS, taken.get(9).tick());
    }
    assertEquals(0, made.status().holes());
  }

  private static int sampleBytes(SignalDescriptor signal) {
    ElementType type =
        ElementType.of(
            signal.dataType().equals(DataTypes.BIT_FIELD)
                ? signal.bitFieldType()
                : signal.dataType());
    return switch (signal.signalId()) {
      case "vector" -> 20;
      case "matrix" -> 12;
      case "struct" -> 1 + 24 + 2 * 10;
      case "bytes", "text" -> 0;
      default -> type.bytes();
    };
  }

  @Test
  public void aTypeWithoutAWriterPassesUntilThereIsOne() {
    SignalDescriptor odd = SignalDescriptor.value("odd", "odd17").build();
    start(announced(1, DOMAIN, odd, 3));
    want("odd");
    nats.send("test.data.odd", message(1, 1, 0, 7, 7 * MS, 2, new byte[] {1, 2, 3, 4, 5, 6}));
    List<Sample> taken = runtime.sink.samples("odd");
    assertEquals(ByteBuffer.wrap(new byte[] {4, 5, 6}), taken.get(1).bytes());
    assertEquals(8 * MS, taken.get(1).tick());
    assertEquals(Map.of("dataType", "odd17"), runtime.sink.writer("odd").definition());
    SignalWriter real = new PassedWriter(3, Map.of("dataType", "odd17", "real", true));
    runtime.addFactory(descriptor -> real, List.of("odd17"));
    Await.until(
        "its own writer is used",
        () ->
            runtime.sink.value("odd") != null
                && runtime.sink.writer("odd").definition().containsKey("real"));
  }

  @Test
  public void whenItsWriterLeavesATypePasses() {
    SignalWriter real = new PassedWriter(2, Map.of("dataType", "other", "real", true));
    SignalWriterFactory writers = descriptor -> real;
    runtime.addFactory(writers, List.of("other"));
    start(announced(1, DOMAIN, SignalDescriptor.value("o", "other").build(), 2));
    runtime.removeFactory(writers);
    Await.until(
        "it passes",
        () ->
            runtime.sink.value("o") != null
                && !runtime.sink.writer("o").definition().containsKey("real"));
    want("o");
    nats.send("test.data.o", message(1, 1, 0, 0, 0, 1, new byte[] {1, 2}));
    assertEquals(1, runtime.sink.samples("o").size());
  }

  @Test
  public void whatAWriterRefusesPassesAndTheOthersAreItsOwn() {
    SignalWriter real = new PassedWriter(3, Map.of("dataType", "odd17", "real", true));
    SignalWriterFactory factory =
        descriptor -> {
          if (descriptor.name().equals("odd")) {
            throw new UnsupportedSignalException("too odd");
          }
          return real;
        };
    runtime.addFactory(factory, List.of("odd17"));
    start(announced(1, DOMAIN, SignalDescriptor.value("odd", "odd17").build(), 3));
    SignalDescriptor plain = SignalDescriptor.value("plain", "odd17").build();
    nats.put(announced(1, DOMAIN, plain, 3));
    runtime.awaitSignal("plain");
    assertTrue(runtime.sink.writer("plain").definition().containsKey("real"));
    want("odd");
    nats.send("test.data.odd", message(1, 1, 0, 7, 7 * MS, 2, new byte[] {1, 2, 3, 4, 5, 6}));
    assertEquals(ByteBuffer.wrap(new byte[] {4, 5, 6}), runtime.sink.samples("odd").get(1).bytes());
    assertEquals(Map.of("dataType", "odd17"), runtime.sink.writer("odd").definition());
    runtime.removeFactory(factory);
    Await.until("the other one passes, too", () -> isPassed("plain"));
    runtime.addFactory(descriptor -> real, List.of("odd17"));
    Await.until("a writer takes both", () -> isReal("odd") && isReal("plain"));
  }

  private boolean isPassed(String signalId) {
    return runtime.sink.value(signalId) != null && !isReal(signalId);
  }

  private boolean isReal(String signalId) {
    return runtime.sink.value(signalId) != null
        && runtime.sink.writer(signalId).definition().containsKey("real");
  }

  @Test
  public void aLocalSignalOfAPassedTypeIsRefused() throws Exception {
    start(announced(1, DOMAIN, SignalDescriptor.value("odd", "odd17").build(), 3));
    try (SignalPort mine =
        runtime
            .registry()
            .open(
                SignalDescriptor.linearTime("mine/t", MS),
                SignalDescriptor.value("mine", "odd17").build())) {
      assertFalse(mine.hasSubscriber());
      assertNull(runtime.sink.value("mine"));
    }
  }

  @Test
  public void linesOfValuesAreExactlyWhatTheyWere() {
    SignalDescriptor line =
        SignalDescriptor.value("l", DataTypes.REAL64).rule(new Rule.LinearValue(0.1)).build();
    start(announced(1, DOMAIN, line, 8));
    want("l");
    ByteBuffer samples = BlockMessage.allocate(80);
    for (int i = 0; i < 10; i++) {
      samples.putDouble(1.0 + 0.1 * i);
    }
    byte[] all = bytes(samples.flip());
    nats.send("test.data.l", message(1, 1, 0, 0, 0, 3, Arrays.copyOf(all, 24)));
    nats.send("test.data.l", message(1, 1, 0, 0, 0, 10, all)); // the first three are there
    List<Sample> taken = runtime.sink.samples("l");
    assertEquals(10, taken.size());
    for (int i = 0; i < 10; i++) {
      assertEquals(1.0 + 0.1 * i, taken.get(i).bytes().getDouble(0), 0);
      assertEquals(i * MS, taken.get(i).tick());
    }
  }
}
