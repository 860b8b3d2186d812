/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * A server on the loopback that plays a script to each client: the first one gets the first script,
 * and all behind the last script the last one. What a script throws fails {@link #close}.
 */
final class ScriptedServer implements AutoCloseable {
  /** What a server says to one client, and expects of it. */
  interface Script {
    void play(ServerLine line) throws Exception;
  }

  private static final int BACKLOG = 50;

  private final ServerSocket socket;
  private final List<Script> scripts;
  private final List<ServerLine> lines = new ArrayList<>(); // under its monitor
  private final List<Throwable> failures = new ArrayList<>(); // under the monitor of lines
  private volatile boolean isClosed;

  ScriptedServer(Script... scripts) throws IOException {
    this(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), scripts);
  }

  /** On a socket of another kind. */
  ScriptedServer(ServerSocket socket, Script... scripts) {
    this.scripts = List.of(scripts);
    this.socket = socket;
    daemon(this::accept).start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "scripted-server");
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return socket.getLocalPort();
  }

  String address() {
    return "ws://127.0.0.1:" + port();
  }

  /** How many clients have come. */
  int clients() {
    synchronized (lines) {
      return lines.size();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        ServerLine line = new ServerLine(client, address());
        Script script;
        synchronized (lines) {
          script = scripts.get(Math.min(lines.size(), scripts.size() - 1));
          lines.add(line);
        }
        daemon(() -> play(script, line)).start();
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private void play(Script script, ServerLine line) {
    try {
      script.play(line);
    } catch (SocketException e) {
      // The client has left.
    } catch (Exception | AssertionError e) {
      if (!isClosed) {
        synchronized (lines) {
          failures.add(e);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    socket.close();
    synchronized (lines) {
      for (ServerLine each : lines) {
        each.close();
      }
      if (!failures.isEmpty()) {
        throw new AssertionError("a script failed", failures.get(0));
      }
    }
  }
}
