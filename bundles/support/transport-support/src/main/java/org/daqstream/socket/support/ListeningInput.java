/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.InputCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An input that listens: one thread accepts any number of peers and reads from each in turn,
 * messages behind their lengths or chunks as they come. Whatever happens to one of them ends that
 * one only. While the module's queue is full the thread rests, nothing is accepted or read, and the
 * network slows the peers down.
 */
final class ListeningInput implements TransportInput, StreamThread {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningInput.class);

  private static final String CLOSED = "closed by peer";
  private static final int ACCEPT_COOL_DOWN_MS = 100;
  private static final int CLOSE_WAIT_MS = 1000;
  private static final int RUBBISH_BYTES = 16 * 1024;

  private final InputSink sink;
  private final ListenSocket socket;
  private final ServerSocketChannel listener;
  private final SocketLink.Factory links;
  private final Endpoint endpoint;
  private final int boundPort;
  private final SocketParameters parameters;
  private final long handshakeNanos;
  private final long lookNanos;
  private final Selector selector;
  private final SelectionKey listenerKey;
  private final Worker worker;

  // Reading thread only.
  final ReadChunks chunks;
  private final Framing framing;
  private final MessageBuffers buffers = new MessageBuffers();
  private final FrameDecoder.Partials partials;
  private final Consumer<SelectionKey> serve = this::serve;
  private final Set<InputPeer> strangers = new LinkedHashSet<>(); // the oldest first
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(RUBBISH_BYTES);
  private long acceptAgainNanos;
  private long lookAgainNanos = System.nanoTime();

  private final AtomicLong resumes = new AtomicLong();
  private final InputCounters counters = new InputCounters(this::say);

  /**
   * Prepares the thread, which has the name that log lines have in front. The socket is bound, and
   * closed on failure.
   */
  ListeningInput(
      String name,
      ListenSocket socket,
      SocketLink.Factory links,
      SocketStream stream,
      InputSink sink)
      throws IOException {
    this.sink = sink;
    this.socket = socket;
    this.listener = socket.channel();
    this.links = links;
    this.endpoint = stream.endpoints().get(0);
    this.boundPort = socket.boundPort();
    this.parameters = stream.sockets();
    this.framing = stream.framing();
    this.chunks = new ReadChunks(stream.chunkBytes());
    this.partials = new FrameDecoder.Partials(parameters.partialBytes());
    this.handshakeNanos = TimeUnit.MILLISECONDS.toNanos(parameters.handshakeTimeoutMs());
    this.lookNanos = TimeUnit.MILLISECONDS.toNanos(links.lookMs());
    this.selector = selectorOf(socket);
    this.listenerKey = listener.keyFor(selector);
    this.worker = new Worker(name, self -> run(), selector::wakeup);
  }

  private static Selector selectorOf(ListenSocket socket) throws IOException {
    Selector selector = null;
    try {
      selector = Selector.open();
      socket.channel().register(selector, SelectionKey.OP_ACCEPT);
      return selector;
    } catch (IOException e) {
      if (selector != null) {
        selector.close();
      }
      socket.close();
      throw e;
    }
  }

  private InputPeer welcome(SocketLink link) {
    FrameDecoder decoder =
        framing.headerBytes() == 0
            ? null
            : new FrameDecoder(framing, parameters.maxMessageBytes(), buffers, partials);
    return new InputPeer(link, decoder, this);
  }

  @Override
  public int boundPort() {
    return boundPort;
  }

  @Override
  public void start() {
    worker.start();
  }

  @Override
  public Worker worker() {
    return worker;
  }

  @Override
  public void giveUp() {
    close();
  }

  private void run() {
    try {
      while (worker.isWanted()) {
        selector.select(serve, dueMs());
        dismissSilent();
        dismissUnwelcome();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} failed", worker.name(), e);
      sink.failed(worker.name() + " failed: " + e);
    } finally {
      closeAll();
    }
  }

  /**
   * How long there is nothing to do unless a channel is ready; 0 for ever. After an accept that
   * failed, for example for want of descriptors, the listener rests a while.
   */
  private long dueMs() {
    long nowNanos = System.nanoTime();
    long dueNanos = Long.MAX_VALUE;
    if (acceptAgainNanos != 0) {
      dueNanos = acceptAgainNanos - nowNanos;
      if (dueNanos <= 0) {
        acceptAgainNanos = 0;
        listenerKey.interestOps(SelectionKey.OP_ACCEPT);
        dueNanos = Long.MAX_VALUE;
      }
    }
    if (!strangers.isEmpty()) {
      long oldestNanos = strangers.iterator().next().greetUntilNanos - nowNanos;
      dueNanos = Math.min(dueNanos, Math.max(0, oldestNanos));
    }
    if (lookNanos > 0 && counters.peers() > 0) {
      dueNanos = Math.min(dueNanos, Math.max(0, lookAgainNanos - nowNanos));
    }
    return dueNanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(dueNanos) + 1;
  }

  private void dismissSilent() {
    long nowNanos = System.nanoTime();
    while (!strangers.isEmpty()) {
      InputPeer oldest = strangers.iterator().next();
      if (oldest.greetUntilNanos - nowNanos > 0) {
        return;
      }
      drop(oldest, "no handshake within " + TimeUnit.NANOSECONDS.toMillis(handshakeNanos) + " ms");
    }
  }

  /** Who was welcome may not be any more. */
  private void dismissUnwelcome() {
    long nowNanos = System.nanoTime();
    if (lookNanos == 0 || nowNanos - lookAgainNanos < 0) {
      return;
    }
    lookAgainNanos = nowNanos + lookNanos;
    links.look();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      if (key.attachment() instanceof InputPeer peer && peer.greeted && key.isValid()) {
        String objection = peer.link.objection();
        if (!objection.isEmpty()) {
          drop(peer, objection);
        }
      }
    }
  }

  private void serve(SelectionKey key) {
    if (!worker.isWanted()) {
      return;
    }
    if (key == listenerKey) {
      accept();
    } else if (key.isValid()) {
      serve((InputPeer) key.attachment());
    }
  }

  private void accept() {
    SocketChannel channel;
    try {
      channel = listener.accept();
    } catch (IOException e) {
      counters.problems.say("accept: " + e.getMessage());
      listenerKey.interestOps(0);
      acceptAgainNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ACCEPT_COOL_DOWN_MS);
      return;
    }
    if (channel == null) {
      return;
    }
    InputPeer peer = null;
    try {
      if (hasRoom()) {
        peer = take(channel);
      }
    } catch (IOException e) { // gone again
      counters.refused();
      counters.problems.say("new connection: " + e.getMessage());
    }
    if (peer == null) {
      closeQuietly(channel);
    } else {
      serve(peer);
    }
  }

  /**
   * When there are more peers than allowed, the one that has been in its handshake the longest
   * gives way, and without such a one the new one is refused.
   */
  private boolean hasRoom() {
    if (counters.peers() + strangers.size() < parameters.maxPeers()) {
      return true;
    }
    String cause = "more than " + parameters.maxPeers() + " connections";
    Iterator<InputPeer> oldest = strangers.iterator();
    if (oldest.hasNext()) {
      drop(oldest.next(), cause);
      return true;
    }
    counters.refused();
    counters.problems.say(cause);
    return false;
  }

  private InputPeer take(SocketChannel channel) throws IOException {
    String address = socket.address(channel);
    Addresses.prepare(channel);
    InputPeer peer = welcome(links.link(channel, endpoint));
    peer.address = address;
    peer.greetUntilNanos = System.nanoTime() + handshakeNanos;
    peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
    strangers.add(peer);
    return peer;
  }

  private void serve(InputPeer peer) {
    String end = null;
    try {
      if (greet(peer) && !peer.read()) {
        end = CLOSED;
      }
    } catch (IOException e) {
      end = e.getMessage() == null ? e.toString() : e.getMessage();
    } catch (OutOfMemoryError e) {
      end = "no memory for a message";
    }
    if (end != null) {
      drop(peer, end);
      return;
    }
    int ops = peer.link.interestOps();
    if (peer.key.interestOps() != ops) {
      peer.key.interestOps(ops);
    }
  }

  private boolean greet(InputPeer peer) throws IOException {
    if (!peer.greeted && peer.link.handshake()) {
      strangers.remove(peer);
      counters.peerUp();
      String identity = peer.link.identity();
      if (!identity.isEmpty()) {
        peer.address += " (" + identity + ")";
      }
      peer.id = sink.peerUp(peer.address);
      peer.greeted = true;
    }
    return peer.greeted;
  }

  /** Hands a chunk or message over, and waits when the module's queue is full. */
  void handOver(InputPeer peer, ByteBuffer data, Runnable release, boolean more) {
    if (!worker.isWanted()) {
      return; // the sink would ignore it
    }
    counters.message(data.remaining());
    long resumesBefore = resumes.get();
    if (!sink.data(peer.id, data, release, more)) {
      counters.pause();
      while (resumes.get() == resumesBefore && worker.isWanted()) {
        worker.rest(Long.MAX_VALUE);
      }
    }
  }

  private void drop(InputPeer peer, String end) {
    long unfinishedBytes = peer.close(rubbish);
    String cause = end;
    if (unfinishedBytes >= 0) {
      cause += " within a message";
      counters.lost(unfinishedBytes);
    }
    if (!cause.equals(CLOSED)) {
      counters.problems.say(peer.address + ": " + cause);
    }
    if (peer.greeted) {
      counters.peerDown();
      sink.peerDown(peer.id, cause);
    } else {
      strangers.remove(peer);
      counters.refused();
    }
  }

  private void say(String problem) {
    LOG.info("{}: {}", worker.name(), problem);
  }

  @Override
  public void resume() {
    resumes.incrementAndGet();
    worker.wake();
  }

  @Override
  public void close() {
    if (!worker.stop(CLOSE_WAIT_MS) && !worker.isCurrent()) {
      LOG.warn("{} is still closing", worker.name());
    }
  }

  private void closeAll() {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof InputPeer peer) {
        long unfinishedBytes = peer.close(rubbish);
        LOG.trace("{} of {} left unread", unfinishedBytes, peer.address);
        if (peer.greeted) {
          counters.peerDown();
        }
      }
    }
    try {
      socket.close();
      selector.close(); // only now are the descriptors closed and the port is free
    } catch (IOException e) {
      LOG.warn("closing {}", worker.name(), e);
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }

  @Override
  public StreamStatistics statistics() {
    return counters.statistics();
  }
}
