/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Frames that are to be sent, in order. Any thread adds; one at a time sends, without keeping
 * others from adding. Who adds sees to a bound.
 */
public final class WireOutbox {
  private static final int PAGE_BYTES = 64 * 1024;
  private static final int MOST_SPARE = 4;
  private static final int MOST_GATHERED = 16;

  /** What a flush came to. */
  public enum State {
    /** Nothing is left. */
    SENT,
    /** The connection takes no more now. */
    BLOCKED,
    /** Another thread is at it. */
    BUSY
  }

  /** Bytes up to the position of a page are to be sent, those before {@code sent} have been. */
  private static final class Page {
    final ByteBuffer bytes;
    final boolean isForeign;
    int sent;

    Page(ByteBuffer bytes, boolean isForeign) {
      this.bytes = bytes;
      this.isForeign = isForeign;
    }
  }

  private final ArrayDeque<Page> pages = new ArrayDeque<>();
  private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
  private long addedBytes;
  private long sentBytes;
  private boolean flushing;

  /** Adds a frame that was made elsewhere. */
  public synchronized void add(ByteBuffer frame) {
    copy(frame);
  }

  /**
   * Adds a message of a module; copies it.
   *
   * @return {@link #waitingBytes}
   */
  public synchronized long write(int stream, ByteBuffer message) {
    head(Wire.WRITE, Integer.BYTES + message.remaining()).putInt(stream);
    addedBytes += Integer.BYTES;
    copy(message);
    return addedBytes - sentBytes;
  }

  /** Adds data for a module; copies them. */
  public synchronized void data(int stream, long peerId, ByteBuffer data) {
    dataHead(stream, peerId, data.remaining());
    copy(data);
  }

  /**
   * Adds data for a module without copying them; nobody may touch them until they were sent.
   *
   * @return what {@link #sentBytes} is then
   */
  public synchronized long foreignData(int stream, long peerId, ByteBuffer data) {
    dataHead(stream, peerId, data.remaining());
    pages.add(new Page(data.duplicate().position(data.limit()), true));
    pages.peekLast().sent = data.position();
    addedBytes += data.remaining();
    return addedBytes;
  }

  private void dataHead(int stream, long peerId, int dataBytes) {
    head(Wire.DATA, Integer.BYTES + Long.BYTES + dataBytes).putInt(stream).putLong(peerId);
    addedBytes += Integer.BYTES + Long.BYTES;
  }

  /** Begins a frame, on a page with room for the numbers in front of its bytes. */
  private ByteBuffer head(int type, int bodyBytes) {
    int room = Integer.BYTES + 1 + Integer.BYTES + Long.BYTES;
    addedBytes += Integer.BYTES + 1;
    return page(room).putInt(1 + bodyBytes).put((byte) type);
  }

  private ByteBuffer page(int room) {
    Page last = pages.peekLast();
    if (last == null || last.isForeign || last.bytes.remaining() < room) {
      ByteBuffer bytes = spare.poll();
      if (bytes == null) {
        bytes = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      }
      last = new Page(bytes.clear(), false);
      pages.add(last);
    }
    return last.bytes;
  }

  private void copy(ByteBuffer source) {
    int from = source.position();
    int left = source.remaining();
    addedBytes += left;
    while (left > 0) {
      ByteBuffer page = page(1);
      int count = Math.min(left, page.remaining());
      page.put(page.position(), source, from, count).position(page.position() + count);
      from += count;
      left -= count;
    }
  }

  /** Bytes that wait. */
  public synchronized long waitingBytes() {
    return addedBytes - sentBytes;
  }

  /** All bytes that have been sent. */
  public synchronized long sentBytes() {
    return sentBytes;
  }

  /** Sends as much as goes without waiting. */
  public State flush(GatheringByteChannel channel) throws IOException {
    synchronized (this) {
      if (flushing) {
        return State.BUSY;
      }
      flushing = true;
    }
    try {
      while (true) {
        ByteBuffer[] views = views();
        if (views == null) {
          return State.SENT;
        }
        long count = channel.write(views, 0, views.length);
        if (count == 0) {
          synchronized (this) {
            flushing = false;
          }
          return State.BLOCKED;
        }
        sent(count);
      }
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        flushing = false;
      }
      throw e;
    }
  }

  /**
   * What is to be sent next; null, and this thread is not at it any more, when there is nothing.
   */
  private synchronized ByteBuffer[] views() {
    if (addedBytes == sentBytes) {
      flushing = false;
      return null;
    }
    ByteBuffer[] views = new ByteBuffer[Math.min(pages.size(), MOST_GATHERED)];
    Iterator<Page> page = pages.iterator();
    for (int i = 0; i < views.length; i++) {
      Page next = page.next();
      int length = Math.min(next.bytes.position() - next.sent, PAGE_BYTES);
      views[i] = next.bytes.slice(next.sent, length);
      if (next.isForeign && next.sent + length < next.bytes.position()) {
        return Arrays.copyOf(views, i + 1); // what follows comes later
      }
    }
    return views;
  }

  private synchronized void sent(long count) {
    sentBytes += count;
    long left = count;
    while (left > 0) {
      Page first = pages.peekFirst();
      int part = (int) Math.min(left, first.bytes.position() - first.sent);
      first.sent += part;
      left -= part;
      if (first.sent == first.bytes.position()) {
        drop(first);
      }
    }
  }

  /** A page of which all was sent is filled anew. */
  private void drop(Page page) {
    if (page.isForeign || (pages.size() > 1 && spare.size() >= MOST_SPARE)) {
      pages.remove();
    } else if (pages.size() > 1) {
      pages.remove();
      spare.add(page.bytes);
    } else {
      page.bytes.clear();
      page.sent = 0;
    }
  }
}
