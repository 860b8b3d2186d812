/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;

/** A register with one client, whose peer the test plays. */
final class StubRegister implements StreamRegister, StreamClient {
  final Map<String, List<StreamDefinition>> instances = new TreeMap<>();
  final Map<String, Set<String>> sources = new TreeMap<>();
  final List<StreamInfo> open = new ArrayList<>();
  final List<ManifestProblem> problems = new ArrayList<>();
  final List<String> log = new ArrayList<>();

  /** What the stream does when it is polled; then nothing comes any more. */
  final Queue<BiConsumer<StreamCallback, StreamListener>> events = new ArrayDeque<>();

  StreamResult writeResult = StreamResult.OK;
  StreamStatistics statistics = StreamStatistics.NONE;
  String ended = "";
  CloseResult closeResult = new CloseResult(StreamResult.OK, 0, 0);
  private StreamCallback callback;
  private StreamListener listener;

  @Override
  public StreamClient client(String instance) {
    log.add("client " + instance);
    return this;
  }

  @Override
  public void deploy(String source, String manifest) throws ManifestException {
    if (!problems.isEmpty()) {
      throw new ManifestException(source, problems);
    }
    log.add("deploy " + source + " " + manifest);
    sources.put(source, Set.of("camera"));
  }

  @Override
  public void undeploy(String source) {
    sources.remove(source);
  }

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    return instances;
  }

  @Override
  public Map<String, Set<String>> sources() {
    return sources;
  }

  @Override
  public Set<String> types() {
    return Set.of("posix");
  }

  @Override
  public List<StreamInfo> streams() {
    return open;
  }

  @Override
  public String instance() {
    return "camera";
  }

  @Override
  public int openInput(String name, StreamCallback newCallback, StreamListener newListener)
      throws StreamException {
    if (name.equals("busy")) {
      throw new StreamException(StreamResult.ERROR, "port 5555: Address already in use");
    }
    callback = newCallback;
    listener = newListener;
    log.add("in " + name);
    return 1;
  }

  @Override
  public int openOutput(String name, StreamListener newListener) {
    log.add("out " + name);
    return 1;
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    byte[] copy = new byte[message.remaining()];
    message.duplicate().get(copy);
    log.add("write " + java.util.HexFormat.of().formatHex(copy));
    return writeResult;
  }

  @Override
  public CloseResult close(int handle) {
    return close(handle, 0);
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    log.add("close " + flushTimeoutMs);
    return closeResult;
  }

  @Override
  public StreamResult processEvent(long timeoutMs) {
    if (events.isEmpty()) {
      return StreamResult.SHOULDEXIT;
    }
    events.remove().accept(callback, listener);
    return StreamResult.OK;
  }

  @Override
  public void dispatchOn(Executor executor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void requestStop() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StreamInfo> info(int handle) {
    return Optional.of(
        new StreamInfo("camera", handle, instances.get("camera").get(0), ended, 5555, statistics));
  }

  @Override
  public void close() {
    log.add("close client");
  }
}
