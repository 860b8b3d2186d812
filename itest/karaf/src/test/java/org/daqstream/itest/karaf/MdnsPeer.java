/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What another host on loopback hears of us by mDNS: itest's {@code mdns.mjs}, every record. */
final class MdnsPeer implements AutoCloseable {
  private static final int TIMEOUT_S = 30;

  /** Unanswered, they take longer than what is said to all must be apart. */
  private static final int QUESTIONS = 6;

  /** Without its time to live and the instance, as the peer prints it. */
  private static final String POINTER = "_streaming-lt._tcp.local PTR ";

  private final Process process;
  private final Path heard;

  MdnsPeer() throws IOException {
    heard = Files.createTempFile(Path.of(System.getProperty("daqstream.work")), "mdns", ".txt");
    process =
        new ProcessBuilder("node", "mdns.mjs", "127.0.0.1")
            .directory(Path.of(System.getProperty("daqstream.node")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(heard.toFile())
            .start();
  }

  /** Waits until a server on this port is announced; tells by which name. */
  String awaitInstance(int port) throws IOException {
    String location = "._streaming-lt._tcp.local SRV " + port + " ";
    int told = await(0, "multicast id 0 ttl 120 ", location);
    String line = lines().get(told);
    return line.substring("multicast id 0 ttl 120 ".length(), line.indexOf("._streaming-lt"));
  }

  /** What was heard until now. */
  List<String> lines() throws IOException {
    return Files.readAllLines(heard);
  }

  /** Waits until every record of an instance was taken back, and fails if it is told again. */
  void assertGoodbye(int from, String instance) throws IOException {
    String name = instance + "._streaming-lt._tcp.local";
    await(from, "multicast id 0 ttl 0 " + POINTER + name, "");
    await(from, "multicast id 0 ttl 0 " + name + " SRV ", "");
    await(from, "multicast id 0 ttl 0 " + name + " TXT ", "");
    int gone = await(from, "multicast id 0 ttl 0 " + instance + ".local A ", "");
    int asked = await(gone, "asks", "");
    for (int question = 0, at = asked; question < QUESTIONS; question++) {
      at = await(at, "asks", "") + 1;
    }
    List<String> lines = lines();
    assertEquals(
        "told after goodbye",
        List.of(),
        lines.subList(asked, lines.size()).stream()
            .filter(line -> line.contains(instance) && !line.contains(" ttl 0 "))
            .toList());
    lines.subList(from, lines.size()).stream()
        .filter(line -> line.contains(" ttl 0 ") && line.contains(instance))
        .forEach(line -> System.out.println("mdns> " + line));
  }

  private int await(int from, String start, String part) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    for (int at = from; ; ) {
      for (List<String> lines = lines(); at < lines.size(); at++) {
        if (lines.get(at).startsWith(start) && lines.get(at).contains(part)) {
          return at;
        }
      }
      assertTrue(start + "..." + part + " not heard", System.nanoTime() < deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.delete(heard);
  }
}
