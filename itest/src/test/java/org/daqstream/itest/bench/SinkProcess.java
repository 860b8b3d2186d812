/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.daqstream.protocol.CommandRequest;

/**
 * The process of all receivers: one thread with one selector over all connections. Commands come
 * line by line on the standard input, each is answered by one line; see {@link Sinks}.
 */
final class SinkProcess {
  private static final int READ_BYTES = 256 * 1024;
  private static final int WARM_UP_COMMANDS = 2_000;

  private final Counters counters;
  private final Selector selector = Selector.open();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<SinkConnection> connections = new ArrayList<>();
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final SlowReaders slow = new SlowReaders();
  private Histogram times;

  private SinkProcess(Path countersFile) throws IOException {
    counters = new Counters(countersFile);
  }

  /**
   * Runs until the standard input ends.
   *
   * @param args file of the counters
   */
  public static void main(String[] args) throws Exception {
    SinkProcess sinks = new SinkProcess(Path.of(args[0]));
    Thread receiver = new Thread(sinks::receive, "sinks");
    receiver.setDaemon(true);
    receiver.start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(sinks.execute(line.split(" ", -1)));
    }
  }

  private String execute(String[] words) {
    try {
      return switch (words[0]) {
        case "stream" -> stream(words);
        case "raw" -> raw(words);
        case "tls" -> tls(words);
        case "rawTls" -> rawTls(words);
        case "slow" -> slow(words);
        case "times" -> onReceiver(this::takeTimes);
        case "close" -> onReceiver(this::closeAll);
        case "respond" -> responseTimes(words);
        default -> "error: unknown command " + words[0];
      };
    } catch (Exception e) {
      return "error: " + e;
    }
  }

  private String onReceiver(Callable<String> call) throws Exception {
    FutureTask<String> task = new FutureTask<>(call);
    tasks.add(task);
    selector.wakeup();
    return task.get();
  }

  /** One client for each list of signal ids. */
  private String stream(String[] words) throws Exception {
    int blockBytes = Integer.parseInt(words[4]);
    for (String ids : words[3].split(";", -1)) {
      StreamPeer peer = new StreamPeer(words[1], Integer.parseInt(words[2]));
      if (!ids.isEmpty()) {
        peer.command(CommandRequest.SUBSCRIBE, List.of(ids.split(",", -1)));
      }
      onReceiver(
          () -> add(peer.channel(), peer.signos(), Long.MAX_VALUE, blockBytes, peer.takeInput()));
    }
    return "ok";
  }

  private String raw(String[] words) throws Exception {
    int count = Integer.parseInt(words[3]);
    long modulus = Long.parseLong(words[4]);
    for (int i = 0; i < count; i++) {
      SocketChannel channel = StreamPeer.connect(words[1], Integer.parseInt(words[2]));
      onReceiver(() -> add(channel, List.of(RawServer.SIGNO), modulus, 0, ByteBuffer.allocate(0)));
    }
    return "ok";
  }

  /** As {@link #stream}, inside TLS: each has a thread that decrypts. */
  private String tls(String[] words) throws Exception {
    String host = words[1];
    int port = Integer.parseInt(words[2]);
    for (String ids : words[3].split(";", -1)) {
      TlsChannel channel = new TlsChannel(host, port);
      StreamPeer peer = new StreamPeer(channel, host, port, "");
      peer.command(CommandRequest.SUBSCRIBE, List.of(ids.split(",", -1)));
      receive(channel, peer.signos(), Long.MAX_VALUE, Integer.parseInt(words[4]), peer.takeInput());
    }
    return "ok";
  }

  private String rawTls(String[] words) throws Exception {
    for (int i = 0; i < Integer.parseInt(words[3]); i++) {
      TlsChannel channel = new TlsChannel(words[1], Integer.parseInt(words[2]));
      receive(
          channel,
          List.of(RawServer.SIGNO),
          Long.parseLong(words[4]),
          0,
          ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN));
    }
    return "ok";
  }

  private void receive(
      TlsChannel channel,
      List<Integer> signos,
      long modulus,
      int blockBytes,
      ByteBuffer alreadyRead)
      throws Exception {
    SinkConnection connection =
        new SinkConnection(channel, connections.size(), modulus, blockBytes, counters);
    connection.watch(signos);
    onReceiver(() -> String.valueOf(connections.add(connection)));
    Thread thread = new Thread(() -> decrypt(channel, connection, alreadyRead), "tls-sink");
    thread.setDaemon(true);
    thread.start();
  }

  private static void decrypt(
      TlsChannel channel, SinkConnection connection, ByteBuffer alreadyRead) {
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    connection.received(alreadyRead, null);
    try {
      connection.putRest(bytes);
      while (channel.read(bytes) >= 0) {
        connection.received(bytes.flip(), null);
        connection.putRest(bytes.clear());
      }
    } catch (IOException e) {
      // closed by whoever ended the measurement
    }
  }

  /** Clients of one signal that read no more than so many bytes a second. */
  private String slow(String[] words) throws Exception {
    for (int i = 0; i < Integer.parseInt(words[3]); i++) {
      StreamPeer peer =
          new StreamPeer(words[1], Integer.parseInt(words[2]), words[5].replace('_', '/'));
      peer.command(CommandRequest.SUBSCRIBE, List.of(words[4]));
      slow.add(peer.channel(), Integer.parseInt(words[6]));
    }
    return "ok";
  }

  private String add(
      SocketChannel channel,
      List<Integer> signos,
      long modulus,
      int blockBytes,
      ByteBuffer alreadyRead)
      throws IOException {
    SinkConnection connection =
        new SinkConnection(channel, connections.size(), modulus, blockBytes, counters);
    connection.watch(signos);
    connection.received(alreadyRead, null);
    connections.add(connection);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, connection);
    return "ok";
  }

  /** Percentiles since the last call, in nanoseconds; from now on times are taken. */
  private String takeTimes() {
    String text = times == null ? "" : times.percentiles().toWords();
    times = new Histogram();
    return text;
  }

  private String closeAll() throws IOException {
    for (SinkConnection connection : connections) {
      connection.channel.close();
    }
    slow.closeAll();
    selector.selectNow(); // lets go of the sockets
    connections.clear();
    times = null;
    counters.clear();
    return "ok";
  }

  private static String responseTimes(String[] words) throws Exception {
    boolean inBand = words[3].equals("in-band");
    int count = Integer.parseInt(words[4]);
    List<String> signals = List.of(words[5].split(",", -1));
    Histogram times = new Histogram();
    try (StreamPeer peer = new StreamPeer(words[1], Integer.parseInt(words[2]))) {
      for (int i = -WARM_UP_COMMANDS; i < count; i++) {
        long start = System.nanoTime();
        respond(peer, inBand, CommandRequest.SUBSCRIBE, signals);
        if (i >= 0) {
          times.record(System.nanoTime() - start);
        }
        respond(peer, inBand, CommandRequest.UNSUBSCRIBE, signals);
        if (!inBand) {
          peer.discardStream();
        }
      }
    }
    return times.percentiles().toWords();
  }

  private static void respond(StreamPeer peer, boolean inBand, String command, List<String> signals)
      throws Exception {
    if (inBand) {
      peer.command(command, signals);
    } else {
      peer.commandByHttp(command, signals);
    }
  }

  private void receive() {
    try {
      while (true) {
        selector.select();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            read((SinkConnection) key.attachment());
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      System.err.println("sinks ended: " + e);
      System.exit(1);
    }
  }

  private void read(SinkConnection connection) throws IOException {
    buffer.clear();
    connection.putRest(buffer);
    if (readInto(connection)) {
      connection.received(buffer.flip(), times);
    } else {
      connection.lost();
    }
  }

  private boolean readInto(SinkConnection connection) {
    try {
      return connection.channel.read(buffer) >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
