/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance: its code is loaded, started, replaced and ended here, and given its events, all on
 * one line of tasks. Whatever the code does, it ends at most itself, and starts again after a
 * while.
 */
final class ModuleInstance implements HeldStream.Hearer {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleInstance.class);
  private static final long STOP_MS = 1000;
  private static final long STOP_LIMIT_MS = 5000;

  private final String name;
  private final ModuleRuntime runtime;
  private final StreamClient client;
  private final CallGuard guard = new CallGuard();
  private final TaskLine line;
  private final ModuleStreams streams;
  private final ProblemLog problems = new ProblemLog(LOG::error);
  private final LimitedLog refusals = new LimitedLog(LOG::warn, 6);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong loads = new AtomicLong();
  private final ModuleCounters counters = new ModuleCounters();

  // On the line, or read by others for the status.
  private volatile ModuleSettings settings;
  private volatile ModuleCode code; // null: none runs
  private volatile WasmWriters writers; // null: it is no data type
  private volatile State state = State.WAITING;
  private volatile String reason = "";
  private volatile boolean isStopping;
  private LoadedModule compiled;
  private CodeHost host;
  private Backoff backoff;
  private Runnable restart = () -> {}; // takes it back
  private Runnable withdrawal = () -> {}; // of the data type
  private long startedNanos;

  ModuleInstance(ModuleSettings settings, ModuleRuntime runtime) {
    this.name = settings.instance();
    this.settings = settings;
    this.runtime = runtime;
    this.client = runtime.streams().client(name);
    this.line = new TaskLine(runtime.pool());
    this.streams = new ModuleStreams(client, this);
    this.backoff = backoff(settings);
    client.dispatchOn(line);
  }

  private static Backoff backoff(ModuleSettings settings) {
    return new Backoff(settings.backoffMaxMs(), ThreadLocalRandom.current());
  }

  /** Has a file's code run, in place of what runs, once that is prepared. Any thread. */
  void load(ModuleSettings wanted, CodeFile file) {
    long load = loads.incrementAndGet();
    runtime.pool().execute(() -> prepare(load, wanted, file));
  }

  private void prepare(long load, ModuleSettings wanted, CodeFile file) {
    try {
      LoadedModule fresh = LoadedModule.of(file.read());
      onLine(() -> use(load, wanted, fresh));
    } catch (ModuleFailure e) {
      onLine(() -> refuse(load, file + ": " + e.getMessage()));
    }
  }

  private void onLine(Runnable task) {
    line.execute(
        () -> {
          try {
            if (!isStopping) {
              task.run();
            }
          } catch (RuntimeException | Error e) { // a fault of ours; the thread is the pool's
            LOG.error("{}: a step is left out", name, e);
          }
        });
  }

  private void refuse(long load, String why) {
    if (load == loads.get()) {
      boolean runs = code != null || writers != null || state == State.FAILED;
      LOG.error("{}: {}; {}", name, why, runs ? "the old code stays" : "nothing runs");
      reason = why;
    }
  }

  private void use(long load, ModuleSettings wanted, LoadedModule fresh) {
    if (load != loads.get()) {
      return;
    }
    if (fresh.isWriter()) {
      offer(wanted, fresh);
      return;
    }
    withdraw();
    if (code == null) {
      settings = wanted;
      compiled = fresh;
      backoff = backoff(wanted);
      begin();
    } else {
      replace(wanted, fresh);
    }
  }

  /** Is a data type from now on, written by this code; its signals see no gap. */
  private void offer(ModuleSettings wanted, LoadedModule fresh) {
    WasmWriters made;
    try {
      made = new WasmWriters(wanted, fresh, guard, runtime.watch(), counters);
    } catch (ModuleFailure e) {
      boolean runs = code != null || writers != null;
      LOG.error("{}: {}; {}", name, e.getMessage(), runs ? "the old code stays" : "nothing runs");
      reason = (runs ? "the new code is refused: " : "") + e.getMessage();
      return;
    }
    restart.run();
    if (code != null) {
      lastWords();
      dropCode();
      streams.closeAll();
    }
    boolean isUpdate = writers != null;
    Runnable before = withdrawal;
    withdrawal = runtime.publish(name, made);
    before.run();
    writers = made;
    settings = wanted;
    if (isUpdate) {
      counters.update();
    }
    running();
    LOG.info("{}: is a data type{}", name, isUpdate ? " with new code" : "");
  }

  private void withdraw() {
    withdrawal.run();
    withdrawal = () -> {};
    writers = null;
  }

  /** Starts the code that there is. */
  private void begin() {
    restart.run();
    state = State.STARTING;
    startedNanos = System.nanoTime();
    CodeHost fresh = host(settings);
    try {
      code = start(settings, compiled, fresh);
      host = fresh;
      running();
      LOG.info("{}: runs", name);
    } catch (ModuleFailure e) {
      fresh.dispose();
      fail(e);
    }
  }

  private CodeHost host(ModuleSettings of) {
    return new CodeHost(of, streams, runtime.timing(), its -> onLine(() -> timer(its)));
  }

  private void timer(CodeHost its) {
    ModuleCode current = code;
    if (current != null && its == host) {
      count(current, running -> running.tell(ModuleExport.TIMER));
    }
  }

  private void running() {
    state = State.RUNNING;
    reason = "";
  }

  private ModuleCode start(ModuleSettings wanted, LoadedModule from, CodeHost fresh)
      throws ModuleFailure {
    ModuleCode begun = new ModuleCode(from, wanted, fresh, guard, runtime.watch());
    try {
      int result = begun.init();
      if (result != 0) {
        throw new ModuleFailure(ModuleExport.INIT.exported() + " gives " + result);
      }
      return begun;
    } finally {
      counters.busy(begun);
    }
  }

  /** New code opens what it wants, while the old one waits; then it has it, or goes. */
  private void replace(ModuleSettings wanted, LoadedModule fresh) {
    CodeHost freshHost = host(wanted);
    ModuleCode begun;
    streams.beginReplacing();
    try {
      begun = start(wanted, fresh, freshHost);
    } catch (ModuleFailure e) {
      freshHost.dispose();
      streams.keepOld();
      String refusal = "the new code is refused: " + e.getMessage();
      LOG.error("{}: {}; the old code stays", name, refusal);
      reason = refusal;
      return;
    }
    lastWords();
    host.dispose();
    settings = wanted;
    compiled = fresh;
    host = freshHost;
    code = begun;
    backoff = backoff(wanted);
    counters.update();
    running();
    LOG.info("{}: has new code", name);
    streams.keepNew().forEach(HeldStream::tellPeers);
  }

  private void lastWords() {
    try {
      code.tell(ModuleExport.STOP);
    } catch (ModuleFailure e) {
      LOG.warn("{}: at its end: {}", name, e.getMessage());
    }
    counters.busy(code);
  }

  private void fail(ModuleFailure failure) {
    long lastedNanos = System.nanoTime() - startedNanos;
    if (TimeUnit.NANOSECONDS.toMillis(lastedNanos) > settings.backoffMaxMs()) {
      backoff.reset();
      problems.clear();
    }
    problems.say(
        "%s: ended: %s; it starts again within %d ms"
            .formatted(name, failure.getMessage(), settings.backoffMaxMs()));
    counters.failure();
    state = State.FAILED;
    reason = failure.getMessage();
    dropCode();
    streams.closeAll();
    restart = runtime.timing().after(backoff.nextMs(), () -> onLine(this::startAgain));
  }

  private void startAgain() {
    if (code == null) {
      begin();
    }
  }

  private void dropCode() {
    if (code != null) {
      counters.busy(code);
      code = null;
      host.dispose();
    }
  }

  @FunctionalInterface
  private interface Event {
    void give(ModuleCode code) throws ModuleFailure;
  }

  private void count(ModuleCode current, Event event) {
    counters.event();
    try {
      event.give(current);
      counters.busy(current);
    } catch (ModuleFailure e) {
      fail(e);
    }
  }

  /** Gives the code an event of a stream, if both are still there. */
  private void give(HeldStream stream, Event event) {
    ModuleCode current = code;
    if (current == null || isStopping || !streams.holds(stream)) {
      return;
    }
    count(current, event);
  }

  @Override
  public void data(HeldStream stream, long peer, ByteBuffer data) {
    give(
        stream,
        current -> {
          if (!current.data(stream.handle, peer, data)) {
            refusals.say(
                () ->
                    "%s: stream %s: no room for a message of %d bytes, which is lost"
                        .formatted(name, stream.name, data.remaining()));
          }
        });
  }

  @Override
  public void peer(ModuleExport event, HeldStream stream, long peer, String text) {
    give(stream, current -> current.peer(event, stream.handle, peer, text));
  }

  @Override
  public void ended(HeldStream stream, String cause) {
    give(
        stream,
        current -> {
          if (!current.has(ModuleExport.ENDED)) {
            throw new ModuleFailure("stream " + stream.name + " has ended: " + cause);
          }
          current.ended(stream.handle, cause);
        });
  }

  /** Has it end as soon as it has done what it does; {@link #stop} waits for that. */
  void beginStop() {
    line.execute(this::end);
  }

  /** Ends it and its streams; waits for that, but not for ever. */
  void stop() {
    beginStop();
    try {
      if (!over.await(STOP_MS, TimeUnit.MILLISECONDS)) {
        isStopping = true;
        guard.end("it is to end");
        guard.interruptHost();
        if (!over.await(STOP_LIMIT_MS, TimeUnit.MILLISECONDS)) {
          LOG.warn("{}: does not end", name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }

  private void end() {
    try {
      restart.run();
      if (state == State.STOPPED) {
        return;
      }
      if (code != null && !isStopping) {
        lastWords();
      }
      isStopping = true;
      withdraw();
      dropCode();
      streams.closeAll();
      state = State.STOPPED;
    } finally {
      over.countDown();
    }
  }

  /** By the watch: ends a call that takes too long; tells whether there is a call. */
  boolean look(long nowNanos) {
    guard.check(nowNanos, settings.overtime());
    return guard.isInside();
  }

  private long memoryBytes() {
    ModuleCode current = code;
    WasmWriters written = writers;
    return (current == null ? 0 : current.memoryBytes())
        + (written == null ? 0 : written.memoryBytes());
  }

  ModuleStatus status() {
    return new ModuleStatus(
        name,
        writers == null ? "wasm" : "wasm writer",
        state,
        reason,
        settings.file(),
        "",
        0,
        memoryBytes(),
        counters.busyNanos(),
        counters.events(),
        counters.failures(),
        counters.updates());
  }
}
