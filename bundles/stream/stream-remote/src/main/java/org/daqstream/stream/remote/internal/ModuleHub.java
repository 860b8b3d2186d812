/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, and knows all connections. Its thread accepts, and looks now and then what the manifest
 * says and who may stay. Everything else may be called by any thread.
 */
final class ModuleHub {
  /** A connection of which so long nothing was heard is dead, over a network. */
  static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final Logger LOG = LoggerFactory.getLogger(ModuleHub.class);
  private static final long LOOK_MS = 250;
  private static final long LEAVE_MS = 1000;
  private static final long STOP_GRACE_MS = 5000;
  private static final int LINES_PER_MINUTE = 10;

  /** So many more than modules may be connected before they have said who they are. */
  private static final int GREETING_MOST = 16;

  private final Settings settings;
  private final StreamRegister register;
  private final Admission admission;
  private final HeldMemory memory = new HeldMemory(Runtime.getRuntime().maxMemory() / 4);
  private final List<ModuleDoor> doors = new ArrayList<>();
  private final Worker worker = new Worker("stream-remote", this::work, this::wakeUp);
  private final Map<String, ModuleGate> byInstance = new ConcurrentHashMap<>();
  private final Set<ModuleGate> gates = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final LimitedLog says = new LimitedLog(LOG::info, LINES_PER_MINUTE);
  private final LimitedLog warns = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final ProblemLog problems = new ProblemLog(LOG::error);
  private volatile Selector selector;
  private volatile boolean stopping;

  ModuleHub(Settings settings, StreamRegister register, Admission admission) {
    this.settings = settings;
    this.register = register;
    this.admission = admission;
    settings
        .socket()
        .ifPresent(file -> doors.add(new ModuleUnixDoor(file, settings.isForOthers())));
    settings.tls().ifPresent(tls -> doors.add(new ModuleTlsDoor(tls)));
  }

  /** Listens from now on, or as soon as that goes. */
  void start() {
    try {
      selector = Selector.open();
      openDoors();
    } catch (IOException e) {
      problems.say("cannot listen for modules: " + e);
    }
    worker.start();
  }

  private void openDoors() {
    for (ModuleDoor door : doors) {
      door.open(selector, problems);
    }
  }

  private void wakeUp() {
    Selector now = selector;
    if (now != null) {
      now.wakeup();
    }
  }

  /** Sends all modules away, their streams closed, and listens no more. */
  void stop() {
    stopping = true;
    gates.forEach(gate -> gate.dismiss(StreamResult.AGAIN, "the runtime's end for modules stops"));
    worker.stop();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MS + STOP_GRACE_MS);
    for (ModuleGate gate : gates) {
      gate.link().worker().join(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }
  }

  // --- the thread

  private void work(Worker self) {
    try (Selector mine = selector) {
      self.repeat(() -> look(mine), fault -> problems.say("listening for modules: " + fault));
    } catch (IOException e) {
      problems.say("listening for modules: " + e);
    } finally {
      doors.forEach(ModuleDoor::close);
    }
  }

  private long look(Selector mine) {
    try {
      openDoors();
      mine.select(LOOK_MS);
      mine.selectedKeys().clear();
      for (SelectionKey key : mine.keys()) {
        accept((ModuleDoor) key.attachment());
      }
    } catch (IOException e) {
      problems.say("listening for modules: " + e);
    }
    tellAll();
    long now = System.nanoTime();
    gates.forEach(gate -> gate.check(now));
    return 0;
  }

  private void accept(ModuleDoor door) throws IOException {
    for (SocketChannel socket = door.accept(); socket != null; socket = door.accept()) {
      if (gates.size() >= settings.mostModules() + GREETING_MOST || stopping) {
        socket.close();
        refused.incrementAndGet();
        says.say(() -> "modules: too many connections");
        continue;
      }
      try {
        take(door, socket);
      } catch (IOException e) {
        socket.close();
        says.say(() -> "a module cannot be taken: " + e);
      }
    }
  }

  private void take(ModuleDoor door, SocketChannel socket) throws IOException {
    ModuleGate gate = new ModuleGate(this, settings, door.caller(socket));
    String name = "stream-remote-" + numbers.incrementAndGet();
    ModuleLink link = new ModuleLink(door.link(socket), name, gate, memory.part());
    gates.add(gate);
    gate.start(link);
  }

  private void tellAll() {
    if (byInstance.isEmpty()) {
      return;
    }
    Map<String, List<RuntimeFrames.Listed>> streams = new HashMap<>();
    Map<String, List<StreamDefinition>> instances = register.instances();
    Set<String> types = register.types();
    for (String instance : byInstance.keySet()) {
      streams.put(instance, listed(instances.getOrDefault(instance, List.of()), types));
    }
    streams.forEach((instance, list) -> tell(byInstance.get(instance), list));
  }

  private static void tell(ModuleGate gate, List<RuntimeFrames.Listed> streams) {
    if (gate != null) {
      gate.link()
          .execute(
              () -> {
                if (gate.session() != null) {
                  gate.tell(streams);
                }
              });
    }
  }

  private static List<RuntimeFrames.Listed> listed(
      List<StreamDefinition> streams, Set<String> types) {
    return streams.stream()
        .map(
            stream ->
                new RuntimeFrames.Listed(
                    stream.direction(),
                    types.contains(stream.type()),
                    stream.name(),
                    stream.type()))
        .toList();
  }

  // --- from the threads of connections

  Admission admission() {
    return admission;
  }

  int messageBytes() {
    return (int) Math.min(settings.messageBytes(), memory.limitBytes() / 2);
  }

  long leaveMs() {
    return Math.min(LEAVE_MS, settings.flushTimeoutMs());
  }

  StreamClient client(String instance) {
    return register.client(instance);
  }

  List<RuntimeFrames.Listed> streamsOf(String instance) {
    return listed(register.instances().getOrDefault(instance, List.of()), register.types());
  }

  /** Takes an instance for a connection; the one that has it already, or null. */
  ModuleGate enter(String instance, ModuleGate gate) {
    return byInstance.putIfAbsent(instance, gate);
  }

  boolean isFull() {
    return byInstance.size() > settings.mostModules();
  }

  void cameIn(ModuleGate gate) {
    says.say(() -> gate + " has connected");
  }

  /** A connection ends, its streams are closed next. */
  void parts(ModuleGate gate, ModuleGate.Parting parting) {
    if (gate.instance().isEmpty() || parting.result() == StreamResult.INVAL) {
      refused.incrementAndGet();
      warns.say(() -> "module turned away: %s: %s".formatted(gate, parting.reason()));
    } else {
      says.say(() -> "%s has left: %s".formatted(gate, parting.reason()));
    }
  }

  /** A connection has gone, or does not become that of an instance. */
  void left(ModuleGate gate, String instance) {
    byInstance.remove(instance, gate);
    if (gate.link().isOver()) {
      gates.remove(gate);
    }
  }

  void fault(ModuleGate gate, Throwable fault) {
    warns.say(() -> "%s: failed: %s".formatted(gate, fault));
    LOG.debug("module", fault);
  }

  void tooLong(ModuleGate gate, ModuleStream stream, int bytes) {
    warns.say(
        () ->
            "%s, %s: lost a message of %d bytes, more than messageBytesMax"
                .formatted(gate, stream, bytes));
  }

  // --- for operators

  List<ModuleStatus> modules() {
    return gates.stream()
        .map(ModuleGate::status)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(ModuleStatus::instance))
        .toList();
  }

  List<ModuleTraffic> traffic() {
    return gates.stream()
        .map(ModuleGate::traffic)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(ModuleTraffic::instance))
        .toList();
  }

  long refused() {
    return refused.get();
  }

  boolean requestStop(String instance) {
    ModuleGate gate = byInstance.get(instance);
    if (gate == null || gate.link().isOver()) {
      return false;
    }
    gate.link().execute(() -> gate.link().outbox().add(RuntimeFrames.stop()));
    return true;
  }
}
