/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What one output may hold of the memory that all outputs of a runtime share, so that those whose
 * peers are away do not take that of servers and of other streams. Some of it is an output's own
 * and always there. What an output holds when it ends the register takes back itself. The calls do
 * not block, never throw, and may come from any thread.
 */
@ProviderType
public interface SendBudget {
  /**
   * Asks for memory before it is allocated.
   *
   * @param bytes how many more
   * @return false when there are not so many now
   */
  boolean take(long bytes);

  /**
   * No longer needed.
   *
   * @param bytes not more than were taken
   */
  void giveBack(long bytes);

  /**
   * {@return whether much of the shared memory is taken now, so that an output at rest should keep
   * little}
   */
  boolean isScarce();
}
