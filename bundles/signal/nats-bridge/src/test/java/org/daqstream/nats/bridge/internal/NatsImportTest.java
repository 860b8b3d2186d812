/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.nats.bridge.internal.ImportStatus.SignalStatus;
import org.daqstream.nats.bridge.internal.ImportStatus.State;
import org.daqstream.nats.bridge.internal.TakingSink.Sample;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Test;

public final class NatsImportTest {
  private static final long MS = 1_000_000;
  private static final SignalDescriptor DOMAIN = SignalDescriptor.linearTime("t", MS);
  private static final SignalDescriptor VALUE =
      SignalDescriptor.value("v", DataTypes.UINT8).build();

  private final FakeNats nats = new FakeNats();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final ImportRuntime runtime = new ImportRuntime(wanted::contains);

  @After
  public void close() {
    runtime.close();
  }

  private static SignalAnnouncement announced(
      int number, SignalDescriptor domain, SignalDescriptor value, int sampleBytes) {
    return announced("p", 1, number, domain, value, sampleBytes);
  }

  private static SignalAnnouncement announced(
      String publisher,
      long epoch,
      int number,
      SignalDescriptor domain,
      SignalDescriptor value,
      int sampleBytes) {
    return new SignalAnnouncement(
        publisher,
        epoch,
        number,
        List.of("there"),
        domain,
        value,
        sampleBytes,
        Map.of("dataType", value.dataType()));
  }

  /** A message of one block, each sample of which is the low byte of its row. */
  private static byte[] message(long epoch, int number, long row, int count) {
    byte[] samples = new byte[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (byte) (row + i);
    }
    return message(epoch, number, 0, row, row * MS, count, samples);
  }

  private static byte[] message(
      long epoch, int number, long anchor, long row, long tick, int count, byte[] samples) {
    byte[] message =
        new byte[BlockMessage.HEAD_BYTES + BlockMessage.BLOCK_HEAD_BYTES + samples.length];
    ByteBuffer target = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    BlockMessage.putHead(target, 0, number, epoch, anchor);
    BlockMessage.putBlockHead(target, row, tick, 0, count, samples.length);
    target.put(samples);
    return message;
  }

  private void want(String signalId) {
    wanted.add(signalId);
    runtime.sink.demandChanged();
    Await.until(
        signalId + " is subscribed", () -> nats.isHeard("test.data." + Subjects.key(signalId)));
  }

  private void start() {
    start(announced(1, DOMAIN, VALUE, 1));
  }

  private NatsImport start(SignalAnnouncement announced) {
    return start(announced, ImportRuntime.settings(500));
  }

  /** With little patience for publishers. */
  private NatsImport startImpatiently() {
    return start(
        announced(1, DOMAIN, VALUE, 1),
        ImportRuntime.settings("nats://127.0.0.1:1", 500, 0, "", List.of("**"), 1_000, 500));
  }

  private NatsImport start(SignalAnnouncement announced, ImportSettings settings) {
    NatsImport made = runtime.start(settings, nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.put(announced);
    nats.alive("p");
    runtime.awaitSignal(announced.value().signalId());
    return made;
  }

  private static SignalStatus status(NatsImport made) {
    return made.status().signals().get(0);
  }

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

  private static byte[] bytes(ByteBuffer sample) {
    byte[] bytes = new byte[sample.remaining()];
    sample.duplicate().get(bytes);
    return bytes;
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
  public void aDescriptionComesInFrontOfItsFirstBlock() {
    start();
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    SignalDescriptor volts = VALUE.toBuilder().postScaling(1, 2).build();
    SignalDescriptor faster = SignalDescriptor.linearTime("t", MS / 2);
    nats.put(announced(2, faster, volts, 1));
    nats.send("test.data.v", message(1, 1, 2, 2)); // was on its way
    nats.send("test.data.v", message(1, 3, 0, 4, 4 * MS, 2, new byte[2])); // comes too early
    List<Sample> taken = runtime.sink.samples("v");
    assertEquals(4, taken.size());
    assertEquals(VALUE, taken.get(3).value());
    assertEquals(3 * MS, taken.get(3).tick());
    nats.put(announced(3, faster, volts.toBuilder().name("third").build(), 1));
    taken = runtime.sink.samples("v");
    assertEquals(6, taken.size());
    assertEquals("third", taken.get(4).value().name());
    assertEquals(4 * MS + MS / 2, taken.get(5).tick());
    assertEquals(faster, runtime.sink.domain("v"));
  }

  @Test
  public void siblingsKeepTheirTicksWhenARateChanges() {
    start();
    SignalDescriptor other = SignalDescriptor.value("w", DataTypes.UINT8).build();
    nats.put(announced(1, DOMAIN, other, 1));
    runtime.awaitSignal("w");
    want("v");
    want("w");
    nats.send("test.data.w", message(1, 1, 0, 2));
    SignalDescriptor faster = SignalDescriptor.linearTime("t", MS / 2);
    nats.put(announced(2, faster, VALUE, 1));
    nats.put(announced(2, faster, other, 1));
    nats.send("test.data.v", message(1, 2, 0, 4, 4 * MS, 2, new byte[2]));
    nats.send("test.data.w", message(1, 1, 2, 2));
    assertEquals(
        List.of(0L, MS, 2 * MS, 3 * MS),
        runtime.sink.samples("w").stream().map(Sample::tick).toList());
    assertEquals(4 * MS + MS / 2, runtime.sink.samples("v").get(1).tick());
  }

  @Test
  public void whatHasBeenHereDoesNotComeBack() {
    start();
    nats.put(
        new SignalAnnouncement(
            "p",
            1,
            1,
            List.of("there", "here"),
            SignalDescriptor.linearTime("t2", MS),
            SignalDescriptor.value("mine", DataTypes.UINT8).build(),
            1,
            Map.of()));
    nats.alive("p");
    assertNull(runtime.sink.value("mine"));
    assertTrue(runtime.paths.isImported("v"));
    assertEquals(List.of("here", "there"), runtime.paths.onward("v"));
    nats.remove("v");
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
    assertFalse(runtime.paths.isImported("v"));
    assertEquals(List.of(), runtime.catalogue.signals());
  }

  @Test
  public void signalsStayWhileTheServerDoesNotAnswer() {
    LogLines.clear();
    nats.isSilent = true;
    NatsImport made = startImpatiently();
    Await.until("several looks", () -> nats.unanswered.get() >= 2);
    assertEquals(List.of(), LogLines.with("publisher p is silent"));
    nats.isSilent = false;
    Await.until("withdrawn", () -> status(made).state() == State.SILENT);
  }

  @Test
  public void signalsOfASilentPublisherAreWithdrawnAndComeBack() {
    LogLines.clear();
    NatsImport made = startImpatiently();
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
    assertEquals(State.SILENT, status(made).state());
    assertEquals(1, LogLines.with("publisher p is silent, its 1 signals").size());
    nats.alive("p");
    runtime.awaitSignal("v");
    assertEquals(State.UNWANTED, status(made).state());
  }

  @Test
  public void silenceWhileNobodyCanBeHeardCountsForNothing() {
    NatsImport made = startImpatiently();
    nats.cut();
    made.disconnected("cut by the test");
    long startNanos = System.nanoTime();
    Await.until("longer than the time-out", () -> Await.sinceMs(startNanos) > 1_500);
    assertEquals(VALUE, runtime.sink.value("v"));
    made.connected(nats.wire());
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    assertEquals(VALUE, runtime.sink.value("v"));
  }

  @Test
  public void onlyWhatIsWantedIsSubscribed() {
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    assertFalse(nats.isHeard("test.data.v"));
    want("v");
    Await.until(
        "the want is told",
        () -> nats.wants.stream().anyMatch(each -> each.keys().equals(List.of("v"))));
    nats.send("test.data.v", message(1, 1, 3, 2));
    assertEquals(State.LIVE, status(made).state());
    assertEquals(2, status(made).samples());
    wanted.clear();
    runtime.sink.demandChanged();
    Await.until("it is left", () -> !nats.isHeard("test.data.v"));
    Await.until("that is told", () -> nats.wants.get(nats.wants.size() - 1).keys().isEmpty());
    want("v");
    nats.send("test.data.v", message(1, 1, 50, 1));
    assertEquals(List.of(3L, 4L, 50L), runtime.sink.rows("v"));
    assertEquals(0, made.status().holes());
  }

  @Test
  public void whatIsLostIsTold() {
    LogLines.clear();
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 5, 2));
    nats.send("test.data.v", message(1, 1, 6, 2));
    assertEquals(List.of(0L, 1L, 5L, 6L, 7L), runtime.sink.rows("v"));
    Hole hole = made.status().lastHoles().get(0);
    assertEquals(2, hole.fromRow());
    assertEquals(5, hole.toRow());
    assertEquals("1970-01-01T00:00:00.005000000Z", hole.time());
    assertEquals(3, status(made).holeRows());
    assertEquals(
        List.of(
            "WARN test: signal v: rows 2 to 4, before 1970-01-01T00:00:00.005000000Z:"
                + " lost on the way"),
        LogLines.with("rows"));
  }

  @Test
  public void whatTheStreamHasIsFilledInOrder() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    for (long row = 0; row < 100; row += 2) {
      byte[] message = message(1, 1, row, 2);
      nats.keep("test.data.v", message);
      if (row < 20 || row > 70) {
        nats.send("test.data.v", message);
      }
    }
    Await.until("all is there", () -> runtime.sink.rows("v").size() == 100);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, (long) runtime.sink.rows("v").get(i));
      assertEquals((byte) i, runtime.sink.samples("v").get(i).bytes().get(0));
    }
    assertEquals(0, made.status().holes());
    assertEquals(52, status(made).filledRows());
    Await.until("nothing waits", () -> made.status().heldBytes() == 0);
  }

  @Test
  public void whatWasMissedBeforeAReconnectComesThoughNothingFollows() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    for (long row = 0; row < 10; row++) {
      if (row == 5) {
        nats.cut();
        made.disconnected("cut by the test");
      }
      byte[] message = message(1, 1, row, 1);
      nats.keep("test.data.v", message);
      nats.send("test.data.v", message);
    }
    assertEquals(5, runtime.sink.rows("v").size());
    made.connected(nats.wire());
    Await.until("all is there", () -> runtime.sink.rows("v").size() == 10);
    assertEquals(5, status(made).filledRows());
    Await.until("it is live again", () -> status(made).state() == State.LIVE);
  }

  @Test
  public void whatTheStreamDoesNotHaveIsToldWhenPatienceEnds() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 5, 2));
    assertEquals(State.FILLING, status(made).state());
    Await.until("it goes on", () -> runtime.sink.rows("v").size() == 4);
    assertEquals(SignalRows.NOT_KEPT, made.status().lastHoles().get(0).why());
    assertEquals(State.LIVE, status(made).state());
  }

  @Test
  public void aNewLifeOfATableFollowsTheOneBefore() {
    start();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("p", 2, 1, DOMAIN, VALUE, 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 102, 2)); // too late
    nats.send("test.data.v", message(2, 1, 2, 1));
    assertEquals(List.of(100L, 101L, 102L, 103L, 104L), runtime.sink.rows("v"));
  }

  @Test
  public void aPublisherThatTakesThePlaceOfOneThatIsGoneGoesOn() {
    startImpatiently();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("q", 2, 1, DOMAIN, VALUE, 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    assertEquals(2, runtime.sink.rows("v").size());
    Await.until(
        "it goes on",
        () -> {
          nats.alive("q");
          return runtime.sink.rows("v").size() == 4;
        });
    assertEquals(List.of(100L, 101L, 102L, 103L), runtime.sink.rows("v"));
  }

  @Test
  public void ofTwoPublishersOfAnIdTheFirstIsTakenUntilItIsGone() {
    LogLines.clear();
    startImpatiently();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("q", 2, 1, DOMAIN, VALUE.toBuilder().name("of q").build(), 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    Await.until(
        "it is told",
        () -> {
          nats.alive("p");
          nats.alive("q");
          return !LogLines.with("publisher q has one with its id, too").isEmpty();
        });
    nats.send("test.data.v", message(2, 1, 2, 2));
    nats.send("test.data.v", message(1, 1, 102, 2));
    assertEquals(List.of(100L, 101L, 102L, 103L), runtime.sink.rows("v"));
    assertEquals("v", runtime.sink.value("v").name());
    nats.remove("v"); // by the first
    nats.send("test.data.v", message(2, 1, 4, 1));
    assertEquals(List.of(100L, 101L, 102L, 103L, 108L), runtime.sink.rows("v"));
    assertEquals("of q", runtime.sink.value("v").name());
  }

  @Test
  public void aDomainOfAnotherPublisherIsLeftToItsOwner() {
    LogLines.clear();
    startImpatiently();
    SignalDescriptor other = SignalDescriptor.value("w", DataTypes.UINT8).build();
    nats.put(announced("q", 7, 1, DOMAIN, other, 1));
    nats.alive("q");
    Await.until("it is told", () -> !LogLines.with("of another publisher").isEmpty());
    assertNull(runtime.sink.value("w"));
    Await.until(
        "the first one is silent",
        () -> {
          nats.alive("q");
          return runtime.sink.value("w") != null;
        });
  }

  @Test
  public void anIdThatIsTakenIsTriedAgain() {
    LogLines.clear();
    SignalPort mine =
        runtime
            .registry()
            .open(
                SignalDescriptor.linearTime("mine/t", MS),
                SignalDescriptor.value("v", DataTypes.UINT8).name("mine").build());
    NatsImport made = runtime.start(ImportRuntime.settings(500), nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.put(announced(1, DOMAIN, VALUE, 1));
    nats.alive("p");
    Await.until("it is told", () -> !LogLines.with("v is taken").isEmpty());
    assertEquals(State.REFUSED, status(made).state());
    mine.close();
    Await.until(
        "it is there",
        () -> {
          nats.alive("p");
          return VALUE.equals(runtime.sink.value("v"));
        });
    assertEquals(1, LogLines.with("v is taken").size());
  }

  @Test
  public void twoImportsOfOneIdDoNotDisturbEachOther() {
    LogLines.clear();
    start();
    FakeNats another = new FakeNats();
    NatsImport second = runtime.start(ImportRuntime.settings(500), another);
    Await.until("it hears", () -> another.isHeard("test.alive"));
    another.put(announced(1, DOMAIN, VALUE, 1));
    another.alive("p");
    Await.until("it is told", () -> !LogLines.with("another import has").isEmpty());
    assertTrue(runtime.paths.isImported("v"));
    another.remove("v");
    assertEquals(List.of(), second.status().signals());
    assertTrue(runtime.paths.isImported("v"));
    assertEquals(VALUE, runtime.sink.value("v"));
  }

  @Test
  public void idsHaveThePrefixAndTheLimitHolds() {
    LogLines.clear();
    ImportSettings settings =
        ImportRuntime.settings("nats://127.0.0.1:1", 0, 0, "hall/", List.of("v*"), 2, 60_000);
    runtime.start(settings, nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.alive("p");
    for (String id : List.of("x", "v1", "v2", "v3")) {
      nats.put(announced(1, DOMAIN, SignalDescriptor.value(id, DataTypes.UINT8).build(), 1));
    }
    runtime.awaitSignal("hall/v2");
    assertEquals("v1", runtime.sink.value("hall/v1").name());
    assertEquals("hall/t", runtime.sink.domain("hall/v1").signalId());
    assertNull(runtime.sink.value("hall/x"));
    assertNull(runtime.sink.value("hall/v3"));
    assertEquals(1, LogLines.with("maxSignals = 2").size());
    nats.remove("v1");
    runtime.awaitSignal("hall/v3");
  }

  @Test
  public void badDescriptionsAndMessagesAreToldAndLeftOut() {
    LogLines.clear();
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    nats.put("a=.b", new byte[] {1});
    nats.put("w", announced(1, DOMAIN, VALUE, 1).bytes());
    nats.put("z", "{}".getBytes(UTF_8));
    assertEquals(3, LogLines.with("is left out").size());
    want("v");
    nats.send("test.data.v", new byte[] {1, 2});
    assertEquals(1, made.status().badMessages());
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 0, 1_000_000, 0, 2, new byte[3]));
    nats.send("test.data.v", message(1, 1, 0, 1_000_000, 0, 3, new byte[2]));
    assertEquals(3, made.status().badMessages());
    nats.send("test.data.v", message(1, 1, 4, 2));
    assertEquals(List.of(0L, 1L, 4L, 5L), runtime.sink.rows("v"));
    assertEquals(1, made.status().holes());
    assertEquals(2, made.status().holeRows());
    nats.send("test.data.v", message(99, 1, 0, 1)); // of nobody
    nats.send("test.data.v", message(1, 1, 6, 1));
    assertEquals(List.of(0L, 1L, 4L, 5L, 6L), runtime.sink.rows("v"));
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

  @Test
  public void howFarItIsBehindIsKnown() {
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    assertEquals(-1, status(made).ageMs());
    assertEquals(SignalStatus.NOT_A_TIME, status(made).behindMs());
    want("v");
    long tick = (System.currentTimeMillis() - 5_000) * MS;
    nats.send("test.data.v", message(1, 1, 0, 0, tick, 1, new byte[1]));
    long behindMs = status(made).behindMs();
    assertTrue("behind: " + behindMs, behindMs >= 4_990 && behindMs < 60_000);
    assertTrue(status(made).ageMs() >= 0);
    assertEquals(List.of("there"), status(made).path());
  }
}
