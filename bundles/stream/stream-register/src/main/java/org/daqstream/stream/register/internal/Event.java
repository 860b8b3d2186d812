/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.ByteBuffer;
import org.daqstream.stream.support.ClientEvent;

/**
 * Something a module will hear of, in its queue.
 *
 * @param peerId which connection; 0 for {@link Kind#ENDED}
 * @param data for {@link Kind#DATA}, else null
 * @param release for {@link Kind#DATA}, to be run once, or null
 * @param text address or cause; null for {@link Kind#DATA}
 */
record Event(
    OpenStream stream,
    Kind kind,
    long peerId,
    ByteBuffer data,
    Runnable release,
    String text,
    int bytes)
    implements ClientEvent {
  enum Kind {
    DATA,
    PEER_UP,
    PEER_DOWN,
    ENDED
  }

  static Event data(OpenStream stream, long peerId, ByteBuffer data, Runnable release) {
    ByteBuffer readOnly = data.isReadOnly() ? data : data.asReadOnlyBuffer();
    return new Event(stream, Kind.DATA, peerId, readOnly, release, null, data.remaining());
  }

  static Event news(OpenStream stream, Kind kind, long peerId, String text) {
    return new Event(stream, kind, peerId, null, null, text, 0);
  }

  @Override
  public boolean isOutdated() {
    return stream.isClosed();
  }

  @Override
  public void deliver() {
    stream.deliver(this);
  }

  @Override
  public void drop() {
    stream.forget(this);
  }
}
