/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import org.daqstream.base.support.ForeignText;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.wire.support.FrameBody;
import org.daqstream.stream.wire.support.FrameException;

/** What the frames of the runtime say of one stream, but for events. */
final class StreamFrames {
  private StreamFrames() {}

  static StreamResult result(FrameBody body) throws FrameException {
    int number = body.u8();
    StreamResult[] all = StreamResult.values();
    if (number >= all.length) {
      throw new FrameException("a result " + number);
    }
    return all[number];
  }

  static RemoteStream stream(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = on.streams.get((int) body.u32());
    if (stream == null) {
      throw new FrameException("a stream that is not known");
    }
    return stream;
  }

  static void opened(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = stream(on, body);
    RemoteStream.Opened opened =
        new RemoteStream.Opened(
            result(body),
            body.i32(),
            body.u32(),
            body.u32(),
            body.u32(),
            body.text(),
            ForeignText.plain(body.text()));
    body.end();
    stream.opened(opened);
  }

  static void taken(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = stream(on, body);
    stream.taken(body.u32(), body.u64());
    body.end();
  }

  static void lost(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = stream(on, body);
    result(body);
    stream.lost(body.u32(), body.u64(), ForeignText.plain(body.text()));
    body.end();
  }

  static void closed(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = stream(on, body);
    if (!stream.closed(result(body), body.u64(), body.u64())) {
      throw new FrameException("CLOSED of what was not to be closed");
    }
    body.end();
  }
}
