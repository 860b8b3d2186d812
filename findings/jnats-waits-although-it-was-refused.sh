#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     jnats 2.26.2 connects to nats-server 2.15.2 with a wrong password, with a connection
#           time-out of 6 s.
# Expected: the server says "Authorization Violation" within milliseconds, and connect() throws.
# Happens:  the error listener is told at once, connect() throws after the whole time-out.
# For us:   whoever connects in the background interrupts the connecting thread when the server has
#           said that it does not want it.
set -euo pipefail
. "$(dirname "$0")/nats/tools.bash"
cat >"$folder/Seen.java" <<'JAVA'
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class Seen {
  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process server =
        new ProcessBuilder(args[0], "-a", "127.0.0.1", "-p", "" + port, "--user", "u", "--pass", "p")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
    for (String password : new String[] {"p", "other"}) {
      long startNanos = System.nanoTime();
      AtomicLong toldMs = new AtomicLong(-1);
      Options options =
          new Options.Builder()
              .server("nats://127.0.0.1:" + port)
              .userInfo("u".toCharArray(), password.toCharArray())
              .connectionTimeout(Duration.ofSeconds(6))
              .errorListener(
                  new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection connection, String error) {
                      toldMs.compareAndSet(-1, (System.nanoTime() - startNanos) / 1_000_000);
                    }
                  })
              .build();
      boolean connected = false;
      long untilNanos = System.nanoTime() + 10_000_000_000L;
      while (!connected) {
        try (Connection connection = Nats.connect(options)) {
          connected = true;
        } catch (IOException e) {
          if (toldMs.get() >= 0 || System.nanoTime() > untilNanos) {
            break; // refused; before that the server was not up yet
          }
        }
      }
      long ms = (System.nanoTime() - startNanos) / 1_000_000;
      System.out.printf(
          "password %s: %s after %d ms, the listener was told after %d ms%n",
          password, connected ? "connected" : "refused", ms, toldMs.get());
      if (!connected) {
        System.exit(toldMs.get() < 2_000 && ms > 5_000 ? 0 : 1);
      }
    }
    System.exit(1);
  }
}
JAVA
java -cp "$libraries" "$folder/Seen.java" "$server"
