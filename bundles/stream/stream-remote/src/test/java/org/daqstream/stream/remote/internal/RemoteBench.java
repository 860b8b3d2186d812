/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.config.support.Values;
import org.daqstream.security.api.Authenticator;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.daqstream.stream.remote.client.RemoteStreams;

/** A runtime's end for modules, on a socket of its own, and clients that it sees to the end of. */
public final class RemoteBench implements AutoCloseable {
  public final Path folder;
  public final Path socket;
  final StreamRegister register;
  private final Map<String, Object> properties = new HashMap<>();
  private final List<Authenticator> authenticators = new CopyOnWriteArrayList<>();
  private final List<StreamClient> clients = new ArrayList<>();
  private ModuleHub hub;

  /** Listens, with keys and values in turn. */
  public RemoteBench(StreamRegister register, Object... keysAndValues) {
    this.register = register;
    try {
      folder = Files.createTempDirectory("remote");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    socket = folder.resolve("run").resolve("s");
    properties.put("socket", "run/s");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    start();
  }

  /** Begins to listen. */
  public void start() {
    Settings settings = Settings.of(Values.of(RemoteComponent.Config.class, properties), folder);
    hub = new ModuleHub(settings, register, new Admission(settings, authenticators));
    hub.start();
  }

  /** Ends listening, and all connections. */
  public void stop() {
    hub.stop();
  }

  /** What the host tells. */
  public List<ModuleStatus> modules() {
    return hub.modules();
  }

  /** What went over connections. */
  public List<ModuleTraffic> traffic() {
    return hub.traffic();
  }

  /** How many the host has turned away. */
  public long refused() {
    return hub.refused();
  }

  /** What the host does. */
  public boolean requestStop(String instance) {
    return hub.requestStop(instance);
  }

  ModuleHub hub() {
    return hub;
  }

  /** Has somebody know people. */
  public void trust(Authenticator authenticator) {
    authenticators.add(authenticator);
  }

  /** A client that opens nothing again by itself. */
  public StreamClient connect(String instance) throws StreamException {
    return keep(RemoteStreams.at(socket).reopen(false).connect(instance));
  }

  /** Has a client closed at the end. */
  public StreamClient keep(StreamClient client) {
    clients.add(client);
    return client;
  }

  /** Ends clients, and the rest. */
  @Override
  public void close() {
    clients.forEach(StreamClient::close);
    hub.stop();
    try {
      Files.deleteIfExists(socket.getParent());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
