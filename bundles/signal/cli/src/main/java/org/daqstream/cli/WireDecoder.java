/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.WireListener;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketReader;

/**
 * Makes events of both directions of a connection, for the thread that shows them. While that is
 * busy the connection waits.
 */
final class WireDecoder implements WireListener {
  private static final int WAITING = 4096;

  private final int textLimit;
  private final BlockingQueue<WireEvent> events = new ArrayBlockingQueue<>(WAITING);
  private volatile boolean isClosed;
  private volatile WireFrames incoming;
  private volatile WireFrames outgoing;

  /**
   * Nothing seen.
   *
   * @param textLimit see {@link WirePackets}
   */
  WireDecoder(int textLimit) {
    this.textLimit = textLimit;
    opened();
  }

  /** One direction; the threads of the two do not meet but at the queue. */
  private final class Direction implements WireFrames.Target {
    private final boolean isIncoming;
    private final PacketReader packets;

    Direction(boolean isIncoming) {
      this.isIncoming = isIncoming;
      packets =
          new PacketReader(
              Limits.DEFAULT,
              new WirePackets((text, facts) -> tell(true, text, "packet", facts), textLimit));
    }

    private void tell(boolean isInner, String text, String kind, Object facts) {
      WireEvent event =
          new WireEvent(Instant.now(), isIncoming, isInner, text, Map.of(kind, facts));
      try {
        while (!isClosed && !events.offer(event, 100, TimeUnit.MILLISECONDS)) {
          // whoever shows them is busy
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void head(String text) {
      String first = text.lines().findFirst().orElse("");
      long more = text.lines().count() - 1;
      tell(false, first + "  and " + more + " header lines", "http", text.lines().toList());
    }

    @Override
    public void frame(String text, Map<String, Object> facts) {
      tell(false, text, "frame", facts);
    }

    @Override
    public void message(ByteBuffer part, boolean startsMessage) {
      packets.read(part, startsMessage);
    }
  }

  @Override
  public void opened() {
    incoming = new WireFrames(new Direction(true));
    outgoing = new WireFrames(new Direction(false));
  }

  @Override
  public void received(ByteBuffer bytes) {
    incoming.read(bytes);
  }

  @Override
  public void sent(ByteBuffer bytes) {
    outgoing.read(bytes);
  }

  /** Waits for the next event, {@code null} when none comes. */
  WireEvent poll(long timeoutMs) throws InterruptedException {
    return events.poll(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Nobody looks any more. */
  void close() {
    isClosed = true;
  }
}
