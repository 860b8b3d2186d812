/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.daqstream.base.support.Worker;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.WireOutbox;

/**
 * The connection of one module: a thread that reads, writes, and runs the callbacks of the register
 * while the module has room for events. A callback that has to wait for that has the thread do its
 * other work meanwhile.
 */
final class ModuleLink {
  /** So much may wait for the socket before events wait, too. */
  private static final int EVENTS_WAIT_BYTES = 256 * 1024;

  /** So much may wait for the socket before nothing is read any more. */
  private static final int READS_WAIT_BYTES = 1024 * 1024;

  /** Data of so many bytes are sent from where they are. */
  private static final int FOREIGN_BYTES = 32 * 1024;

  private static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STALL_NANOS = FrameIntake.STALL_NANOS;
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PARTING_MS = 1000;

  private final SocketLink socket;
  private final ModuleGate gate;
  private final HeldMemory.Part memory;
  private final FrameIntake intake;
  private final WireOutbox outbox = new WireOutbox();
  private final LinkTraffic traffic = new LinkTraffic();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Selector selector;
  private final SelectionKey key;
  private final Worker worker;

  private volatile Runnable events; // of the register, to be run once
  private volatile boolean sleeping;
  private volatile boolean over;
  private Exception failure; // in a callback
  private boolean severed; // in the middle of a frame
  private long eventRoom; // how many the module takes, and bytes
  private long eventRoomBytes;

  /** Takes a connection over. */
  ModuleLink(SocketLink socket, String name, ModuleGate gate, HeldMemory.Part memory)
      throws IOException {
    this.socket = socket;
    this.gate = gate;
    this.memory = memory;
    selector = Selector.open();
    key = socket.socket().register(selector, SelectionKey.OP_READ);
    intake = new FrameIntake(socket, gate, memory, () -> over);
    worker = new Worker(name, self -> run(), this::wake);
  }

  void start() {
    worker.start();
  }

  Worker worker() {
    return worker;
  }

  WireOutbox outbox() {
    return outbox;
  }

  LinkTraffic traffic() {
    return traffic;
  }

  HeldMemory.Part memory() {
    return memory;
  }

  SocketLink socket() {
    return socket;
  }

  /** Whether it is to end, or at it. */
  boolean isOver() {
    return over;
  }

  // --- from other threads

  /** Has the thread do something. */
  void execute(Runnable task) {
    tasks.add(task);
    wake();
  }

  /** Takes the register's work on events; the executor of a client. */
  void takeEvents(Runnable work) {
    events = work;
    wake();
  }

  private void wake() {
    if (sleeping) {
      selector.wakeup();
    }
  }

  /** Has another thread do what may wait; what comes of it this thread does. */
  void call(Supplier<Runnable> work) {
    Worker.start("stream-remote-call", self -> execute(work.get()));
  }

  // --- its thread

  private void run() {
    try (selector) {
      ModuleGate.Parting parting = serve();
      if (parting.isOrderly()) {
        gate.part(parting);
        say(parting);
      } else {
        say(parting);
        closeSocket();
        gate.part(parting);
      }
    } catch (IOException | RuntimeException | Error e) {
      gate.fault(e);
    } finally {
      over = true;
      closeSocket();
      gate.left();
      memory.end();
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      gate.fault(e);
    }
  }

  /** Until one side ends it; tells why. */
  private ModuleGate.Parting serve() {
    long deadline = System.nanoTime() + GREETING_NANOS;
    try {
      while (!over && !socket.handshake()) {
        key.interestOps(socket.interestOps());
        selector.select(10);
        selector.selectedKeys().clear();
        if (System.nanoTime() - deadline > 0) {
          throw new EOFException("no TLS in time");
        }
      }
      intake.expect(deadline);
      if (!over && !socket.isPlain()) {
        intake.read(); // what has come together with the end of the handshake
      }
      while (!over) {
        turn();
        if (events != null && hasEventRoom()) {
          runEvents();
        }
      }
      return gate.wished();
    } catch (FrameException e) {
      return ModuleGate.Parting.fault(e.getMessage());
    } catch (IOException e) {
      return ModuleGate.Parting.gone(e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      gate.fault(e);
      return new ModuleGate.Parting(StreamResult.ERROR, "the runtime failed: " + e, true);
    } finally {
      over = true;
    }
  }

  /** The reason of the runtime, as far as the other side takes it in time. */
  private void say(ModuleGate.Parting parting) throws IOException {
    if (!parting.isSaid() || severed) {
      return;
    }
    outbox.add(RuntimeFrames.refused(parting.result(), parting.reason()));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PARTING_MS);
    while (outbox.flush(socket) == WireOutbox.State.BLOCKED && System.nanoTime() - end < 0) {
      key.interestOps(SelectionKey.OP_WRITE);
      selector.select(10);
      selector.selectedKeys().clear();
    }
    socket.shutdownOutput();
    ByteBuffer rubbish = ByteBuffer.allocate(SocketLink.READ_BYTES);
    key.interestOps(SelectionKey.OP_READ);
    while (socket.read(rubbish.clear()) >= 0 && System.nanoTime() - end < 0) {
      selector.select(10);
      selector.selectedKeys().clear();
    }
  }

  private void runEvents() throws IOException, FrameException {
    Runnable work = events;
    events = null;
    work.run();
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof FrameException e) {
      throw e;
    }
  }

  /** Ends it, by its own thread; {@link ModuleGate#wished} tells why. */
  void end() {
    over = true;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Does what others wanted to be done, and rests; at the end, when nothing else goes on. */
  void runTasks(long restMs) {
    runTasks();
    worker.rest(TimeUnit.MILLISECONDS.toNanos(restMs));
  }

  /** One round of everything but events. */
  private void turn() throws IOException, FrameException {
    runTasks();
    long now = System.nanoTime();
    ModuleSession session = gate.session();
    if (session != null) {
      session.retry(now);
      session.tell(outbox.waitingBytes() > 0);
    }
    boolean isBlocked = outbox.flush(socket) == WireOutbox.State.BLOCKED;
    boolean mayTake = intake.mayRead();
    boolean mayRead = mayTake && outbox.waitingBytes() <= READS_WAIT_BYTES;
    int ops = (mayRead ? socket.interestOps() : 0) | (isBlocked ? SelectionKey.OP_WRITE : 0);
    if (ops != key.interestOps()) {
      key.interestOps(ops);
    }
    boolean isReady = select(waitNanos(session, now, mayTake));
    if (session != null && !isReady) {
      session.tell(true);
    }
    intake.goOn();
    if (isReady && mayRead) {
      intake.read();
    }
    intake.checkDeadline();
  }

  /** Whether something has come, or can be sent. */
  private boolean select(long nanos) throws IOException {
    int count;
    sleeping = true;
    if (nanos == 0 || over || !tasks.isEmpty() || (events != null && hasEventRoom())) {
      count = selector.selectNow();
    } else if (nanos == Long.MAX_VALUE) {
      count = selector.select();
    } else {
      count = selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
    sleeping = false;
    selector.selectedKeys().clear();
    return count > 0;
  }

  private long waitNanos(ModuleSession session, long now, boolean mayTake) {
    long wait = Long.MAX_VALUE;
    if (session != null) {
      long retry = session.nextRetryNanos();
      wait = retry == Long.MAX_VALUE ? wait : Math.max(0, retry - now);
      wait = session.hasNews() ? Math.min(wait, TELL_NANOS) : wait;
    }
    wait = mayTake ? wait : Math.min(wait, STALL_NANOS);
    return Math.min(wait, intake.waitNanos(now));
  }

  /** The last frame is to be taken once more, a little later, and nothing read before. */
  void stall() {
    intake.stall();
  }

  /** Frames may have messages of so many bytes from now on. */
  void allow(int messageBytes) {
    intake.allow(messageBytes);
  }

  // --- events

  /** The module has room for so much more. */
  void addEventRoom(long count, long bytes) {
    eventRoom += count;
    eventRoomBytes += bytes;
  }

  boolean hasMoreEventRoomThan(long count, long bytes) {
    return eventRoom > count || eventRoomBytes > bytes;
  }

  private boolean hasEventRoom() {
    return eventRoom > 0
        && eventRoomBytes > 0
        && outbox.waitingBytes() < EVENTS_WAIT_BYTES
        && !over;
  }

  /** Waits until the module has room; false when nobody is to hear of the event any more. */
  private boolean awaitRoom(ModuleStream stream) {
    while (!over
        && stream.state != ModuleStream.State.CLOSING
        && (stream.state == ModuleStream.State.OPENING || !hasEventRoom())) {
      turnWithin();
    }
    return !over && stream.state == ModuleStream.State.OPEN;
  }

  /** A round in a callback. */
  private void turnWithin() {
    try {
      turn();
    } catch (IOException | FrameException e) {
      failure = e;
      over = true;
    }
  }

  /** Tells of an event without data. */
  void sendNews(ModuleStream stream, Supplier<ByteBuffer> frame) {
    if (awaitRoom(stream)) {
      eventRoom--;
      outbox.add(frame.get());
    }
  }

  /** Sends data; they may be reused when this returns. */
  void sendData(ModuleStream stream, long peerId, ByteBuffer data) {
    if (!awaitRoom(stream)) {
      traffic.lost(over ? 1 : 0);
      return;
    }
    int bytes = data.remaining();
    if (bytes > gate.messageBytes()) {
      traffic.lost(1);
      gate.tooLong(stream, bytes);
      return;
    }
    eventRoom--;
    eventRoomBytes -= bytes;
    traffic.received(bytes);
    if (bytes < FOREIGN_BYTES) {
      outbox.data(stream.number, peerId, data);
      return;
    }
    long end = outbox.foreignData(stream.number, peerId, data);
    while (!over && outbox.sentBytes() < end) {
      turnWithin();
    }
    severed |= outbox.sentBytes() < end;
  }
}
