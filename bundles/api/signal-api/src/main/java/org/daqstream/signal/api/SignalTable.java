/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A domain signal and the value signals that share its rows (protocol section 3.2). The table's id
 * on the wire is the id of the domain signal.
 *
 * <p>One thread at a time may write to a table and its ports, update them, and, when it writes
 * whole blocks of the table, open and close ports. A write from a second thread at the same time is
 * answered with an {@link IllegalStateException} wherever it is noticed.
 */
@ProviderType
public interface SignalTable extends AutoCloseable {
  /**
   * {@return the domain's descriptor as it stands now, given at opening or at the last {@link
   * #updateDomain}}
   */
  SignalDescriptor domain();

  /**
   * Adds a value signal; this is possible at any time, also while the table is being written to.
   *
   * @param value its descriptor
   * @return the port to write its samples to
   * @throws IllegalArgumentException when the id is taken, naming it
   * @throws IllegalStateException when the table is closed
   */
  SignalPort open(SignalDescriptor value);

  /** {@return the open ports, in the order in which they were opened} */
  List<SignalPort> ports();

  /**
   * Writes one block of every signal in one call, so that siblings stay in phase.
   *
   * @param tick domain value of the first sample of each
   * @param samples one array or buffer for each port, in the order of {@link #ports()}; {@code
   *     null} leaves a signal out
   * @param offset first sample in each
   * @param count number of samples in each
   * @return {@code ACCEPTED} when any signal was accepted, else the outcome of the first port, or
   *     {@code NO_SUBSCRIBER} of a table without ports
   * @throws IllegalArgumentException when {@code samples} has another length than {@link #ports()},
   *     or one of them is of a wrong kind; then nothing is written
   * @throws IllegalStateException when the domain is explicit
   */
  WriteResult write(long tick, Object[] samples, int offset, int count);

  /**
   * Writes one block of every signal of an explicit domain in one call; the signals share the
   * stamps and the rows. Blocks written port by port get rows of their own.
   *
   * @param ticks domain values, as for {@link SignalPort#write(long[], Object, int, int)}
   * @param samples as for {@link #write(long, Object[], int, int)}
   * @param offset first sample in {@code ticks} and in each of {@code samples}
   * @param count number of samples in each
   * @return as for {@link #write(long, Object[], int, int)}
   * @throws IllegalStateException when the domain is linear
   */
  WriteResult write(long[] ticks, Object[] samples, int offset, int count);

  /**
   * Changes the domain, for example its rate, effective with the next written block of each signal.
   *
   * @param domain the new description, with the same signal id
   * @throws IllegalArgumentException when the id or the kind of rule differs
   */
  void updateDomain(SignalDescriptor domain);

  /** Withdraws all signals of the table. Closing twice does nothing. */
  @Override
  void close();
}
