/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.sink;

import java.nio.ByteBuffer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.writer.SignalWriter;
import org.osgi.annotation.versioning.ConsumerType;

/** A sink's end of one value signal. */
@ConsumerType
public interface SignalTap {
  /** For a signal that the sink has no use for. */
  SignalTap IGNORING =
      new SignalTap() {
        @Override
        public boolean hasSubscriber() {
          return false;
        }

        @Override
        public WriteResult accept(
            long row, long tick, long[] ticks, Object samples, int offset, int count) {
          return WriteResult.NO_SUBSCRIBER;
        }

        @Override
        public void update(SignalDescriptor value, SignalWriter writer) {}

        @Override
        public void close() {}
      };

  /**
   * Tells why the sink cannot do with the signal what it is there for; asked behind {@link
   * TableTap#openSignal} and {@link #update}. The operator reads it, and the signal counts as
   * unavailable.
   *
   * @return the reason, empty when all is well
   */
  default String refusal() {
    return "";
  }

  /** {@return whether a block would be used; asked by sources that acquire on demand} */
  boolean hasSubscriber();

  /**
   * Gives what the sink is to call whenever {@link #hasSubscriber} may answer something else than
   * before: once, behind {@link TableTap#openSignal}. A sink that does not call it is asked now and
   * then.
   *
   * @param changed returns soon; any thread may call it
   */
  default void whenDemandChanges(Runnable changed) {}

  /**
   * Takes a block, also when nobody listens: a sink may keep the last sample, and counts rows. On
   * the publisher's thread, one call at a time for a table. Must not block or allocate in the
   * steady state.
   *
   * @param row row of the first sample in the table. It is the end of the signal's last block when
   *     the signal goes on, and greater when rows of the signal are missing. Samples of two signals
   *     in the same row have the same domain value
   * @param tick domain value of the first sample; with a linear domain that of sample {@code i} is
   *     {@code tick + i * deltaTicks}. It need not be where the last block's line points to
   * @param ticks domain values {@code ticks[offset + i]} of an explicit domain; {@code null} with a
   *     linear one
   * @param samples array or buffer for the signal's writer; of a linear value, too, it has every
   *     sample
   * @param offset first sample
   * @param count number of samples, at least 1
   * @return {@code ACCEPTED}, {@code NO_SUBSCRIBER} or {@code TOO_LARGE}
   * @throws IllegalArgumentException when the writer refuses the samples; goes to the publisher.
   *     Any other exception is logged once for each writer of the signal and makes the outcome
   *     {@code FAILED}
   */
  WriteResult accept(long row, long tick, long[] ticks, Object samples, int offset, int count);

  /**
   * Takes the last sample that was written before blocks could come here, of a signal that promises
   * it ({@link SignalDescriptor#replayLast()} or a constant rule): called once behind {@link
   * TableTap#openSignal} when there is one. A sink that shows its users the newest sample shows
   * this one; others need not care. Blocks may come meanwhile on the publisher's thread: they are
   * newer, or end with this very sample, so what comes behind one of them is to be ignored.
   *
   * @param row its row
   * @param tick its domain value
   * @param sample what the signal's writer made of it, little endian; the callee's to keep
   */
  default void replay(long row, long tick, ByteBuffer sample) {}

  /**
   * The description changed, between two blocks of the table; data type and kind of rule are the
   * same.
   *
   * @param value the new description
   * @param writer the new writer
   */
  void update(SignalDescriptor value, SignalWriter writer);

  /**
   * The signal is gone: it was closed, or its writer left, or its data type changed. May be called
   * while {@link #accept} runs on the publisher's thread, which may also come once more.
   */
  void close();
}
