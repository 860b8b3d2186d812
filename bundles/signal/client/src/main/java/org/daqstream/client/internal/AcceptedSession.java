/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TokenSource;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;

/** The session on a connection that somebody else has made. */
public final class AcceptedSession {
  private static final int COMMAND_MS = 10_000;
  private static final int NEVER_MS = Integer.MAX_VALUE;

  /** What the descriptions of many signals are together, for each. */
  private static final long DOCUMENT_BYTES = 4096;

  private final ClientEngine engine;
  private final RemoteSession session;
  private boolean isClosed; // under the lock

  public AcceptedSession(
      DeviceAddress address,
      int packetLimitBytes,
      int signalsLimit,
      Predicate<byte[]> sender,
      ConnectionListener listener) {
    ClientSettings settings =
        new ClientSettings(
            address,
            "",
            null,
            COMMAND_MS,
            COMMAND_MS,
            NEVER_MS,
            0,
            0,
            0,
            signalsLimit,
            0,
            null,
            TokenSource.NONE);
    engine = new ClientEngine(settings, listener);
    Limits limits = limits(packetLimitBytes);
    session = new RemoteSession(limits, signalsLimit, signalsLimit * DOCUMENT_BYTES, engine);
    engine.attach(
        new Sender() {
          @Override
          public boolean send(Metadata message) {
            return sender.test(MetadataCodec.packet(0, message));
          }

          @Override
          public boolean mayPost() {
            return false; // nobody has this side call wherever he likes
          }
        });
  }

  private static Limits limits(int bytes) {
    Limits most = Limits.DEFAULT;
    return new Limits(
        bytes,
        bytes,
        most.depth(),
        Math.min(most.nodes(), bytes),
        Math.min(most.stringBytes(), bytes));
  }

  public ClientEngine engine() {
    return engine;
  }

  /** Takes a packet; none when the connection is gone. */
  public synchronized void packet(int signo, int type, ByteBuffer payload) {
    if (!isClosed) {
      session.packet(signo, type, payload);
      session.flush();
    }
  }

  /** The connection is gone. */
  public void closed(String why) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    engine.detach(why);
  }
}
