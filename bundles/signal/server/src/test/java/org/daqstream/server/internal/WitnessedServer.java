/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.server.internal.web.ConnectionGuard;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;

/**
 * A server under attack: a healthy client, the witness, receives a counter all the while. {@link
 * #close} fails if the witness missed a sample, if the server takes no further client, or if
 * anything of another client is left: a client, a connection, a subscription, a file descriptor.
 */
public final class WitnessedServer implements AutoCloseable {
  public static final String SIGNAL_ID = "witness";
  private static final int BLOCK = 5;
  private static final Set<String> OFFERS = Set.of("available", "unavailable");

  public final TestServer server;
  public final TableTap table;
  private final SignalTap signal;
  private final Peer witness;
  private final int witnessSigno;
  private final Thread reader;
  private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> publishing;
  private final double[] block = new double[BLOCK];
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final long descriptors;
  private volatile Throwable failure;
  private volatile boolean closing;

  public WitnessedServer(Object... keysAndValues) throws Exception {
    server = new TestServer(keysAndValues);
    table = server.table("witness time");
    signal = TestServer.signal(table, SIGNAL_ID);
    witness = Peer.connect(server.port());
    Dialogue.subscribe(server, witness, SIGNAL_ID);
    witnessSigno = Dialogue.expectSubscribed(witness, "witness time", SIGNAL_ID).signo();
    Await.until("connections of the set-up are gone", () -> server.guard().waitingCount() == 0);
    descriptors = openDescriptors();
    reader = new Thread(this::readAll, "witness");
    reader.start();
    publishing = publisher.scheduleAtFixedRate(this::publish, 0, 1, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    long row = published.get();
    for (int i = 0; i < BLOCK; i++) {
      block[i] = row + i;
    }
    WriteResult result = signal.accept(row, row * TestServer.DELTA, null, block, 0, BLOCK);
    if (result != WriteResult.ACCEPTED && failure == null) {
      failure = new AssertionError("publishing for the witness: " + result);
    }
    published.addAndGet(BLOCK);
  }

  private void readAll() {
    try {
      while (true) {
        take(witness.read());
      }
    } catch (Exception | AssertionError e) {
      if (!closing) {
        failure = e;
      }
    }
  }

  private void take(Peer.Packet packet) {
    if (packet.metadata() != null) {
      assertTrue("message to the witness: " + packet, OFFERS.contains(packet.method()));
    } else if (packet.signo() == witnessSigno) {
      ByteBuffer samples = packet.payload();
      while (samples.hasRemaining()) {
        assertEquals("next sample of the witness", received.get(), (long) samples.getDouble());
        received.incrementAndGet();
      }
    }
  }

  public int port() {
    return server.port();
  }

  public ServerStatistics statistics() {
    return server.statistics();
  }

  public ConnectionGuard guard() {
    return server.guard();
  }

  /** A greeted client. */
  public Peer offender(String... headers) throws Exception {
    return Peer.connect(port(), headers);
  }

  /** A greeted client whose socket takes little when it does not read. */
  public Peer offenderWithSmallBuffer() throws Exception {
    Peer peer = new Peer(port(), 4096);
    peer.upgrade("/");
    peer.next("apiVersion");
    peer.sessionId = peer.next("init").params().path("streamId").textValue();
    peer.next("available");
    return peer;
  }

  /** Looks at a client on the thread that it belongs to. */
  public int ask(Peer peer, ToIntFunction<Client> question) {
    FanOut fanOut = server.fanOut();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    fanOut.submit(
        () -> {
          Client client = fanOut.clients().find(peer.sessionId);
          answer.complete(client == null ? -1 : question.applyAsInt(client));
        });
    return answer.orTimeout(Peer.TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
  }

  public int clientCount() {
    FanOut fanOut = server.fanOut();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    fanOut.submit(() -> answer.complete(fanOut.clients().all().size()));
    return answer.orTimeout(Peer.TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
  }

  /** The witness got everything so far, and goes on. */
  public void expectWitnessGoesOn() {
    long now = published.get();
    Await.until(
        "witness gets sample " + now + ", has " + received.get(),
        () -> failure != null || received.get() > now);
    if (failure != null) {
      throw new AssertionError("the witness failed", failure);
    }
  }

  /** Connections and clients other than the witness are gone, and what they held is free. */
  void expectOnlyWitnessLeft() {
    Await.until("other clients are gone", () -> clientCount() == 1);
    Await.until("other clients are counted out", () -> guard().clientCount() == 1);
    Await.until("waiting connections are gone", () -> guard().waitingCount() == 0);
    Await.until(
        "file descriptors are back to " + descriptors, () -> openDescriptors() <= descriptors);
  }

  private void expectNewClientServed() throws Exception {
    try (Peer peer = Peer.connect(port())) {
      Dialogue.request(peer, 1, "subscribe", SIGNAL_ID);
      peer.next("subscribe");
      peer.next("signal");
      Dialogue.expectAcknowledged(peer, SIGNAL_ID);
    }
  }

  private static long openDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @Override
  public void close() {
    try {
      finish();
    } catch (Exception e) {
      throw new AssertionError("after the attack", e);
    }
  }

  private void finish() throws Exception {
    try {
      expectWitnessGoesOn();
      expectNewClientServed();
      expectOnlyWitnessLeft();
      publishing.cancel(false);
      publisher.shutdown();
      assertTrue(publisher.awaitTermination(10, TimeUnit.SECONDS));
      Await.until(
          "witness gets all " + published + " samples",
          () -> failure != null || received.get() == published.get());
      if (failure != null) {
        throw new AssertionError("the witness failed", failure);
      }
      closing = true;
      witness.close();
      reader.join(Peer.TIMEOUT_MS);
      Await.until("no client is left", () -> clientCount() == 0 && guard().clientCount() == 0);
      assertFalse("a subscription is left", signal.hasSubscriber());
    } finally {
      closing = true;
      publisher.shutdownNow();
      witness.close();
      server.close();
    }
  }
}
