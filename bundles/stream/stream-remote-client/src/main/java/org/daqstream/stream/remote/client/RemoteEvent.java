/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.nio.ByteBuffer;
import org.daqstream.stream.support.ClientEvent;

/**
 * Something a module will hear of.
 *
 * @param link to be told when it is done; null for what the library found out itself
 * @param data null unless it is data
 * @param text null when it is data
 */
record RemoteEvent(
    RemoteStream stream,
    Kind kind,
    RuntimeLink link,
    long peerId,
    ByteBuffer data,
    String text,
    int bytes)
    implements ClientEvent {
  enum Kind {
    DATA,
    PEER_UP,
    PEER_DOWN,
    ENDED
  }

  static RemoteEvent data(RemoteStream stream, RuntimeLink link, long peerId, ByteBuffer data) {
    return new RemoteEvent(stream, Kind.DATA, link, peerId, data, null, data.remaining());
  }

  static RemoteEvent news(
      RemoteStream stream, RuntimeLink link, Kind kind, long peerId, String text) {
    return new RemoteEvent(stream, kind, link, peerId, null, text, 0);
  }

  @Override
  public boolean isOutdated() {
    return stream.isClosed();
  }

  @Override
  public void deliver() {
    try {
      switch (kind) {
        case DATA -> stream.callback.data(peerId, data);
        case PEER_UP -> stream.listener.peerUp(peerId, text);
        case PEER_DOWN -> stream.listener.peerDown(peerId, text);
        case ENDED -> stream.listener.ended(text);
      }
    } finally {
      drop();
    }
  }

  @Override
  public void drop() {
    if (kind == Kind.DATA) {
      stream.done(bytes);
    }
    if (link != null) {
      link.done(bytes);
    }
  }
}
