#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     a watch of jnats 2.26.2 on a key-value bucket of nats-server 2.15.2; the bucket is
#           deleted, made again, and three values are put.
# Expected: the watch tells all three, or that it has ended.
# Happens:  it says nothing for about half a minute, then tells the values behind the revision that
#           it had come to in the old bucket: the first one never comes.
# For us:   who watches looks now and then whether the bucket is still the same, and watches anew.
set -euo pipefail
. "$(dirname "$0")/nats/tools.bash"
cat >"$folder/Seen.java" <<'JAVA'
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatchOption;
import io.nats.client.api.KeyValueWatcher;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

class Seen {
  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process server =
        new ProcessBuilder(args[0], "-a", "127.0.0.1", "-p", "" + port, "-js", "-sd", args[1])
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
    Connection connection = connect("nats://127.0.0.1:" + port);
    KeyValueManagement buckets = connection.keyValueManagement();
    KeyValueConfiguration bucket = KeyValueConfiguration.builder().name("b").build();
    buckets.create(bucket);
    KeyValue values = connection.keyValue("b");
    values.put("old", "1");
    Set<String> told = new ConcurrentSkipListSet<>();
    KeyValueWatcher watcher =
        new KeyValueWatcher() {
          @Override
          public void watch(KeyValueEntry entry) {
            told.add(entry.getKey());
          }

          @Override
          public void endOfData() {}
        };
    values.watchAll(watcher, KeyValueWatchOption.INCLUDE_HISTORY);
    long startNanos = System.nanoTime();
    while (told.isEmpty() && System.nanoTime() - startNanos < 10_000_000_000L) {
      Thread.sleep(10);
    }
    buckets.delete("b");
    buckets.create(bucket);
    for (String key : new String[] {"first", "second", "third"}) {
      values.put(key, "2");
    }
    startNanos = System.nanoTime();
    while (told.size() < 4 && System.nanoTime() - startNanos < 60_000_000_000L) {
      Thread.sleep(100);
      if (told.contains("third")) {
        System.out.printf(
            "told %s after %d ms%n", told, (System.nanoTime() - startNanos) / 1_000_000);
        System.exit(told.contains("first") ? 1 : 0);
      }
    }
    System.out.println("told " + told + " after a minute");
    System.exit(1);
  }

  /** As soon as the server is up. */
  private static Connection connect(String url) throws Exception {
    Options options =
        new Options.Builder().server(url).errorListener(new ErrorListener() {}).build();
    long untilNanos = System.nanoTime() + 10_000_000_000L;
    while (true) {
      try {
        return Nats.connect(options);
      } catch (IOException e) {
        if (System.nanoTime() > untilNanos) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }
}
JAVA
java -cp "$libraries" "$folder/Seen.java" "$server" "$folder/kept"
