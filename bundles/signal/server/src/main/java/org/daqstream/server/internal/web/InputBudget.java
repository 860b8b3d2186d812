/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.ByteArrayOutputStream;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.daqstream.protocol.Limits;
import org.daqstream.server.internal.fanout.ServerLimits;

/**
 * Bounds what peers may have the server keep of messages and commands that are not complete: each,
 * all of them together, and how long. Who holds most goes first. Any thread.
 */
public final class InputBudget {
  private static final int DEPTH_MAX = 16;
  private static final int NODES_MIN = 1_000;

  /** What an envelope takes beside the ids in it. */
  private static final int ENVELOPE_BYTES = 1_024;

  private final IntSupplier offeredIdBytes;
  private final Set<Input> inputs = ConcurrentHashMap.newKeySet();
  private final AtomicLong heldBytes = new AtomicLong();
  private volatile ServerLimits limits;

  /** The budget of a server by what the ids of all signals take in a command. */
  public InputBudget(ServerLimits limits, IntSupplier offeredIdBytes) {
    this.limits = limits;
    this.offeredIdBytes = offeredIdBytes;
  }

  public void setLimits(ServerLimits newLimits) {
    limits = newLimits;
  }

  /** The most bytes of one message. */
  int messageLimitBytes() {
    return Math.max(limits.messageBytes(), commandBytes());
  }

  /** The most bytes of one command by HTTP. */
  int requestLimitBytes() {
    return Math.max(limits.requestBytes(), commandBytes());
  }

  /** A command may always name every signal on offer, as some stock clients do when they come. */
  private int commandBytes() {
    int bytes = ENVELOPE_BYTES + offeredIdBytes.getAsInt();
    return Integer.highestOneBit(bytes - 1) << 1; // few different ones, see Limits
  }

  /** What is taken of a command: memory for it is bounded by its bytes, whatever they say. */
  static Limits limits(int commandLimitBytes) {
    return new Limits(
        commandLimitBytes,
        commandLimitBytes,
        DEPTH_MAX,
        Math.min(Limits.DEFAULT.nodes(), Math.max(NODES_MIN, commandLimitBytes / 4)),
        Limits.DEFAULT.stringBytes());
  }

  public long heldBytes() {
    return heldBytes.get();
  }

  /** Begins to keep a message; its sender is told, on any thread, why it is not kept any longer. */
  public Input begin(Consumer<String> whenDropped) {
    Input input = new Input(whenDropped);
    inputs.add(input);
    return input;
  }

  /** Drops what has taken too long. */
  public void sweep() {
    long now = System.nanoTime();
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(limits.requestTimeoutMs());
    for (Input input : inputs) {
      if (now - input.sinceNanos > limitNanos) {
        input.drop("no complete message in time (key requestTimeoutMs)");
      }
    }
  }

  private void makeRoom() {
    while (heldBytes.get() > limits.unfinishedBytes()) {
      inputs.stream()
          .max(Comparator.comparingInt(input -> input.size))
          .ifPresent(
              input ->
                  input.drop(
                      "it holds most of more than "
                          + limits.unfinishedBytes()
                          + " bytes of unfinished messages (key unfinishedBytes)"));
    }
  }

  /** A message of which not everything has come; of one connection. */
  public final class Input {
    private final Consumer<String> whenDropped;
    private final long sinceNanos = System.nanoTime();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0); // null: at its end
    private volatile int size;

    private Input(Consumer<String> whenDropped) {
      this.whenDropped = whenDropped;
    }

    int size() {
      return size;
    }

    /** Keeps more of it, unless it is dropped; then this does nothing. */
    public void add(byte[] part) {
      synchronized (this) {
        if (bytes == null) {
          return;
        }
        bytes.writeBytes(part);
        size += part.length;
        heldBytes.addAndGet(part.length);
      }
      makeRoom();
    }

    /** Ends keeping it; all of it, or {@code null} if it was dropped. */
    public byte[] end() {
      ByteArrayOutputStream all = take();
      return all == null ? null : all.toByteArray();
    }

    private synchronized ByteArrayOutputStream take() {
      ByteArrayOutputStream all = bytes;
      if (all != null) {
        bytes = null;
        inputs.remove(this);
        heldBytes.addAndGet(-size);
        size = 0;
      }
      return all;
    }

    private void drop(String why) {
      if (take() != null) {
        whenDropped.accept(why);
      }
    }
  }
}
