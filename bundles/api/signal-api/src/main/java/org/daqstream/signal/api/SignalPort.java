/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a source writes the samples of one value signal.
 *
 * <p>Writing never blocks, allocates nothing in the steady state and costs the same for any number
 * of clients. The samples are encoded before {@code write} returns, so the caller may reuse its
 * array.
 *
 * <p>The ports of one table are for one writing thread at a time; different tables are independent.
 * {@link #close()} may be called from any thread.
 */
@ProviderType
public interface SignalPort extends AutoCloseable {
  /** {@return the descriptor as it stands now, given at opening or at the last {@link #update}} */
  SignalDescriptor descriptor();

  /**
   * {@return whether a written block would reach a subscriber, so that a source may acquire on
   * demand}
   */
  boolean hasSubscriber();

  /**
   * Has somebody told when {@link #hasSubscriber} may answer something else than before, so that a
   * source need not ask again and again. Sinks that do not tell are not heard of, so ask now and
   * then all the same. What was given before is not told any more.
   *
   * @param changed called by any thread, which must not be made wait, and perhaps once too often
   */
  void whenDemandChanges(Runnable changed);

  /**
   * Writes a block on a linear domain: sample {@code i} belongs to {@code tick + i * deltaTicks}.
   * Whatever the ticks do (continue, skip, jump, run behind a sibling), every sample keeps its
   * exact time.
   *
   * @param tick domain value of the first sample, in ticks of the domain signal
   * @param samples primitive array or {@link java.nio.ByteBuffer} as the data type's writer takes
   *     it, see {@link DataTypes}; a buffer holds encoded little-endian samples, counted from its
   *     position, and is not changed
   * @param offset first sample in {@code samples}
   * @param count number of samples, not negative; 0 does nothing. Of a signal with {@link
   *     Rule.LinearValue} only the first one is read, so {@code samples} need not hold the others
   * @return the outcome
   * @throws IllegalArgumentException when {@code samples} is of another kind than the data type
   *     takes
   * @throws IndexOutOfBoundsException when {@code samples} does not hold the block
   * @throws IllegalStateException when the domain of the table is explicit
   */
  WriteResult write(long tick, Object samples, int offset, int count);

  /**
   * Writes a block on an explicit domain: sample {@code offset + i} belongs to {@code ticks[offset
   * + i]}.
   *
   * @param ticks domain values, in ticks of the domain signal; may repeat and be irregular
   * @param samples as for {@link #write(long, Object, int, int)}
   * @param offset first sample in both {@code ticks} and {@code samples}
   * @param count number of samples, not negative; 0 does nothing
   * @return the outcome
   * @throws IllegalStateException when the domain of the table is linear
   */
  WriteResult write(long[] ticks, Object samples, int offset, int count);

  /**
   * Writes a block on a linear domain in rows of the caller's choice: for one who passes on what
   * has rows already. A step over rows is a hole of this signal for its subscribers.
   *
   * @param row row of the first sample, not before the end of the signal's last block, but that the
   *     last sample may be written once more; samples of the table's signals in one row have one
   *     tick
   * @param tick as for {@link #write(long, Object, int, int)}, as are the others
   * @return the outcome
   * @throws IllegalArgumentException also when the row lies before, or beyond 2^62
   */
  WriteResult writeAt(long row, long tick, Object samples, int offset, int count);

  /**
   * Writes a block on an explicit domain in rows of the caller's choice.
   *
   * @param row as for {@link #writeAt(long, long, Object, int, int)}
   * @param ticks as for {@link #write(long[], Object, int, int)}, as are the others
   * @return the outcome
   * @throws IllegalArgumentException also when the row lies before, or beyond 2^62
   */
  WriteResult writeAt(long row, long[] ticks, Object samples, int offset, int count);

  /**
   * Writes one sample of a real or integer signal, on either kind of domain.
   *
   * @param tick domain value
   * @param sample the value, rounded toward zero for an integer type
   * @return the outcome
   */
  WriteResult write(long tick, double sample);

  /**
   * Writes one sample of an integer or real signal, on either kind of domain.
   *
   * @param tick domain value
   * @param sample the value; the low bits count for a narrower type
   * @return the outcome
   */
  WriteResult write(long tick, long sample);

  /**
   * Changes the description of the signal, effective with the next written block. Clients get the
   * new description in front of that block; a change of data type or kind of rule withdraws the
   * signal and offers it again under the same id. One that is no longer public is withdrawn, one
   * that becomes public is offered. To be called by the writing thread.
   *
   * @param descriptor the new description, with the same signal id
   * @throws IllegalArgumentException when the id differs
   * @throws IllegalStateException when the port is closed
   */
  void update(SignalDescriptor descriptor);

  /** Withdraws the signal. Closing twice does nothing. */
  @Override
  void close();
}
