/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The network between a server and an edge, which can be cut. */
final class EdgeProxy implements AutoCloseable {
  private final ServerSocket door;
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean isCut;

  EdgeProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "test-edge-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return door.getLocalPort();
  }

  /** Ends all connections, and lets none through. */
  void cut() throws IOException {
    isCut = true;
    for (Socket each : sockets) {
      each.close();
    }
    sockets.clear();
  }

  void mend() {
    isCut = false;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket near = door.accept();
        sockets.add(near);
        if (isCut) {
          near.close();
        } else {
          connect(near);
        }
      } catch (IOException e) {
        sockets.removeIf(Socket::isClosed); // closed, or the server is away
      }
    }
  }

  private void connect(Socket near) throws IOException {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      sockets.add(far);
      thread(() -> copy(near, far));
      thread(() -> copy(far, near));
    } catch (IOException e) {
      near.close();
      throw e;
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      return; // cut
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
