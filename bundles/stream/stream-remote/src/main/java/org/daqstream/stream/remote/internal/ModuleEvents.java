/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.wire.support.Wire;

/**
 * Passes the events of one stream on, as far as the module has room for them: each call waits for
 * that, and does all else that the connection has to do meanwhile.
 */
final class ModuleEvents implements StreamCallback, StreamListener {
  private final ModuleLink link;
  private final ModuleStream stream;

  ModuleEvents(ModuleLink link, ModuleStream stream) {
    this.link = link;
    this.stream = stream;
  }

  @Override
  public void data(long peerId, ByteBuffer data) {
    link.sendData(stream, peerId, data);
  }

  @Override
  public void peerUp(long peerId, String address) {
    if (stream.wantsNews) {
      link.sendNews(stream, () -> news(Wire.PEER_UP, peerId, address));
    }
  }

  @Override
  public void peerDown(long peerId, String cause) {
    if (stream.wantsNews) {
      link.sendNews(stream, () -> news(Wire.PEER_DOWN, peerId, cause));
    }
  }

  private ByteBuffer news(int type, long peerId, String text) {
    return RuntimeFrames.peer(type, stream.number, peerId, text);
  }

  @Override
  public void ended(String cause) {
    stream.endedCause = cause;
    link.sendNews(stream, () -> RuntimeFrames.ended(stream.number, cause));
  }
}
