#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     nats-server 2.15.2 with JetStream in files; jnats 2.26.2 takes 2000 messages from a
#           durable pull consumer and confirms each by ackSync, which waits until the server has the
#           acknowledgement. Then the server is killed (-9), started again, and asked for more.
# Expected: what was confirmed does not come again.
# Happens:  a hundred to some hundreds are delivered again. Stored messages are all there.
# For us:   an input that delivers at least once recognizes what its module has got already.
set -euo pipefail
. "$(dirname "$0")/nats/tools.bash"
cat >"$folder/Seen.java" <<'JAVA'
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;

class Seen {
  static Connection connect(int port) throws Exception {
    for (int i = 0; ; i++) {
      try {
        Connection connection =
            Nats.connect(
                new Options.Builder().server("nats://127.0.0.1:" + port).noReconnect().build());
        connection.jetStreamManagement().getStreamNames();
        return connection;
      } catch (Exception e) {
        if (i > 100) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  static Process start(String[] args, int port) throws IOException {
    Process server =
        new ProcessBuilder(
                args[0], "-js", "-a", "127.0.0.1", "-p", "" + port, "-sd", args[1] + "/data")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
    return server;
  }

  static int take(Connection connection, int wanted) throws Exception {
    JetStreamSubscription subscription =
        connection.jetStream().subscribe(null, PullSubscribeOptions.bind("s", "d"));
    int count = 0;
    while (count < wanted) {
      var batch = subscription.fetch(Math.min(100, wanted - count), Duration.ofSeconds(2));
      if (batch.isEmpty()) {
        return count;
      }
      for (Message message : batch) {
        message.ackSync(Duration.ofSeconds(5));
        count++;
      }
    }
    return count;
  }

  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process server = start(args, port);
    int count = 2000;
    Connection connection = connect(port);
    connection
        .jetStreamManagement()
        .addStream(StreamConfiguration.builder().name("s").subjects("s").build());
    connection
        .jetStreamManagement()
        .createConsumer(
            "s", io.nats.client.api.ConsumerConfiguration.builder().durable("d").build());
    for (int i = 0; i < count; i++) {
      connection.jetStream().publish("s", new byte[10]);
    }
    int first = take(connection, count);
    server.destroyForcibly().waitFor();
    connection.close();
    server = start(args, port);
    Connection second = connect(port);
    long stored = second.jetStreamManagement().getStreamInfo("s").getStreamState().getMsgCount();
    int again = take(second, count);
    System.out.printf(
        "confirmed %d, stored after the kill %d, delivered again %d%n", first, stored, again);
    second.close();
    System.exit(again > 0 && stored == count ? 0 : 1);
  }
}
JAVA
java -cp "$libraries" "$folder/Seen.java" "$server" "$folder" 2>"$folder/errors" ||
  {
    cat "$folder/errors"
    exit 1
  }
