/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of an instance. They stay open while its code is replaced: what the new code
 * opens that is open already it is given as it is. On the instance's line only.
 */
final class ModuleStreams {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleStreams.class);
  private static final long FLUSH_MS = 1000;

  private final StreamClient client;
  private final HeldStream.Hearer hearer;
  private final Map<String, HeldStream> names = new HashMap<>();
  private final Map<Integer, HeldStream> handles = new HashMap<>();
  private boolean isReplacing;

  ModuleStreams(StreamClient client, HeldStream.Hearer hearer) {
    this.client = client;
    this.hearer = hearer;
  }

  /** The handle, or a result below zero. */
  int open(String name, StreamDirection direction) {
    HeldStream held = names.get(name);
    if (held != null && isReplacing && !held.isNew && !held.isWanted) {
      if (!held.isEnded && held.direction == direction) {
        held.isWanted = true;
        return held.handle;
      }
      close(held, 0); // of no use to the old code either
      held = null;
    }
    if (held != null) {
      return ModuleSide.refusal(StreamResult.EXIST);
    }
    HeldStream opened = new HeldStream(name, direction, hearer);
    try {
      opened.handle =
          direction == StreamDirection.IN
              ? client.openInput(name, opened, opened)
              : client.openOutput(name, opened);
    } catch (StreamException e) {
      LOG.debug("{}: {}", client.instance(), e.getMessage());
      return ModuleSide.refusal(e.result());
    }
    opened.isNew = isReplacing;
    names.put(name, opened);
    handles.put(opened.handle, opened);
    return opened.handle;
  }

  StreamResult write(int handle, byte[] message) {
    return client.write(handle, ByteBuffer.wrap(message));
  }

  /** Closes a stream; one that the old code still has is closed when that goes. */
  StreamResult close(int handle, long flushMs) {
    HeldStream held = handles.get(handle);
    if (held == null) {
      return StreamResult.INVAL;
    }
    if (isReplacing && !held.isNew) {
      held.isWanted = false;
      return StreamResult.OK;
    }
    return close(held, flushMs);
  }

  private StreamResult close(HeldStream held, long flushMs) {
    names.remove(held.name, held);
    handles.remove(held.handle);
    CloseResult closed = client.close(held.handle, flushMs);
    if (closed.lostMessages() > 0) {
      LOG.warn(
          "{}: stream {} is closed, {} messages of it are lost",
          client.instance(),
          held.name,
          closed.lostMessages());
    }
    return closed.result();
  }

  /** Whether a stream is open. */
  boolean holds(HeldStream stream) {
    return handles.get(stream.handle) == stream;
  }

  /** New code begins to open. */
  void beginReplacing() {
    isReplacing = true;
  }

  /** The new code is not to be; what it has opened is closed. */
  void keepOld() {
    isReplacing = false;
    closeAll(held -> held.isNew, 0);
    handles.values().forEach(held -> held.isWanted = false);
  }

  /** The new code takes over; tells which streams it has got as they were. */
  Collection<HeldStream> keepNew() {
    isReplacing = false;
    closeAll(held -> !held.isNew && !held.isWanted, FLUSH_MS);
    List<HeldStream> kept = new ArrayList<>();
    for (HeldStream held : handles.values()) {
      if (held.isWanted) {
        kept.add(held);
      }
      held.isNew = false;
      held.isWanted = false;
    }
    return kept;
  }

  /** Closes all, sending what is queued for a moment. */
  void closeAll() {
    isReplacing = false;
    closeAll(held -> true, FLUSH_MS);
  }

  private void closeAll(Predicate<HeldStream> which, long flushMs) {
    for (HeldStream held : List.copyOf(handles.values())) {
      if (which.test(held)) {
        close(held, flushMs);
      }
    }
  }
}
