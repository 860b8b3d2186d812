/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an import knows of what is kept at its server: whether there is a stream, and which bucket
 * of descriptions. By the import's tasks, but for what it says.
 */
final class ImportStore {
  private static final Logger LOG = LoggerFactory.getLogger(ImportStore.class);
  private static final int LOOKS_ELSE = 5; // of those without a stream

  private final String name;
  private final Subjects subjects;
  private final Consumer<String> problems;
  private volatile boolean hasStream;
  private String bucketLife = "";
  private int looks;

  ImportStore(String name, Subjects subjects, Consumer<String> problems) {
    this.name = name;
    this.subjects = subjects;
    this.problems = problems;
  }

  /** Whether there is a stream, as far as is known; any thread. */
  boolean hasStream() {
    return hasStream;
  }

  /** Whether it is worth while to ask the server, at this one of regular looks. */
  boolean isTimeToLook() {
    looks++;
    return !hasStream || looks % LOOKS_ELSE == 0;
  }

  /** Looks for the stream; whether it has come or gone. Waits for the server. */
  boolean lookForStream(ImportWire at) {
    try {
      boolean isThere = at.hasStream(subjects.stream());
      boolean isNews = isThere != hasStream;
      hasStream = isThere;
      if (isNews) {
        LOG.info("{}: {} stream keeps data", name, isThere ? "a" : "no");
      }
      return isNews;
    } catch (IOException e) {
      problems.accept("cannot look for the stream: " + e.getMessage());
      return false;
    }
  }

  /**
   * Hears of descriptions.
   *
   * @throws IOException when there are none now
   */
  Runnable watch(ImportWire at, ImportWire.Watcher watcher) throws IOException {
    bucketLife = at.lifeOf(subjects.bucket());
    return at.watch(subjects.bucket(), watcher);
  }

  /** Whether there is another bucket than is watched, which a watch may miss the beginning of. */
  boolean hasOtherBucket(ImportWire at) {
    try {
      return !bucketLife.isEmpty() && !at.lifeOf(subjects.bucket()).equals(bucketLife);
    } catch (IOException e) {
      LOG.debug("{}: no bucket now", name, e);
      return false;
    }
  }
}
