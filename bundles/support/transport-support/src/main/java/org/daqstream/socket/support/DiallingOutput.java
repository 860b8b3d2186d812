/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.transport.support.OutgoingQueue;
import org.daqstream.transport.support.OutputEnd;
import org.daqstream.transport.support.SendLane;
import org.daqstream.transport.support.SendLanes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output that dials: one thread connects to its endpoints, again for as long as the stream is
 * open, and sends what is queued. What peers send is read and thrown away, so that closing never
 * turns into a reset; a peer that ends its side counts as gone. A message begun on a connection
 * that breaks is lost and counted, the others go to the next. Several connections share what is
 * queued: one message to each in turn, passing over those that take no more at the moment.
 */
public class DiallingOutput implements TransportOutput, StreamThread {
  private static final Logger LOG = LoggerFactory.getLogger(DiallingOutput.class);

  private static final int LINGER_MS = 250;

  /** How often to send before looking at what else the connections have. */
  private static final int ROUNDS = 16;

  private final OutputSink sink;
  private final OutgoingQueue queue;
  private final SendLanes lanes; // null with one endpoint
  private final Selector selector;
  private final Worker worker;
  private final OutputEnd end;

  // Sending thread only.
  private final List<Dialler> diallers = new ArrayList<>();
  private final List<OutputPeer> peers = new ArrayList<>();
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(SocketLink.READ_BYTES);
  private final Consumer<SelectionKey> serve = this::serve;
  private int turn;

  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private final ProblemLog problems = new ProblemLog(this::say);

  /** Prepares the thread, which has the name that log lines have in front. */
  public DiallingOutput(
      String name,
      SocketStream stream,
      Resolver resolver,
      SocketLink.Factory links,
      OutputSink sink)
      throws IOException {
    this.sink = sink;
    this.selector = Selector.open();
    SocketParameters sockets = stream.sockets();
    OutgoingQueue.Limits limits =
        new OutgoingQueue.Limits(
            sockets.queueMessages(), sockets.queueBytes(), stream.longestBytes());
    this.queue = new OutgoingQueue(limits, stream.framing(), selector::wakeup, sink.budget());
    this.lanes = stream.endpoints().size() == 1 ? null : new SendLanes(queue);
    for (Endpoint endpoint : stream.endpoints()) {
      diallers.add(new Dialler(endpoint, stream, resolver, links, selector, this));
    }
    this.worker = new Worker(name, self -> run());
    this.end = new OutputEnd(worker, this::statistics);
  }

  /** A connection is up. */
  protected void reached() {}

  /** An endpoint could not be connected, with the problem in words; it is dialled again. */
  protected void missed(Endpoint endpoint, String problem, IOException cause) {}

  /** The thread ends. */
  protected void ended() {}

  @Override
  public void start() throws StreamException {
    worker.start();
  }

  @Override
  public final StreamResult offer(ByteBuffer message) {
    return queue.offer(message);
  }

  private void run() {
    try {
      int rounds = 0;
      while (!finished()) {
        if (send() && ++rounds < ROUNDS) {
          continue;
        }
        waitOrLook(rounds == ROUNDS);
        rounds = 0;
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} failed", worker.name(), e);
      problems.say(e.toString());
      sink.failed(worker.name() + " failed: " + e);
    } finally {
      finish();
    }
  }

  /** One turn of writing to all; whether anything was written. */
  private boolean send() {
    if (peers.isEmpty()) {
      return false;
    }
    if (lanes != null) {
      deal();
    }
    boolean wrote = false;
    for (int i = peers.size() - 1; i >= 0; i--) {
      OutputPeer peer = peers.get(i);
      try {
        wrote |= peer.write();
      } catch (IOException e) {
        drop(peer, e);
      }
    }
    return wrote;
  }

  /** Gives the connections what they are to send; there is at least one. */
  private void deal() {
    lanes.take();
    int passedOver = 0;
    while (lanes.hasReady() && passedOver < peers.size()) {
      turn = turn + 1 < peers.size() ? turn + 1 : 0;
      OutputPeer peer = peers.get(turn);
      if (peer.hasRoom()) {
        peer.lane.claim();
        passedOver = 0;
      } else {
        passedOver++;
      }
    }
  }

  private void waitOrLook(boolean busy) throws IOException {
    long nowNanos = System.nanoTime();
    long idleNanos = Long.MAX_VALUE;
    for (Dialler dialler : diallers) {
      dialler.advance(nowNanos);
      idleNanos = Math.min(idleNanos, dialler.idleNanos(nowNanos));
    }
    idleNanos = Math.min(idleNanos, end.leftNanos());
    if (busy || idleNanos <= 0 || !mayWait()) {
      selector.selectNow(serve);
    } else {
      long idleMs = idleNanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(idleNanos) + 1;
      selector.select(serve, idleMs);
    }
  }

  /** Whether new messages wake this thread, or could not be sent anyway. */
  private boolean mayWait() {
    for (OutputPeer peer : peers) {
      if (peer.hasRoom()) {
        return queue.rest();
      }
    }
    return true;
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Dialler dialler) {
      dialler.ready(System.nanoTime());
      return;
    }
    OutputPeer peer = (OutputPeer) key.attachment();
    if (key.isValid()) {
      if (key.isWritable()) {
        peer.unblock();
      }
      if (key.isReadable()) {
        listen(peer);
      }
    }
  }

  /** Reads what a peer says; drops it when it has closed. */
  private void listen(OutputPeer peer) {
    try {
      if (!peer.discard(rubbish)) {
        drop(peer, "closed by peer");
      }
    } catch (IOException e) {
      drop(peer, e);
    }
  }

  /** The two sides have come to terms; by the sending thread. */
  final void connected(Dialler dialler, SocketLink link, SelectionKey key, String address) {
    connects.incrementAndGet();
    SendLane lane = lanes == null ? null : lanes.lane();
    OutputPeer peer =
        new OutputPeer(dialler, link, key, address, sink.peerUp(address), queue, lane);
    peers.add(peer);
    reached();
    listen(peer);
  }

  /** An attempt failed; the next one follows by itself. By the sending thread. */
  final void failed(Dialler dialler, IOException cause) {
    String problem = dialler.endpoint().text() + ": " + cause.getMessage();
    problems.say(problem);
    missed(dialler.endpoint(), problem, cause);
  }

  private void say(String problem) {
    LOG.info("{}: {}", worker.name(), problem);
  }

  private void drop(OutputPeer peer, IOException cause) {
    problems.say(peer.address + ": " + cause.getMessage());
    drop(peer, cause.getMessage());
  }

  private void drop(OutputPeer peer, String cause) {
    peers.remove(peer);
    peer.leave();
    close(peer, cause);
    peer.dialler.down(System.nanoTime());
  }

  private void close(OutputPeer peer, String cause) {
    try {
      peer.link.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
    disconnects.incrementAndGet();
    sink.peerDown(peer.id, cause);
  }

  /** Whether the stream is closing and there is nothing left to do or no time to do it. */
  private boolean finished() {
    return end.isClosing() && (queue.isEmpty() || end.leftNanos() <= 0);
  }

  private void finish() {
    ended();
    String cause = queue.isEmpty() ? "closed" : "closed at the flush deadline";
    queue.giveUp();
    end.reached();
    diallers.forEach(Dialler::close);
    try {
      hearOut();
    } catch (IOException e) {
      LOG.debug("closing connections", e);
    }
    peers.forEach(peer -> close(peer, cause));
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing the selector", e);
    }
  }

  /** FIN, and for a while no reset for peers that talk. */
  private void hearOut() throws IOException {
    List<OutputPeer> talking = new ArrayList<>(peers);
    talking.removeIf(peer -> !isOpen(peer) || !peer.hasSpoken());
    for (OutputPeer peer : talking) {
      peer.unblock();
      peer.link.shutdownOutput();
    }
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MS);
    long leftMs = LINGER_MS;
    while (leftMs > 0 && !talking.isEmpty()) {
      selector.select(ready -> {}, leftMs);
      talking.removeIf(peer -> !isOpen(peer));
      leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
    }
  }

  private boolean isOpen(OutputPeer peer) {
    try {
      return peer.discard(rubbish);
    } catch (IOException e) {
      LOG.trace("gone already", e);
      return false;
    }
  }

  @Override
  public final CloseResult close(long flushTimeoutMs) {
    return end.close(flushTimeoutMs, queue::close, () -> {});
  }

  @Override
  public final void giveUp() {
    close(0);
  }

  @Override
  public final Worker worker() {
    return worker;
  }

  @Override
  public final StreamStatistics statistics() {
    return queue.statistics(connects.get(), disconnects.get(), problems.last());
  }
}
