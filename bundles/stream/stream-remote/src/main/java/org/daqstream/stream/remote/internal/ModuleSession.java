/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.wire.support.FrameBody;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.Wire;
import org.daqstream.stream.wire.support.WireOutbox;

/**
 * What a module that has been let in does: its streams, and what it wrote that the register does
 * not take yet. Used by the thread of the connection; only opens and closes run elsewhere, for they
 * wait.
 */
final class ModuleSession {
  private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LAST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

  /** What a message that is held takes besides its bytes. */
  private static final int HELD_EXTRA_BYTES = 100;

  private final ModuleLink link;
  private final StreamClient client;
  private final Settings settings;
  private final WireOutbox outbox;
  private final LinkTraffic traffic;
  private final HeldMemory.Part memory;
  private final int messageBytes;
  private final Map<Integer, ModuleStream> streams = new HashMap<>();
  private final List<ModuleStream> withNews = new ArrayList<>();
  private final List<ModuleStream> holding = new ArrayList<>();
  private ModuleStream latest; // written to
  private int highest; // number of a stream
  private long retryNanos = FIRST_RETRY_NANOS;
  private long nextRetryNanos;

  ModuleSession(
      ModuleLink link,
      StreamClient client,
      Settings settings,
      HeldMemory.Part memory,
      int messageBytes) {
    this.link = link;
    this.client = client;
    this.settings = settings;
    this.outbox = link.outbox();
    this.traffic = link.traffic();
    this.memory = memory;
    this.messageBytes = messageBytes;
  }

  StreamClient client() {
    return client;
  }

  // --- opening

  void open(FrameBody body) throws FrameException {
    int number = (int) body.u32();
    int direction = body.u8();
    int news = body.u8();
    String name = body.text();
    body.end();
    if (number <= highest || direction > 1 || news > 1) {
      throw new FrameException("no proper OPEN");
    }
    highest = number;
    ModuleStream stream =
        new ModuleStream(
            number, name, direction == 0 ? StreamDirection.IN : StreamDirection.OUT, news == 1);
    if (streams.size() >= settings.mostStreams()) {
      refuse(stream, StreamResult.NOMEM, "at most " + settings.mostStreams() + " streams");
      return;
    }
    streams.put(number, stream);
    link.call(() -> opened(stream));
  }

  private Runnable opened(ModuleStream stream) {
    try {
      ModuleEvents events = new ModuleEvents(link, stream);
      int handle =
          stream.direction == StreamDirection.IN
              ? client.openInput(stream.name, events, events)
              : client.openOutput(stream.name, events);
      return () -> welcome(stream, handle);
    } catch (StreamException e) {
      return () -> unopened(stream, e.result(), e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      return () -> unopened(stream, StreamResult.ERROR, "the register failed: " + e);
    }
  }

  private void unopened(ModuleStream stream, StreamResult result, String reason) {
    streams.remove(stream.number);
    refuse(stream, result, reason);
  }

  private void welcome(ModuleStream stream, int handle) {
    stream.handle = handle;
    stream.state = ModuleStream.State.OPEN;
    boolean out = stream.direction == StreamDirection.OUT;
    StreamInfo info = client.info(handle).orElse(null);
    outbox.add(
        RuntimeFrames.opened(
            new RuntimeFrames.Opened(
                stream.number,
                StreamResult.OK,
                info == null ? -1 : info.boundPort(),
                out ? settings.windowMessages() : 0,
                out ? settings.windowBytes() : 0,
                out ? messageBytes : 0,
                info == null ? "" : info.definition().type(),
                "")));
  }

  private void refuse(ModuleStream stream, StreamResult result, String reason) {
    outbox.add(
        RuntimeFrames.opened(
            new RuntimeFrames.Opened(stream.number, result, -1, 0, 0, 0, "", reason)));
  }

  // --- writing

  void write(FrameBody body) throws FrameException {
    int number = (int) body.u32();
    ModuleStream stream = latest != null && latest.number == number ? latest : streams.get(number);
    ByteBuffer message = body.rest();
    int bytes = message.remaining();
    if (stream == null || !stream.isOpenOutput()) {
      throw new FrameException("WRITE to what is no open output");
    }
    if (bytes > messageBytes || !stream.hasRoom(bytes, settings)) {
      throw new FrameException("WRITE beyond the window");
    }
    latest = stream;
    boolean isDone = stream.held.isEmpty() && offer(stream, message);
    if (!isDone && !hold(stream, message)) {
      link.stall();
      return;
    }
    stream.written(bytes);
  }

  private boolean hold(ModuleStream stream, ByteBuffer message) {
    int bytes = message.remaining();
    if (!memory.take(bytes + HELD_EXTRA_BYTES)) {
      return false;
    }
    if (stream.held.isEmpty()) {
      holding.add(stream);
      nextRetryNanos = System.nanoTime() + retryNanos;
    }
    stream.held.add(ByteBuffer.allocate(bytes).put(message.duplicate()).flip());
    stream.heldBytes += bytes;
    return true;
  }

  /** Whether a message is dealt with: taken, or lost for good. */
  private boolean offer(ModuleStream stream, ByteBuffer message) {
    int bytes = message.remaining();
    StreamResult result = client.write(stream.handle, message);
    boolean later =
        result == StreamResult.NOMEM || (result == StreamResult.ERROR && !hasEnded(stream));
    if (later) {
      return false;
    }
    if (!stream.hasNews()) {
      withNews.add(stream);
    }
    if (result == StreamResult.OK) {
      stream.taken(bytes);
      traffic.sent(bytes);
    } else {
      boolean tooBig = result == StreamResult.TOOBIG;
      String reason = tooBig ? "longer than its queue may ever hold" : "the stream has ended";
      stream.lost(1, bytes, tooBig ? result : StreamResult.ERROR, reason);
      traffic.lost(1);
    }
    return true;
  }

  private boolean hasEnded(ModuleStream stream) {
    return stream.endedCause != null
        || client.info(stream.handle).map(info -> !info.ended().isEmpty()).orElse(true);
  }

  /** Tries again what is held, when it is time for that. */
  void retry(long now) {
    if (holding.isEmpty() || now - nextRetryNanos < 0) {
      return;
    }
    boolean progress = false;
    for (ModuleStream stream : List.copyOf(holding)) {
      progress |= retry(stream, now);
    }
    retryNanos = progress ? FIRST_RETRY_NANOS : Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    nextRetryNanos = now + retryNanos;
  }

  private boolean retry(ModuleStream stream, long now) {
    boolean progress = false;
    while (!stream.held.isEmpty() && offer(stream, stream.held.peek())) {
      release(stream, stream.held.poll().remaining());
      progress = true;
    }
    boolean isClosing = stream.state == ModuleStream.State.CLOSING;
    long leftNanos = stream.closeNanos - now;
    if (isClosing && (stream.held.isEmpty() || leftNanos <= 0)) {
      finish(stream, Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNanos)));
    }
    if (stream.held.isEmpty()) {
      holding.remove(stream);
    }
    return progress;
  }

  private void release(ModuleStream stream, int bytes) {
    stream.heldBytes -= bytes;
    memory.giveBack(bytes + HELD_EXTRA_BYTES);
  }

  /** Gives up what is held; how many messages that are. */
  private long giveUp(ModuleStream stream) {
    long messages = stream.held.size();
    while (!stream.held.isEmpty()) {
      release(stream, stream.held.poll().remaining());
    }
    holding.remove(stream);
    traffic.lost(messages);
    return messages;
  }

  // --- telling

  /** Whether the module will have to hear of something, though perhaps not at once. */
  boolean hasNews() {
    return !withNews.isEmpty();
  }

  /** When something is to be tried again; {@link Long#MAX_VALUE} for never. */
  long nextRetryNanos() {
    return holding.isEmpty() ? Long.MAX_VALUE : nextRetryNanos;
  }

  /** Tells what was taken and what was lost: all of it, or what cannot wait. */
  void tell(boolean all) {
    if (withNews.isEmpty()) {
      return;
    }
    for (int i = withNews.size() - 1; i >= 0; i--) {
      ModuleStream stream = withNews.get(i);
      if (all || stream.isPressing(settings)) {
        tell(stream);
        withNews.remove(i);
      }
    }
  }

  private void tell(ModuleStream stream) {
    for (ByteBuffer frame : stream.news()) {
      if (frame != null) {
        outbox.add(frame);
      }
    }
  }

  // --- closing

  void close(FrameBody body) throws FrameException {
    ModuleStream stream = streams.get((int) body.u32());
    long flushMs = body.u32();
    body.end();
    if (stream == null || stream.state != ModuleStream.State.OPEN) {
      throw new FrameException("CLOSE of what is not open");
    }
    begin(stream, flushMs == Wire.DEFAULT_FLUSH ? settings.flushTimeoutMs() : flushMs);
  }

  private void begin(ModuleStream stream, long flushMs) {
    stream.state = ModuleStream.State.CLOSING;
    stream.closeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushMs);
    if (stream.held.isEmpty()) {
      finish(stream, flushMs);
    }
  }

  private void finish(ModuleStream stream, long flushMs) {
    if (stream.isFinishing) {
      return;
    }
    stream.isFinishing = true;
    long bytes = stream.heldBytes;
    long messages = giveUp(stream);
    link.call(
        () -> {
          CloseResult result = client.close(stream.handle, flushMs);
          return () -> closed(stream, result, messages, bytes);
        });
  }

  /** With what was held and given up. */
  private void closed(ModuleStream stream, CloseResult result, long messages, long bytes) {
    traffic.lost(result.lostMessages());
    streams.remove(stream.number);
    withNews.remove(stream);
    if (latest == stream) {
      latest = null;
    }
    if (link.isOver()) { // the module has not asked for it
      if (messages > 0) {
        stream.lost(messages, bytes, StreamResult.ERROR, "not taken in time");
      }
      tell(stream);
      return;
    }
    tell(stream);
    boolean isLate = messages > 0 && result.result() == StreamResult.OK;
    outbox.add(
        RuntimeFrames.closed(
            stream.number,
            new CloseResult(
                isLate ? StreamResult.TIMEDOUT : result.result(),
                result.lostMessages() + messages,
                result.lostBytes() + bytes)));
  }

  /** Whether nothing is open, opening or closing any more. */
  boolean isEmpty() {
    return streams.isEmpty();
  }

  /** The module is gone, or has to go: what it had open is closed as if it had said so. */
  void closeAll(long flushMs) {
    for (ModuleStream stream : List.copyOf(streams.values())) {
      if (stream.state == ModuleStream.State.OPEN) {
        begin(stream, flushMs);
      }
    }
  }

  /** What is held is lost. */
  void giveUpAll() {
    for (ModuleStream stream : List.copyOf(holding)) {
      giveUp(stream);
    }
  }
}
