/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/**
 * Jetty's WebSocket connection with two changes: unmasked frames are taken as if they were masked
 * with zeros, because stock clients send them; and nothing is written here, all outgoing frames
 * take the client's one way out.
 */
final class SessionConnection extends WebSocketConnection {
  private static final byte[] ZERO_MASK = new byte[4];

  private final WebSocketSession session;

  SessionConnection(
      EndPoint endPoint,
      Executor executor,
      Scheduler scheduler,
      ByteBufferPool pool,
      WebSocketCoreSession coreSession,
      WebSocketSession session) {
    super(endPoint, executor, scheduler, pool, coreSession);
    this.session = session;
  }

  @Override
  protected void onFrame(Frame.Parsed frame) {
    if (!frame.isMasked()) {
      frame.setMask(ZERO_MASK);
      session.unmasked();
    }
    super.onFrame(frame);
  }

  @Override
  public void enqueueFrame(OutgoingEntry entry) {
    Frame frame = entry.getFrame();
    session.send(frame.getOpCode(), BufferUtil.toArray(frame.getPayload()), entry.getCallback());
  }
}
