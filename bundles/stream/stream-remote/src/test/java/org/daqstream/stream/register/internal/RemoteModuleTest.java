/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.daqstream.stream.remote.client.RemoteStreams;
import org.daqstream.stream.remote.internal.RemoteBench;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** A module at a socket, when things change on the other side. */
public class RemoteModuleTest {
  private static final String CHANGED =
      Bench.MANIFEST.replace("\"port\": \"1\"", "\"port\": \"2\"");

  private final Bench bench = new Bench();
  private final FakeTransport transport = bench.transport;
  private final RemoteBench remote = new RemoteBench(bench.register);
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final StreamListener listener =
      new StreamListener() {
        @Override
        public void peerUp(long peerId, String address) {
          heard.add("up " + peerId + " " + address);
        }

        @Override
        public void peerDown(long peerId, String cause) {
          heard.add("down " + peerId);
        }

        @Override
        public void ended(String cause) {
          heard.add("ended " + cause);
        }
      };

  @After
  public void close() {
    remote.close();
    bench.register.close();
    assertEquals("every stream was closed", transport.opened.get(), transport.closed.get());
  }

  /** A client that opens again by itself, whose callbacks run as events come. */
  private StreamClient module() throws StreamException {
    StreamClient client = remote.keep(RemoteStreams.at(remote.socket).connect("camera"));
    client.dispatchOn(task -> new Thread(task, "test-callbacks").start());
    return client;
  }

  private static String drained(FakeTransport.Output output, int chars) throws Exception {
    StringBuilder text = new StringBuilder();
    Await.until("all", () -> text.append(output.drain()).length() >= chars);
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  public void aChangedDefinitionEndsTheStreamAndItOpensAgain() throws Exception {
    StreamClient client = module();
    int out = client.openOutput("out", listener);
    bench.register.deploy("test", CHANGED);
    Await.until("ended", () -> heard.contains("ended " + Register.DEFINITION_CHANGED));
    Await.until("open again", () -> client.info(out).orElseThrow().ended().isEmpty());
    assertEquals(2, transport.opened.get());
    assertEquals(StreamResult.OK, client.write(out, bytes("new")));
    assertEquals("new", drained(transport.lastOutput(), 3));
  }

  @Test
  public void aTransportThatLeavesAndComesOpensAgain() throws Exception {
    StreamClient client = module();
    int in = client.openInput("in", (peer, data) -> heard.add("data"), listener);
    bench.register.remove(transport);
    Await.until("ended", () -> heard.contains("ended " + Register.TRANSPORT_LEFT));
    assertFalse(client.info(in).orElseThrow().ended().isEmpty());
    bench.add(transport, "fake", 0, 7);
    Await.until("open again", () -> client.info(in).orElseThrow().ended().isEmpty());
    transport.lastInput().receive("x");
    Await.until("data", () -> heard.contains("data"));
  }

  @Test
  public void aRestartOfTheEndForModulesIsHeardAndGoesOn() throws Exception {
    StreamClient client = module();
    int in = client.openInput("in", (peer, data) -> heard.add("data of " + peer), listener);
    int out = client.openOutput("out");
    long peer = transport.lastInput().sink.peerUp("here");
    Await.until("up", () -> heard.contains("up " + peer + " here"));
    remote.stop();
    Await.until("ended", () -> heard.size() == 3);
    assertEquals("down " + peer, heard.get(1));
    assertTrue(heard.get(2), heard.get(2).startsWith("ended the runtime"));
    assertEquals(StreamResult.ERROR, client.write(out, bytes("lost")));
    assertEquals(2, transport.closed.get());
    remote.start();
    Await.until("open again", () -> transport.opened.get() == 4);
    Await.until("both", () -> client.streams().stream().allMatch(s -> s.ended().isEmpty()));
    long other = transport.lastInput().sink.peerUp("there");
    transport.lastInput().receive(other, bytes("x"));
    Await.until("data", () -> heard.size() == 5);
    assertTrue("no peer id comes twice", heard.get(4).startsWith("data of "));
    assertFalse(heard.get(4), heard.get(4).equals("data of " + peer));
    assertEquals(StreamResult.OK, client.write(out, bytes("again")));
    assertEquals("again", drained(transport.lastOutput(), 5));
    assertEquals(new CloseResult(StreamResult.OK, 0, 0), client.close(in));
  }

  @Test
  public void whoClosesAndOpensAnewMayDoSoToo() throws Exception { // as StreamListener says
    for (boolean reopen : new boolean[] {false, true}) {
      heard.clear();
      bench.register.deploy("test", Bench.MANIFEST);
      StreamClient client = RemoteStreams.at(remote.socket).reopen(reopen).connect("camera");
      int first = client.openOutput("out", listener);
      bench.register.deploy("test", CHANGED);
      assertEquals(StreamResult.OK, client.processEvent(10_000));
      assertEquals(List.of("ended " + Register.DEFINITION_CHANGED), heard);
      assertEquals(StreamResult.OK, client.close(first).result());
      assertEquals(StreamResult.INVAL, client.write(first, bytes("x")));
      int second = client.openOutput("out", listener);
      assertTrue(second > first);
      assertEquals(StreamResult.OK, client.write(second, bytes("y")));
      assertEquals("y", drained(transport.lastOutput(), 1));
      client.close();
      Await.until("the instance is free", () -> remote.modules().isEmpty());
    }
  }

  @Test
  public void withoutOpeningAgainAnEndedStreamStaysEnded() throws Exception {
    StreamClient client = remote.connect("camera");
    int out = client.openOutput("out", listener);
    bench.register.deploy("test", CHANGED);
    assertEquals(StreamResult.OK, client.processEvent(10_000));
    assertEquals(StreamResult.TIMEDOUT, client.processEvent(200));
    assertEquals(StreamResult.ERROR, client.write(out, bytes("x")));
    assertEquals(Register.DEFINITION_CHANGED, client.info(out).orElseThrow().ended());
    assertEquals(1, transport.opened.get());
  }

  @Test
  public void whatAFullQueueDoesNotTakeIsHeldAndComesInOrder() throws Exception {
    StreamClient client = remote.connect("camera");
    int out = client.openOutput("out");
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) { // of which the transport takes 1001
      assertEquals(StreamResult.OK, client.write(out, bytes(i + ",")));
      expected.append(i).append(',');
    }
    assertEquals(expected.toString(), drained(transport.lastOutput(), expected.length()));
    StreamInfo info = client.info(out).orElseThrow();
    Await.until("all", () -> client.info(out).orElseThrow().statistics().messages() == 3000);
    assertEquals(0, info.statistics().lostMessages());
  }

  @Test
  public void anOutputIsBoundedAndTellsWhenItIsFull() throws Exception {
    StreamClient client = remote.connect("camera");
    int out = client.openOutput("out");
    byte[] large = new byte[300_000];
    for (int i = 1; i <= 3; i++) { // the megabyte of the queue
      int taken = i;
      assertEquals(StreamResult.OK, client.write(out, large));
      Await.until("taken", () -> client.info(out).orElseThrow().statistics().messages() == taken);
    }
    for (int i = 0; i < 3; i++) { // and that of the window
      assertEquals(StreamResult.OK, client.write(out, large));
    }
    assertEquals(StreamResult.ERROR, client.write(out, large));
    assertEquals(1, client.info(out).orElseThrow().statistics().rejected());
    int taken = 6;
    CloseResult result = client.close(out, 50);
    assertEquals(StreamResult.TIMEDOUT, result.result());
    assertEquals(taken, result.lostMessages());
    assertEquals(300_000L * taken, result.lostBytes());
  }

  @Test
  public void aMessageThatFitsNoQueueIsLostAndSaid() throws Exception {
    StreamClient client = remote.connect("camera");
    int out = client.openOutput("out");
    assertEquals(StreamResult.OK, client.write(out, new byte[2_000_000])); // the queue has 1 MiB
    Await.until("lost", () -> client.info(out).orElseThrow().statistics().lostMessages() == 1);
    assertEquals(0, client.info(out).orElseThrow().statistics().queuedBytes());
    assertEquals(StreamResult.OK, client.write(out, bytes("x")));
    assertEquals("x", drained(transport.lastOutput(), 1));
    assertEquals(StreamResult.TOOBIG, client.write(out, new byte[(64 << 20) + 1]));
  }

  @Test
  public void aModuleThatDoesNotTakeItsEventsStopsItsOwnInputsOnly() throws Exception {
    StreamClient slow =
        remote.keep(RemoteStreams.at(remote.socket).window(10, 1 << 20).connect("camera"));
    StreamClient quick = remote.connect("collector");
    AtomicInteger slowly = new AtomicInteger();
    AtomicInteger quickly = new AtomicInteger();
    slow.openInput("in", (peer, data) -> slowly.addAndGet(data.getInt()));
    FakeTransport.Input full = transport.lastInput();
    quick.openInput("in", (peer, data) -> quickly.incrementAndGet());
    FakeTransport.Input other = transport.lastInput();
    int limit = Settings.DEFAULTS.queueMessages();
    int sent = 0;
    int sum = 0;
    boolean more = true;
    while (more && sent < 2 * limit) {
      more = full.receive(1, ByteBuffer.allocate(4).putInt(sent).array());
      sum += sent++;
    }
    assertTrue("told to stop at " + sent, sent >= limit && sent <= limit + 11);
    other.receive("x");
    assertEquals(StreamResult.OK, quick.processEvent(10_000));
    assertEquals(1, quickly.get());
    assertEquals(10, slow.streams().get(0).statistics().queuedMessages());
    for (int i = 0; i < sent; i++) {
      assertEquals(StreamResult.OK, slow.processEvent(10_000));
    }
    assertEquals(sum, slowly.get());
    Await.until("told to go on", () -> full.resumes.get() == 1);
  }

  @Test
  public void largeMessagesComeWholeEitherWay() throws Exception {
    StreamClient client = remote.connect("camera");
    byte[] large = new byte[5_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 3);
    }
    List<Integer> hashes = new CopyOnWriteArrayList<>();
    client.openInput("in", (peer, data) -> hashes.add(data.hashCode()));
    for (int i = 0; i < 3; i++) {
      transport.lastInput().receive(1, large);
      transport.lastInput().receive("small");
    }
    for (int i = 0; i < 6; i++) {
      assertEquals(StreamResult.OK, client.processEvent(10_000));
    }
    int hash = ByteBuffer.wrap(large).hashCode();
    int small = ByteBuffer.wrap(bytes("small")).hashCode();
    assertEquals(List.of(hash, small, hash, small, hash, small), hashes);
  }

  @Test
  public void theHostTellsOfItAndAsksItToStop() throws Exception {
    StreamClient client = remote.connect("camera");
    client.openOutput("out");
    client.openInput("in", (peer, data) -> {});
    client.write(client.streams().get(0).handle(), bytes("abc"));
    transport.lastInput().receive("four");
    Await.until(
        "both",
        () -> remote.traffic().get(0).sentBytes() == 3 && remote.traffic().get(0).received() == 1);
    ModuleTraffic traffic = remote.traffic().get(0);
    assertEquals("camera", traffic.instance());
    assertEquals(4, traffic.receivedBytes());
    assertEquals(1, traffic.sent());
    ModuleStatus status = remote.modules().get(0);
    assertEquals("remote", status.kind());
    assertEquals(ModuleStatus.State.RUNNING, status.state());
    assertEquals(System.getProperty("user.name"), status.user());
    assertEquals(ProcessHandle.current().pid(), status.processId());
    assertTrue(status.toString(), status.memoryBytes() > 1 << 20 && status.busyNanos() > 0);
    assertTrue(remote.requestStop("camera"));
    assertFalse(remote.requestStop("collector"));
    assertEquals(StreamResult.OK, client.processEvent(10_000));
    assertEquals(StreamResult.SHOULDEXIT, client.processEvent(10_000));
    client.close();
    Await.until("gone", () -> remote.modules().isEmpty());
  }
}
