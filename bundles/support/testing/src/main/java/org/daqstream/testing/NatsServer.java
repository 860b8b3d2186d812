/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real {@code nats-server} on free ports of the loopback, with its data in a folder of its own; a
 * test that has none is left out. It comes back on the same ports with the same data.
 */
public final class NatsServer implements AutoCloseable {
  private static final long START_MS = 30_000;
  private static final String JETSTREAM =
      "jetstream { store_dir: \"%s\", max_mem: 256M, max_file: 1G }\n";

  private final Path folder;
  private final String name;
  private final int port;
  private final Path configuration;
  private final Path log;
  private Process process;

  private NatsServer(String name, int port, String configuration) throws IOException {
    folder = Files.createTempDirectory("daqstream-nats");
    this.name = name;
    this.port = port;
    this.configuration = folder.resolve("nats.conf");
    log = folder.resolve("nats.log");
    write(configuration);
    start();
  }

  private void write(String text) throws IOException {
    Files.writeString(
        configuration,
        "server_name: %s\nlisten: \"127.0.0.1:%d\"\n".formatted(name, port)
            + text.replace("$FOLDER", folder.toString()));
  }

  /** Without JetStream. */
  public static NatsServer core() throws IOException {
    return with("");
  }

  /** With JetStream. */
  public static NatsServer jetStream() throws IOException {
    return with(jetStreamBlock());
  }

  /** With JetStream and more: limits, for example. */
  public static NatsServer jetStream(String more) throws IOException {
    return with(jetStreamBlock() + more);
  }

  /** With a configuration besides name and address; {@code $FOLDER} is a folder of its own. */
  public static NatsServer with(String configuration) throws IOException {
    need();
    return new NatsServer("one", freePorts(1).get(0), configuration);
  }

  /** Some with JetStream that know each other, named {@code n0} and so on. */
  public static List<NatsServer> cluster(int size) throws IOException {
    need();
    List<Integer> ports = freePorts(2 * size);
    String routes =
        IntStream.range(0, size)
            .mapToObj(i -> "\"nats://127.0.0.1:" + ports.get(size + i) + "\"")
            .collect(Collectors.joining(", "));
    List<NatsServer> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String cluster =
          "cluster { name: c, listen: \"127.0.0.1:%d\", routes: [%s] }\n"
              .formatted(ports.get(size + i), routes);
      servers.add(new NatsServer("n" + i, ports.get(i), jetStreamBlock() + cluster));
    }
    return servers;
  }

  private static String jetStreamBlock() {
    return JETSTREAM.formatted("$FOLDER");
  }

  /** Leaves the test out where there is no {@code nats-server}. */
  public static void need() {
    Needs.that(program().isPresent(), "nats-server, which itest/run builds where there is Go");
  }

  private static Optional<Path> program() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "nats-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Starts it again after {@link #stop} or {@link #kill}, and waits until it is ready. */
  public void start() throws IOException {
    int from = Files.exists(log) ? log().length() : 0; // in characters, some of several bytes
    process =
        new ProcessBuilder(program().orElseThrow().toString(), "--config", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Await.until(
        "nats-server",
        START_MS,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("nats-server has ended: " + log());
          }
          return log().substring(from).contains("Server is ready");
        });
  }

  /** What it has said. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address for clients. */
  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Of its process. */
  public long pid() {
    return process.pid();
  }

  /** Ends it as an operator does. */
  public void stop() {
    process.destroy();
    process.onExit().join();
  }

  /** Ends it in the middle of everything. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Has the system stop it, so that it does not answer, or go on. */
  public void pause(boolean paused) throws IOException {
    signal(paused ? "-STOP" : "-CONT");
    Await.until("signal", () -> isPaused() == paused);
  }

  /** A signal takes its time where other threads wait for a processor, too. */
  private boolean isPaused() {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
      return threads.allMatch(
          thread -> {
            try {
              String stat = Files.readString(thread.resolve("stat"));
              return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
            } catch (IOException e) {
              return true; // it has ended
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has it read another configuration while it runs, given as to {@link #with}. */
  public void reload(String text) throws IOException {
    int from = log().length();
    write(text);
    signal("-HUP");
    Await.until("reload", () -> log().substring(from).contains("Reloaded server configuration"));
  }

  private void signal(String which) throws IOException {
    new ProcessBuilder("kill", which, Long.toString(pid())).start().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
