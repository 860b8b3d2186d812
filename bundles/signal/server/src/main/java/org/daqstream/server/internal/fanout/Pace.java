/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.Mark;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.server.internal.log.LogPosition;

/**
 * How a client wants to be served (protocol section 2.9): how much may be on its way to it, and how
 * old that may be; belongs to the fan-out thread. Without a bound megabytes lie in the buffers of
 * two systems and of the client, and are old when it comes to them. Marks stand between the
 * packets; the client names them when it comes there. The window is small at first, and later as
 * large as the client is fast.
 */
public final class Pace {
  private static final int MARKS = 16; // on their way at most; a power of two
  private static final int PER_WINDOW = 4;
  private static final int FIRST_BYTES = 64 * 1024;
  private static final int LEAST_BYTES = 16 * 1024;
  private static final int MOST_BYTES = 64 * 1024 * 1024;
  private static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int LAG_LEAST_MS = 100; // what HeadTimes can tell
  private static final int LAG_MOST_MS = 10_000;
  private static final int LAG_FROM_END = 16;

  private final ClientOutput output;
  private final long lagLimitNanos;
  private final int mostBytes;
  private final long wayNanos;
  private final long[] bytesAt = new long[MARKS];
  private final long[] nanosAt = new long[MARKS];
  private final long[] agesAt = new long[MARKS];
  private final byte[] mark = MetadataCodec.packet(0, new Mark(0x10000, 0x10000).toMetadata());
  private int windowBytes;
  private int marked;
  private int reached;
  private int adapted;
  private long reachedBytes;
  private long seenPackets;
  private long lagMs; // of samples when the client had reached them, at the last mark
  private volatile int told;
  private final AtomicBoolean toldWaits = new AtomicBoolean();

  /** On what the output is given from now on. */
  Pace(ClientOutput output, Delivery wanted) {
    this.output = output;
    this.lagLimitNanos =
        TimeUnit.MILLISECONDS.toNanos(within(wanted.lagMs(), LAG_LEAST_MS, LAG_MOST_MS));
    this.mostBytes = within(wanted.aheadBytes(), LEAST_BYTES, MOST_BYTES);
    this.wayNanos = lagLimitNanos == 0 ? WAY_NANOS : Math.min(WAY_NANOS, lagLimitNanos / 2);
    this.windowBytes = Math.min(mostBytes, FIRST_BYTES);
    this.reachedBytes = output.putBytes();
    bytesAt[0] = reachedBytes;
    nanosAt[0] = System.nanoTime() - MARK_NANOS;
  }

  /** A client says how it wants to be served; any thread. */
  public static void wanted(FanOut fanOut, Client client, Delivery wanted) {
    fanOut.submit(() -> fanOut.clients().serve(client, () -> client.deliver(wanted)));
  }

  /** A client has done what came before a mark; any thread. */
  public static void reached(FanOut fanOut, Client client, int number) {
    Pace pace = client.pace();
    if (pace != null && pace.saysReached(number)) {
      fanOut.submit(() -> fanOut.clients().serve(client, pace::takeReached));
    }
  }

  private static int within(int wanted, int least, int most) {
    return wanted == 0 ? 0 : Math.max(least, Math.min(most, wanted));
  }

  /** Bytes that may be sent now, not more than an int holds. */
  int room() {
    return mostBytes == 0
        ? Integer.MAX_VALUE / 2
        : (int) Math.max(0, reachedBytes + windowBytes - output.putBytes());
  }

  /** Whether what a client gets next is older than it wants it. */
  static boolean isBehind(Client client, Catalogue catalogue) {
    Pace pace = client.pace();
    return pace != null
        && pace.lagLimitNanos > 0
        && client.needsLog()
        && ageNanos(catalogue, client.position(), System.nanoTime()) > pace.lagLimitNanos;
  }

  private static long ageNanos(Catalogue catalogue, LogPosition place, long now) {
    return catalogue.heads().ageNanos(place, catalogue.head(), now);
  }

  /**
   * Puts a mark behind what was put, if one is due: after a part of the window, and after what came
   * alone, so that the lag is known.
   *
   * @param packets delivered so far
   */
  void mark(long packets, LogPosition place, Catalogue catalogue) throws IOException {
    if (mostBytes == 0 || marked - reached >= MARKS - 1) {
      return;
    }
    int last = marked & (MARKS - 1);
    long now = System.nanoTime();
    long bytes = output.putBytes();
    boolean isFull = bytes - bytesAt[last] >= windowBytes / PER_WINDOW;
    if (isFull
        || (marked == reached && packets != seenPackets && now - nanosAt[last] >= MARK_NANOS)) {
      put(bytes, now, ageNanos(catalogue, place, now));
      seenPackets = packets;
    }
  }

  private void put(long bytes, long now, long ageNanos) throws IOException {
    marked++;
    int next = marked & (MARKS - 1);
    bytesAt[next] = bytes;
    nanosAt[next] = now;
    agesAt[next] = ageNanos;
    ByteBuffer.wrap(mark)
        .putInt(mark.length - LAG_FROM_END, (int) Math.min(lagMs, Integer.MAX_VALUE))
        .putInt(mark.length - Integer.BYTES, marked);
    output.putPacket(mark);
  }

  /**
   * The client says what it has reached; any one thread. True when nobody has been asked yet to
   * take that over: however often it is said, once is enough.
   */
  private boolean saysReached(int number) {
    told = number;
    return toldWaits.compareAndSet(false, true);
  }

  /** Takes over what the client said; what is no mark on its way says nothing. */
  private void takeReached() {
    toldWaits.set(false);
    int number = told;
    if (number - reached <= 0 || number - marked > 0) {
      return;
    }
    reached = number;
    int at = number & (MARKS - 1);
    reachedBytes = bytesAt[at];
    long way = System.nanoTime() - nanosAt[at];
    lagMs = TimeUnit.NANOSECONDS.toMillis(way + agesAt[at]);
    if (number - adapted > 0) { // others tell of a window that was another one
      adapt(way);
    }
  }

  private void adapt(long way) {
    int wanted = windowBytes;
    if (way > wayNanos) {
      wanted = Math.max(LEAST_BYTES, windowBytes / 2);
    } else if (way < wayNanos / 2) {
      wanted = Math.min(mostBytes, 2 * windowBytes);
    }
    if (wanted != windowBytes) {
      windowBytes = wanted;
      adapted = marked;
    }
  }
}
