/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.daqstream.testing.NatsServer;

/**
 * A runtime that measures, servers of NATS, and an edge, each a process: one signal goes over a
 * server alone, whose network can be cut at both ends, and over three of a cluster, each with a
 * stream and without.
 */
final class NatsHall implements AutoCloseable {
  static final int RATE_HZ = 1_000;
  static final String SOURCE = "sim/0";

  /** How long publishers may be silent until their signals are withdrawn. */
  static final int PUBLISHER_TIMEOUT_MS = Integer.getInteger("daqstream.publisherTimeoutMs", 6_000);

  /** Which way a signal takes. */
  enum Way {
    PLAIN(false, false),
    KEPT(true, false),
    CLUSTER_PLAIN(false, true),
    CLUSTER_KEPT(true, true);

    final boolean isKept;
    final boolean isCluster;

    Way(boolean isKept, boolean isCluster) {
      this.isKept = isKept;
      this.isCluster = isCluster;
    }

    String subject() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The signal's id at the edge. */
    String signalId() {
      return subject() + "/" + SOURCE;
    }
  }

  final NatsServer alone;
  final List<NatsServer> cluster;
  final TcpProxy toPublisher;
  final TcpProxy toEdge;
  private final Path folder;
  private final int acquisitionPort = freePort();
  private final int edgePort = freePort();
  private RunningProcess acquisition;
  private RunningProcess edge;

  /** Starts all; homes are in the folder. */
  NatsHall(Path folder) throws Exception {
    this.folder = folder;
    alone = NatsServer.jetStream();
    cluster = NatsServer.cluster(3);
    toPublisher = new TcpProxy(alone.port());
    toEdge = new TcpProxy(alone.port());
    Path home = home(folder, "acquisition", acquisitionPort);
    Files.writeString(
        home.resolve("conf/org.daqstream.source.simulator-sim.cfg"),
        "prefix = sim\nrateHz = %d\nwaveform = counter\ndataType = int64\n".formatted(RATE_HZ));
    for (Way way : Way.values()) {
      Files.writeString(
          home.resolve("conf/org.daqstream.nats.publish-" + way.subject() + ".cfg"),
          """
          url = %s
          subject = %s
          signals = sim/**
          jetstream = %s
          keepBytes = 67108864
          replicas = %d
          """
              .formatted(url(way, toPublisher), way.subject(), way.isKept, way.isCluster ? 3 : 1));
    }
    configureImports(home(folder, "edge", edgePort), "");
    startAcquisition();
    startEdge();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A home in a folder for a runtime without signals of its own. */
  static Path home(Path folder, String name, int port) throws IOException {
    Path home = folder.resolve(name);
    Distribution.configureServer(
        home, "host = 127.0.0.1\nport = %d\ncontrolPort = 0\n".formatted(port));
    Files.writeString(
        home.resolve("conf/org.daqstream.discovery.cfg"), "announce = false\nbrowse = false\n");
    return home;
  }

  /** Has an edge import all, with more lines of configuration. */
  void configureImports(Path home, String more) throws IOException {
    for (Way way : Way.values()) {
      Files.writeString(
          home.resolve("conf/org.daqstream.nats.import-" + way.subject() + ".cfg"),
          "url = %s\nsubject = %s\nprefix = %s/\npublisherTimeoutMs = %d\n%s"
              .formatted(
                  url(way, toEdge), way.subject(), way.subject(), PUBLISHER_TIMEOUT_MS, more));
    }
  }

  private String url(Way way, TcpProxy proxy) {
    return way.isCluster
        ? cluster.stream().map(NatsServer::url).collect(Collectors.joining(","))
        : "nats://127.0.0.1:" + proxy.port();
  }

  String acquisitionUrl() {
    return "ws://127.0.0.1:" + acquisitionPort;
  }

  String edgeUrl() {
    return "ws://127.0.0.1:" + edgePort;
  }

  void startAcquisition() throws IOException {
    acquisition = Distribution.start(folder.resolve("acquisition"));
  }

  void startEdge() throws IOException {
    edge = Distribution.start(folder.resolve("edge"));
  }

  /** As {@code kill -9}. */
  void killAcquisition() {
    acquisition.close();
  }

  /** As {@code kill -9}. */
  void killEdge() {
    edge.close();
  }

  /** Which server of the cluster has the connection that publishes into its stream. */
  NatsServer serverOfPublisher() {
    String start = Way.CLUSTER_KEPT.subject() + ": sends signals to n";
    List<String> lines = acquisition.lines(line -> line.contains(start));
    String last = lines.get(lines.size() - 1);
    return cluster.get(last.charAt(last.indexOf(start) + start.length()) - '0');
  }

  /** What the edge and the runtime that measures have said, for whoever looks at a failure. */
  Map<String, List<String>> lines() {
    return Map.of("acquisition", acquisition.lines(), "edge", edge.lines());
  }

  @Override
  public void close() throws IOException {
    if (edge != null) {
      edge.close();
    }
    if (acquisition != null) {
      acquisition.close();
    }
    toEdge.close();
    toPublisher.close();
    alone.close();
    for (NatsServer each : cluster) {
      each.close();
    }
  }
}
