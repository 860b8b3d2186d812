/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.remote.client.RemoteStreams;
import org.daqstream.stream.remote.internal.RawModule;
import org.daqstream.stream.remote.internal.RemoteBench;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Assert;
import org.junit.Test;

/** Peers that are no proper modules, beside one that is. */
public class HostileModuleTest {
  private static final String OPEN_OUT = "0c000000 02 01000000 01 00 0300 6f7574";
  private static final String OPEN_IN = "0b000000 02 02000000 00 00 0200 696e";

  private final Bench bench = new Bench();
  private final FakeTransport transport = bench.transport;
  private final RemoteBench remote = new RemoteBench(bench.register);

  @After
  public void close() {
    remote.close();
    bench.register.close();
    assertEquals("every stream was closed", transport.opened.get(), transport.closed.get());
  }

  private RawModule raw() throws IOException {
    return new RawModule(remote.socket);
  }

  private RawModule camera() throws IOException {
    RawModule raw = raw().send(RawModule.HELLO);
    assertEquals("1c00000081", raw.frame().substring(0, 10));
    assertEquals("8b", raw.frame().substring(8, 10));
    return raw;
  }

  @Test
  public void whatBreaksTheRulesIsRefusedAndSaidWhy() throws Exception {
    Map<String, String> faults = new TreeMap<>();
    faults.put("02000000 7f 00", "the first frame is no HELLO");
    faults.put("00000000", "a frame of 0 bytes");
    faults.put("ffffffff", "a frame of 4294967295 bytes");
    faults.put("05000000 01 44515353", "the first frame is no HELLO");
    faults.put("05000000 01 44515352", "a frame is too short");
    for (Map.Entry<String, String> fault : faults.entrySet()) {
      try (RawModule raw = raw().send(fault.getKey())) {
        assertEquals("4 " + fault.getValue(), raw.refusal());
      }
    }
    try (RawModule raw = raw().send(RawModule.HELLO.replaceFirst("0100", "0200"))) {
      assertEquals("12 version 2; this runtime has 1", raw.refusal());
    }
  }

  @Test
  public void whatAModuleMustNotDoEndsItsConnection() throws Exception {
    Map<String, String> faults = new TreeMap<>();
    faults.put("02000000 7f 00", "a frame of type 127");
    faults.put(RawModule.HELLO, "a frame of type 1");
    faults.put("0a000000 03 01000000 68656c6c6f", "WRITE to what is no open output");
    faults.put("09000000 04 01000000 88130000", "CLOSE of what is not open");
    faults.put("0d000000 05 01000000 0000000000000000", "CREDIT for more than was sent");
    faults.put("0d000000 05 00000000 ffffffffffffffff", "a number is too large");
    faults.put("0c000000 02 01000000 02 00 0300 6f7574", "no proper OPEN");
    faults.put("0c000000 02 00000000 01 00 0300 6f7574", "no proper OPEN");
    faults.put("0c000000 02 01000000 01 00 0300 ff7574", "a text is not UTF-8");
    faults.put("0a000000 06 0100000000000000 00", "a frame is too long");
    for (Map.Entry<String, String> fault : faults.entrySet()) {
      try (RawModule raw = camera().send(fault.getKey())) {
        assertEquals("4 " + fault.getValue(), raw.refusal());
      }
      awaitFree();
    }
    assertEquals(faults.size(), remote.refused());
  }

  private void awaitFree() throws InterruptedException {
    Await.until("the instance is free", () -> remote.modules().isEmpty());
  }

  @Test
  public void moreThanTheWindowIsRefused() throws Exception {
    try (RawModule raw = camera().send(OPEN_OUT)) {
      assertEquals("83", raw.frame().substring(8, 10));
      byte[] message = new byte[5 + 4 + 4 + 700_000];
      ByteBuffer.wrap(message)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(700_005)
          .put((byte) 3)
          .putInt(1);
      String frame = HexFormat.of().formatHex(message, 0, 4 + 700_005);
      raw.send(frame); // taken by the queue, of a megabyte
      raw.send(frame); // held
      raw.send(frame); // beyond the window
      assertEquals("4 WRITE beyond the window", raw.refusal());
    }
    awaitFree();
  }

  @Test
  public void aSecondModuleOfAnInstanceIsTurnedAwayAndTheFirstGoesOn() throws Exception {
    StreamClient first = remote.connect("camera");
    int out = first.openOutput("out");
    StreamException e =
        Assert.assertThrows(
            StreamException.class,
            () -> RemoteStreams.at(remote.socket).patience(5000).connect("camera"));
    assertEquals(StreamResult.EXIST, e.result());
    assertTrue(e.getMessage(), e.getMessage().contains("instance 'camera' has a connection"));
    assertEquals(StreamResult.OK, first.write(out, new byte[3]));
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 1, 3), first.close(out, 0));
  }

  @Test
  public void nobodyThereIsSaidInTime() {
    RemoteStreams nowhere = RemoteStreams.at(remote.folder.resolve("none"));
    for (long patienceMs : new long[] {0, 100}) {
      StreamException e =
          Assert.assertThrows(
              StreamException.class, () -> nowhere.patience(patienceMs).connect("camera"));
      assertEquals(StreamResult.TIMEDOUT, e.result());
      assertTrue(e.getMessage(), e.getMessage().contains("nobody listens there"));
    }
  }

  @Test
  public void theEndOfAModuleClosesItsStreamsWithinTheDeadline() throws Exception {
    RawModule raw = camera().send(OPEN_OUT).send(OPEN_IN);
    Await.until("open", () -> transport.opened.get() == 2);
    raw.close();
    Await.until("closed", () -> transport.closed.get() == 2);
    assertTrue(transport.lastOutput().closeTimeoutMs > 4000);
    awaitFree();
  }

  /** Each of them does it again and again while a proper module sends and gets. */
  @Test
  public void aHealthyModuleLosesNothingBesideHostileOnes() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (Hostility hostility : hostilities()) {
      Thread thread = new Thread(() -> repeat(hostility, stop, rounds), "test-hostile");
      thread.start();
      threads.add(thread);
    }
    StreamClient healthy = remote.connect("collector");
    AtomicInteger next = new AtomicInteger();
    healthy.openInput("in", (peer, data) -> next.compareAndSet(data.getInt(), data.getInt(0) + 1));
    FakeTransport.Input input =
        transport.inputs.stream().filter(each -> !each.isClosed).findFirst().orElseThrow();
    int count = 0;
    while (count < 20_000 || rounds.get() < 40) {
      input.receive(1, ByteBuffer.allocate(4).putInt(count).array());
      count++;
      if (count % 100 == 0) {
        for (int i = 0; i < 100; i++) {
          assertEquals(StreamResult.OK, healthy.processEvent(10_000));
        }
      }
    }
    stop.set(true);
    while (next.get() < count) {
      assertEquals(StreamResult.OK, healthy.processEvent(10_000));
    }
    for (Thread thread : threads) {
      thread.join(20_000);
    }
    assertEquals(StreamResult.OK, healthy.close(healthy.streams().get(0).handle()).result());
  }

  private interface Hostility {
    void round() throws IOException;
  }

  private List<Hostility> hostilities() {
    Random random = new Random(7);
    return List.of(
        () -> { // half a frame, and away
          try (RawModule raw = raw()) {
            raw.send("29000000 01 445153");
          }
        },
        () -> { // rubbish
          byte[] rubbish = new byte[5000];
          random.nextBytes(rubbish);
          try (RawModule raw = raw()) {
            raw.trySend(rubbish);
            raw.refusal();
          }
        },
        () -> { // a length of 64 MiB, and a little of it
          try (RawModule raw = raw().send(RawModule.HELLO)) {
            raw.frame();
            raw.send("00000004 03 01000000 00");
            raw.trySend(new byte[100_000]);
          }
        },
        () -> { // floods and reads nothing
          try (RawModule raw = raw().send(RawModule.HELLO)) {
            byte[] pongs =
                HexFormat.of()
                    .parseHex("090000000601000000000000000".substring(0, 26).repeat(5000));
            for (int i = 0; i < 50; i++) {
              if (raw.trySend(pongs) < pongs.length) {
                break;
              }
            }
          }
        });
  }

  private static void repeat(Hostility hostility, AtomicBoolean stop, AtomicInteger rounds) {
    while (!stop.get()) {
      try {
        hostility.round();
      } catch (IOException e) { // the runtime ends it sooner than the peer
        assertTrue(
            e.toString(), e.getMessage() == null || !e.getMessage().contains("nothing came"));
      }
      rounds.incrementAndGet();
    }
  }

  @Test
  public void aPeerThatNeverReadsKeepsItsOwnInputsOnly() throws Exception {
    try (RawModule raw = raw().send(RawModule.HELLO.replace("00001000", "00000040"))) {
      raw.send(OPEN_IN.replace("02000000 00", "01000000 00"));
      Await.until("open", () -> transport.opened.get() == 1);
      FakeTransport.Input input = transport.lastInput();
      int sent = 0;
      while (input.receive(1, new byte[10_000]) && sent < 10_000) {
        sent++;
      }
      assertTrue("the queue, the outbox and the socket hold so many: " + sent, sent < 2000);
      StreamClient healthy = remote.connect("collector");
      AtomicInteger got = new AtomicInteger();
      healthy.openInput("in", (peer, data) -> got.incrementAndGet());
      transport.lastInput().receive("x");
      assertEquals(StreamResult.OK, healthy.processEvent(10_000));
    }
    awaitOnly("collector");
  }

  private void awaitOnly(String instance) throws InterruptedException {
    Await.until(
        "the other is gone",
        () -> remote.modules().size() == 1 && remote.modules().get(0).instance().equals(instance));
  }

  @Test
  public void namesOfOthersTongues() throws Exception {
    byte[] name = "Prüfstand ☃".getBytes(StandardCharsets.UTF_8);
    StreamClient client = remote.connect(new String(name, StandardCharsets.UTF_8));
    StreamException e = Assert.assertThrows(StreamException.class, () -> client.openOutput("in"));
    assertEquals(StreamResult.ERROR, e.result());
    assertTrue(e.getMessage(), e.getMessage().contains("Prüfstand ☃"));
  }
}
