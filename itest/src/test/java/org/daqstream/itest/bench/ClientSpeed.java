/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast the client library reads and decodes a signal that comes as fast as it is taken, beside
 * a socket that reads and discards; and beside the openDAQ SDK's WebSocket client where its Python
 * is told by the property {@code sdk.python}.
 */
final class ClientSpeed {
  private static final List<Integer> PAYLOADS = List.of(64, 128, 1_024, 65_520);

  /** The SDK takes no larger packet rates than with this. */
  private static final int SDK_PAYLOAD_BYTES = 128;

  private static final String[] WAYS = {"discard", "direct", "queued", "sdk"};

  private record Row(String way, int payloadBytes) {}

  /** Payload bytes in a second; processor time of the reading process in a second. */
  private record Result(double bytesPerSecond, double cores) {}

  private final Bench bench;
  private final Map<Row, List<Result>> results = new HashMap<>();

  ClientSpeed(Bench bench) {
    this.bench = bench;
  }

  void run(PrintStream out, int rounds, List<Integer> payloads) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (int payload : payloads) {
        for (String way : WAYS) {
          if (!way.equals("sdk") || isForSdk(payload)) {
            Bench.add(results, new Row(way, payload), measure(way, payload));
          }
        }
      }
    }
    out.printf(
        "%nClient: reads and decodes real64 as fast as it can; discard: reads only%n"
            + "payload |    discard |     direct, %% of a core   of discard |     queued, %% of a core"
            + "   of discard |  SDK 3.40%n"
            + "      B |  MB/s      |  MB/s  packets/s x 1000                |  MB/s  packets/s x"
            + " 1000               |  samples/s x 1000, direct is x times%n");
    for (int payload : payloads) {
      print(out, payload);
    }
  }

  static List<Integer> payloads() {
    return PAYLOADS;
  }

  private static boolean isForSdk(int payload) {
    return payload == SDK_PAYLOAD_BYTES && System.getProperty("sdk.python") != null;
  }

  private void print(PrintStream out, int payload) {
    double discard = median("discard", payload).bytesPerSecond();
    StringBuilder line = new StringBuilder("%7d | %5.0f     ".formatted(payload, discard / 1e6));
    for (String way : List.of("direct", "queued")) {
      Result result = median(way, payload);
      line.append(
          " | %5.0f  %7.0f  %3.0f %%  %5.2f      "
              .formatted(
                  result.bytesPerSecond() / 1e6,
                  result.bytesPerSecond() / payload / 1e3,
                  100 * result.cores(),
                  result.bytesPerSecond() / discard));
    }
    if (isForSdk(payload)) {
      double sdk = median("sdk", payload).bytesPerSecond() / Double.BYTES;
      double ours = median("direct", payload).bytesPerSecond() / Double.BYTES;
      line.append(" | %7.0f, x %.1f".formatted(sdk / 1e3, ours / sdk));
    }
    out.println(line);
  }

  private Result median(String way, int payload) {
    List<Result> all = results.get(new Row(way, payload));
    return new Result(Bench.median(all, Result::bytesPerSecond), Bench.median(all, Result::cores));
  }

  private Result measure(String way, int payloadBytes) throws Exception {
    try (FloodServer server = new FloodServer(payloadBytes)) {
      Endpoint endpoint = server.endpoint();
      Process process = start(way, endpoint);
      server.flood();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = lines.readLine();
        if (line == null) {
          throw new IOException("the reading process (" + way + ") printed nothing");
        }
        String[] numbers = line.split(" ", -1);
        double seconds = Long.parseLong(numbers[1]) / 1e9;
        double payloadPart =
            way.equals("discard")
                ? (double) payloadBytes / RawServer.frameBytes(payloadBytes)
                : 1; // the others count payload
        return new Result(
            Long.parseLong(numbers[0]) * payloadPart / seconds,
            Long.parseLong(numbers[2]) / 1e9 / seconds);
      } finally {
        process.destroy();
        process.onExit().join();
      }
    }
  }

  private Process start(String way, Endpoint endpoint) throws IOException {
    List<String> command = new ArrayList<>();
    if (way.equals("sdk")) {
      command.add(System.getProperty("sdk.python"));
      command.add(Path.of("sdk", "speed.py").toString());
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xmx512m",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              ClientProcess.class.getName(),
              way));
    }
    command.addAll(
        List.of(
            endpoint.host(),
            Integer.toString(endpoint.port()),
            Long.toString(2 * bench.warmUpNanos()),
            Long.toString(bench.measureNanos())));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
