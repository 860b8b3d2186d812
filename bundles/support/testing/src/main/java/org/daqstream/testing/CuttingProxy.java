/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in front of a server of the loopback and ends each connection after a random number of
 * bytes in either direction, from none on, or a random time, by a reset or a plain end, until it is
 * told to be calm.
 */
public final class CuttingProxy implements AutoCloseable {
  private static final String THREAD = "cutting-proxy";
  private static final int FEW_BYTES = 1_500; // that is within the greetings
  private static final int MANY_BYTES = 20_000;
  private static final int MOST_MS = 200;

  private final int target;
  private final Random random;
  private final ServerSocket listener;
  private final Set<Cut> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> thread(task));
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean calm;
  private volatile int bytesPerSecond = Integer.MAX_VALUE;

  /**
   * Listens on a port of its own.
   *
   * @param target port of the server
   * @param seed decides where it cuts
   */
  public CuttingProxy(int target, long seed) throws IOException {
    this.target = target;
    random = new Random(seed);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept).start();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, THREAD);
    thread.setDaemon(true);
    return thread;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections came. */
  public int connections() {
    return connections.get();
  }

  /** How fast what clients send goes on from now on. */
  public void slowDown(int rate) {
    bytesPerSecond = rate;
  }

  /** From now on nothing is cut, but for one last time what is open. */
  public void calm() {
    calm = true;
    open.forEach(Cut::end);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connections.incrementAndGet();
        try {
          Cut cut = new Cut(client, new Socket(InetAddress.getLoopbackAddress(), target));
          open.add(cut);
          thread(() -> cut.copy(cut.client, cut.server, true)).start();
          thread(() -> cut.copy(cut.server, cut.client, false)).start();
          if (listener.isClosed()) {
            cut.end();
          } else if (cut.limited) {
            int afterMs = calm ? 0 : random.nextInt(MOST_MS);
            ScheduledFuture<?> unused = timer.schedule(cut::end, afterMs, TimeUnit.MILLISECONDS);
          }
        } catch (IOException | RejectedExecutionException e) { // no server, or closed
          client.close();
        }
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  /** One connection, and how much of it is let through. */
  private final class Cut {
    private final Socket client;
    private final Socket server;
    private final boolean ofClient;
    private final boolean reset;
    private final boolean limited = !calm;
    private long left;
    private boolean ended;

    Cut(Socket client, Socket server) {
      this.client = client;
      this.server = server;
      ofClient = random.nextBoolean();
      reset = random.nextBoolean();
      int most = random.nextBoolean() ? FEW_BYTES : MANY_BYTES;
      left = limited ? random.nextInt(most) : Long.MAX_VALUE;
    }

    void copy(Socket from, Socket to, boolean isOfClient) {
      byte[] buffer = new byte[16 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          int let = isOfClient == ofClient ? (int) Math.min(count, left) : count;
          out.write(buffer, 0, let);
          if (isOfClient) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(let) / bytesPerSecond);
          }
          if (isOfClient == ofClient) {
            left -= let;
            if (left == 0) {
              break;
            }
          }
        }
      } catch (IOException e) {
        // ended by one of the two, or by the other thread
      }
      end();
    }

    synchronized void end() {
      if (ended) {
        return;
      }
      ended = true;
      open.remove(this);
      close(client);
      close(server);
    }

    private void close(Socket socket) {
      try {
        if (reset) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException e) {
        // gone already
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    calm();
    timer.shutdownNow();
    Await.noThread(THREAD);
  }
}
