/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.StreamTransport;

/** The register without its service plumbing. Thread-safe; no lock is held while calling out. */
abstract class Register implements StreamRegister {
  static final String TRANSPORT_LEFT = "its transport left";
  static final String DEFINITION_CHANGED = "the manifest changed its definition";

  private final Transports transports = new Transports();
  private final Deployments deployments = new Deployments();
  private final OutputMemory outputMemory = OutputMemory.ofRuntime();
  private final Set<InstanceClient> clients = ConcurrentHashMap.newKeySet();
  private final AtomicInteger publishing = new AtomicInteger();
  private volatile Settings settings;

  Register(Settings settings) {
    this.settings = settings;
  }

  /** Takes the instances deployed now, after each change; by one thread at a time. */
  abstract void publish(Set<String> instances);

  final void configure(Settings settings) {
    this.settings = settings;
  }

  Settings settings() {
    return settings;
  }

  OutputMemory outputMemory() {
    return outputMemory;
  }

  Transports transports() {
    return transports;
  }

  @Override
  public StreamClient client(String instance) {
    InstanceClient client = new InstanceClient(instance, this);
    clients.add(client);
    return client;
  }

  void forget(InstanceClient client) {
    clients.remove(client);
  }

  @Override
  public void deploy(String source, String manifest) throws ManifestException {
    deployments.put(
        source, new ManifestParser(source, transports, settings.strictTypes()).parse(manifest));
    deploymentsChanged();
  }

  @Override
  public void undeploy(String source) {
    deployments.remove(source);
    deploymentsChanged();
  }

  /** Whatever is outdated ends, however many changes came at once; the rest is not touched. */
  private void deploymentsChanged() {
    publishLatest(); // whose instance vanished may still close its streams itself
    end(stream -> !isCurrent(stream.instance, stream.definition), DEFINITION_CHANGED);
  }

  private void publishLatest() {
    if (publishing.getAndIncrement() > 0) {
      return; // who is at it will do it once more
    }
    int seen;
    do {
      seen = publishing.get();
      publish(Set.copyOf(deployments.instances().keySet()));
    } while (publishing.addAndGet(-seen) > 0);
  }

  boolean isCurrent(String instance, StreamDefinition definition) {
    Map<String, StreamDefinition> streams = deployments.instances().get(instance);
    return streams != null && definition.equals(streams.get(definition.name()));
  }

  StreamDefinition definition(String instance, String name) throws StreamException {
    Map<String, StreamDefinition> streams = deployments.instances().get(instance);
    if (streams == null) {
      throw new StreamException(
          StreamResult.ERROR, "instance '" + instance + "' is in no manifest");
    }
    StreamDefinition definition = streams.get(name);
    if (definition == null) {
      throw new StreamException(
          StreamResult.INVAL, "instance '" + instance + "' has no stream '" + name + "'");
    }
    return definition;
  }

  void add(Transports.Entry entry) {
    transports.add(entry);
  }

  /** The transport's open streams flush to the leave deadline and end. */
  void remove(StreamTransport transport) {
    transports.remove(transport);
    end(stream -> stream.transport == transport, TRANSPORT_LEFT);
  }

  /** Outputs first: what they flush may be for an input that ends, too. */
  private void end(Predicate<OpenStream> which, String cause) {
    for (StreamDirection direction : List.of(StreamDirection.OUT, StreamDirection.IN)) {
      List<OpenStream> ending = new ArrayList<>();
      for (InstanceClient client : clients) {
        client.table().stream()
            .filter(stream -> stream.definition.direction() == direction && which.test(stream))
            .forEach(ending::add);
      }
      Together.each(ending, stream -> stream.end(cause, settings.leaveTimeoutMs()));
    }
  }

  /** Withdraws every instance and closes every client. */
  void close() {
    deployments.clear();
    publishLatest();
    Together.each(List.copyOf(clients), InstanceClient::close);
  }

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    Map<String, List<StreamDefinition>> instances = new TreeMap<>();
    deployments
        .instances()
        .forEach((instance, streams) -> instances.put(instance, List.copyOf(streams.values())));
    return instances;
  }

  @Override
  public Map<String, Set<String>> sources() {
    return deployments.sources();
  }

  @Override
  public Set<String> types() {
    return transports.types();
  }

  @Override
  public List<StreamInfo> streams() {
    List<StreamInfo> streams = new ArrayList<>();
    clients.forEach(client -> streams.addAll(client.streams()));
    return streams;
  }
}
