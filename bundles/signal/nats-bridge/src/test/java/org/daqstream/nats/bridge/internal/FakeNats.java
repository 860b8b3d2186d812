/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Stands for a server of NATS: what is sent arrives at once, in the thread that sends. */
final class FakeNats {
  private record Subscription(String subject, Consumer<byte[]> to) {}

  private record InStream(String subject, ImportWire.Kept kept) {}

  final List<WantMessage> wants = new CopyOnWriteArrayList<>();
  final AtomicInteger unanswered = new AtomicInteger();
  volatile boolean hasStream;
  volatile boolean isSilent;
  volatile String bucketLife = "first";
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> bucket = new LinkedHashMap<>();
  private final List<ImportWire.Watcher> watchers = new CopyOnWriteArrayList<>();
  private final List<InStream> stream = new ArrayList<>();

  /** A connection. */
  ImportWire wire() {
    return new Wire();
  }

  /** Ends all connections; the server stays as it is. */
  void cut() {
    subscriptions.clear();
    watchers.clear();
  }

  /** What watches the bucket hears no more of it. */
  void forgetWatchers() {
    watchers.clear();
  }

  void put(String key, byte[] text) {
    List<ImportWire.Watcher> to;
    synchronized (bucket) {
      bucket.put(key, text);
      to = List.copyOf(watchers);
    }
    to.forEach(each -> each.put(key, text));
  }

  void put(SignalAnnouncement announced) {
    put(Subjects.key(announced.value().signalId()), announced.bytes());
  }

  void remove(String key) {
    List<ImportWire.Watcher> to;
    synchronized (bucket) {
      bucket.remove(key);
      to = List.copyOf(watchers);
    }
    to.forEach(each -> each.removed(key));
  }

  /** Has a publisher say that it is there. */
  void alive(String publisher) {
    send("test.alive", publisher.getBytes(StandardCharsets.UTF_8));
  }

  void send(String subject, byte[] message) {
    for (Subscription each : subscriptions) {
      if (each.subject().equals(subject)) {
        each.to().accept(message);
      }
    }
  }

  /** Puts a message into the stream, which nobody hears of; its number. */
  long keep(String subject, byte[] message) {
    synchronized (stream) {
      long number = stream.size() + 1L;
      stream.add(new InStream(subject, new ImportWire.Kept(number, message, false)));
      stream.notifyAll();
      return number;
    }
  }

  boolean isHeard(String subject) {
    return subscriptions.stream().anyMatch(each -> each.subject().equals(subject));
  }

  private final class Wire implements ImportWire {
    @Override
    public Runnable subscribe(String subject, Consumer<byte[]> to) {
      Subscription made = new Subscription(subject, to);
      subscriptions.add(made);
      return () -> subscriptions.remove(made);
    }

    @Override
    public void publish(String subject, byte[] message) {
      if (subject.equals("test.want")) {
        wants.add(WantMessage.read(message));
      }
    }

    @Override
    public long messageBytes() {
      return 1 << 20;
    }

    @Override
    public long dropped() {
      return 0;
    }

    @Override
    public boolean isAnswering() {
      return !isSilent || unanswered.incrementAndGet() == 0;
    }

    @Override
    public String server() {
      return "fake";
    }

    @Override
    public Runnable watch(String name, Watcher watcher) throws IOException {
      synchronized (bucket) {
        bucket.forEach(watcher::put);
        watcher.complete();
        watchers.add(watcher);
      }
      return () -> watchers.remove(watcher);
    }

    @Override
    public String lifeOf(String name) {
      return bucketLife;
    }

    @Override
    public boolean hasStream(String name) {
      return hasStream;
    }

    @Override
    public Reader read(String name, String subject, long from, long historyMs) {
      return new StreamOf(subject, (int) Math.max(0, from - 1));
    }
  }

  private final class StreamOf implements ImportWire.Reader {
    private final String subject;
    private int at;

    StreamOf(String subject, int from) {
      this.subject = subject;
      at = from;
    }

    @Override
    public List<ImportWire.Kept> next(long waitMs) throws IOException {
      synchronized (stream) {
        List<ImportWire.Kept> some = some();
        if (some.isEmpty()) {
          try {
            stream.wait(50);
          } catch (InterruptedException e) {
            throw NatsWire.interrupted(e);
          }
          some = some();
        }
        return some;
      }
    }

    private List<ImportWire.Kept> some() {
      List<ImportWire.Kept> some = new ArrayList<>();
      for (; at < stream.size() && some.size() < 10; at++) {
        if (stream.get(at).subject().equals(subject)) {
          some.add(stream.get(at).kept());
        }
      }
      return some;
    }

    @Override
    public void close() {}
  }
}
