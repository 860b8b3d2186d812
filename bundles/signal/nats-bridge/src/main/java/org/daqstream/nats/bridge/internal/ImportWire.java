/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What an import needs of a connection to a server of NATS, as long as that lasts. */
interface ImportWire {
  /**
   * Hears what comes under a subject from now on.
   *
   * @param to called by one thread for all subjects
   * @return ends it
   */
  Runnable subscribe(String subject, Consumer<byte[]> to);

  /** Sends a message to whoever hears it now. */
  void publish(String subject, byte[] message);

  /** The longest message that the server takes. */
  long messageBytes();

  /** How many messages of subjects were left out because they came too fast. */
  long dropped();

  /** Whether the server answers; waits up to a second for that. */
  boolean isAnswering();

  /** Its name and address, fit for a log. */
  String server();

  /**
   * Hears of the descriptions in a bucket, from those that are there now on; until the connection
   * ends.
   *
   * @return ends it
   * @throws IOException when there is no such bucket, or it cannot be read now
   */
  Runnable watch(String bucket, Watcher watcher) throws IOException;

  /**
   * Tells one bucket from another one of its name, made when it was deleted.
   *
   * @throws IOException when there is none, or that cannot be found out now
   */
  String lifeOf(String bucket) throws IOException;

  /** What a bucket holds; by one thread. */
  interface Watcher {
    /** There is a text under a key. */
    void put(String key, byte[] text);

    /** There is none any more. */
    void removed(String key);

    /** What was there at the beginning has been told. */
    void complete();
  }

  /**
   * Whether there is a stream.
   *
   * @throws IOException when that cannot be found out now
   */
  boolean hasStream(String stream) throws IOException;

  /**
   * Reads a stream's messages of a subject in their order.
   *
   * @param from number of the first one; 0 for the first that there is
   * @param historyMs from how long ago on by the server's clock, if greater than 0; then without
   *     the number
   * @throws IOException when that cannot be done now
   */
  Reader read(String stream, String subject, long from, long historyMs) throws IOException;

  /**
   * A message of a stream.
   *
   * @param number in the stream
   * @param isLast whether the stream had none of the subject behind it when it was sent
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Kept(long number, byte[] message, boolean isLast) {}

  /** Reads a stream; for one thread. */
  interface Reader extends AutoCloseable {
    /**
     * The next messages.
     *
     * @param waitMs how long to wait when there are none
     * @return none when none came
     * @throws IOException when it cannot go on
     */
    List<Kept> next(long waitMs) throws IOException;

    @Override
    void close();
  }
}
