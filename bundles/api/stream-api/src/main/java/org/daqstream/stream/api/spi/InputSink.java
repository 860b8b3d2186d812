/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a transport puts what one input receives: the module's event queue, bounded in messages and
 * bytes. The bound is kept by the transport: what is pushed is always taken, but after {@code
 * false} at most one more chunk per call under way may follow.
 */
@ProviderType
public interface InputSink extends PeerSink {
  /**
   * Takes one chunk or message; it belongs to the sink from now on. Does not block, never throws.
   *
   * @param peerId from {@link #peerUp}
   * @param data the bytes between position and limit; must not be touched any more, before {@code
   *     release} runs or, without it, ever
   * @param release run once when the bytes are no longer needed, on any thread, also when the
   *     stream is closed; null when there is nothing to release. A {@link Receipt} is told which
   * @return false: the queue is full, stop reading and accepting until {@link
   *     TransportInput#resume}. That call comes from another thread and may overtake this return:
   *     count the resumes before and after
   */
  boolean data(long peerId, ByteBuffer data, Runnable release);

  /**
   * Takes one of several messages that came together: the module is woken once for all of them.
   *
   * @param peerId see {@link #data(long, ByteBuffer, Runnable)}
   * @param data see there
   * @param release see there
   * @param more true: another call follows from this thread without delay
   * @return see there
   */
  default boolean data(long peerId, ByteBuffer data, Runnable release, boolean more) {
    return data(peerId, data, release);
  }
}
