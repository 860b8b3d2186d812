/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread with all sockets: what others want of it waits in a queue. Between {@link #start}
 * and {@link #close} it looks every few seconds which interfaces there are.
 */
public final class MdnsEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MdnsEngine.class);
  private static final long INTERFACES_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FOUND_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long CLOSE_TIMEOUT_MS = 2_000;

  /** So many packets of a link, then the others and the timers have their turn. */
  private static final int PACKETS_PER_TURN = 64;

  private final Selector selector;
  private final LocalLinks links;
  private final Responder responder = new Responder(new Random());
  private final Browser browser;
  private final Consumer<List<FoundInstance>> listener;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer packet = ByteBuffer.allocateDirect(DnsWriter.PACKET_BYTES + 1);
  private final Worker worker;

  private InterfaceFilter filter;
  private long interfacesDueNanos;
  private long foundDueNanos = Long.MAX_VALUE;
  private boolean browsing;
  private boolean failed;

  /**
   * Not started yet.
   *
   * @param types service types to look for
   * @param listener told by the engine's thread what is there, soon after it has changed
   */
  public MdnsEngine(
      InterfaceFilter filter, List<DnsName> types, Consumer<List<FoundInstance>> listener)
      throws IOException {
    this.filter = filter;
    this.listener = listener;
    browser = new Browser(types);
    selector = Selector.open();
    links = new LocalLinks(selector, responder::leave);
    worker = new Worker("daqstream-discovery", this::run, selector::wakeup);
  }

  /** Opens sockets, soon. */
  public void start() {
    worker.start();
  }

  /** Announces these and takes back all others, soon. */
  public void publish(Collection<Publication> publications) {
    execute(() -> responder.publish(publications, System.nanoTime()));
  }

  /** Uses these interfaces from now on. */
  public void use(InterfaceFilter changed) {
    execute(
        () -> {
          filter = changed;
          interfacesDueNanos = System.nanoTime();
        });
  }

  /** Asks at once, and goes on to do so, or ends and forgets. */
  public void browse(boolean wanted) {
    execute(
        () -> {
          browsing = wanted;
          if (wanted) {
            browser.start(System.nanoTime());
          } else {
            browser.stop();
          }
        });
  }

  /** Gives to the consumer, by the engine's thread, what is found now. */
  public void found(Consumer<List<FoundInstance>> consumer) {
    execute(() -> consumer.accept(browser.complete(System.nanoTime())));
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Takes everything back and closes the sockets; waits until it is done. */
  @Override
  public void close() {
    worker.stop(CLOSE_TIMEOUT_MS);
  }

  private void run(Worker self) {
    interfacesDueNanos = System.nanoTime();
    try {
      while (self.isWanted()) {
        try {
          turn();
        } catch (IOException | RuntimeException | Error e) {
          recover(e);
        }
      }
      responder.goodbye();
    } catch (IOException e) {
      LOG.error("discovery has failed and is off", e);
    } finally {
      links.close();
      try {
        selector.close();
      } catch (IOException e) {
        LOG.debug("cannot close the selector", e);
      }
    }
  }

  /** Whatever it was: with new sockets, and not at once, so that it is not told all the time. */
  private void recover(Throwable fault) throws IOException {
    LOG.error("discovery has failed and begins anew", fault);
    links.close();
    responder.links(List.of(), System.nanoTime());
    browser.links(List.of());
    selector.select(TimeUnit.NANOSECONDS.toMillis(INTERFACES_NANOS));
    interfacesDueNanos = System.nanoTime();
  }

  private void turn() throws IOException {
    long now = System.nanoTime();
    if (now - interfacesDueNanos >= 0) {
      interfacesDueNanos = now + INTERFACES_NANOS;
      links.refresh(filter);
      responder.links(links.links(), now);
      browser.links(links.links());
      foundDueNanos = browsing ? now : Long.MAX_VALUE;
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    now = System.nanoTime();
    responder.tick(now);
    if (browser.tick(now)) {
      foundDueNanos = now;
    }
    if (now >= foundDueNanos) {
      foundDueNanos = Long.MAX_VALUE;
      listener.accept(browser.complete(now));
    }
    long waitMs = TimeUnit.NANOSECONDS.toMillis(nextNanos() - System.nanoTime()) + 1;
    if (waitMs > 0) {
      selector.select(waitMs);
    } else {
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      read((ChannelLink) key.attachment());
    }
    selector.selectedKeys().clear();
  }

  private long nextNanos() {
    long next = Math.min(interfacesDueNanos, foundDueNanos);
    next = Math.min(next, responder.nextNanos());
    return Math.min(next, browser.nextNanos());
  }

  private void read(ChannelLink link) {
    try {
      for (int packets = 0; packets < PACKETS_PER_TURN; packets++) {
        InetSocketAddress source = link.receive(packet.clear());
        if (source == null) {
          return;
        }
        if (link.isNeighbour(source.getAddress())) {
          take(link, source);
        }
      }
    } catch (IOException e) {
      LOG.debug("{} is given up", link.name(), e);
      links.close(link);
      interfacesDueNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      responder.links(links.links(), System.nanoTime());
      browser.links(links.links());
    }
  }

  /** A bad packet is nobody's business but its sender's. */
  private void take(ChannelLink link, InetSocketAddress source) {
    long now = System.nanoTime();
    try {
      DnsMessage message = DnsReader.read(packet.flip());
      responder.receive(link, message, source, now);
      browser.receive(link, message, source, now);
      if (browsing && message.response() && foundDueNanos == Long.MAX_VALUE) {
        foundDueNanos = now + FOUND_DELAY_NANOS;
      }
    } catch (ProtocolException e) {
      LOG.trace("malformed message from {}: {}", host(source), e.getMessage());
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn(
            "a message from {} cannot be taken; the next such fault is not told", host(source), e);
      }
      failed = true;
    }
  }

  private static String host(InetSocketAddress source) {
    return source.getAddress().getHostAddress();
  }
}
