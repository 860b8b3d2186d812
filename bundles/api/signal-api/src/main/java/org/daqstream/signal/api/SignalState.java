/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.Map;

/**
 * A published signal and whether it has what it needs: a writer, and no sink that refuses it. Then
 * clients are offered it, if it is {@linkplain SignalDescriptor#isPublic() public}.
 *
 * @param descriptor what it is
 * @param tableId id of its domain signal; its own id for a domain signal
 * @param bundleId number of the bundle that published it
 * @param available whether it has a writer and no sink refuses it
 * @param reason why it is not available, naming what is missing or who refuses; empty when it is
 *     available
 * @param blocks how many blocks were written with which outcome, without those that never occurred;
 *     empty for a domain signal
 */
public record SignalState(
    SignalDescriptor descriptor,
    String tableId,
    long bundleId,
    boolean available,
    String reason,
    Map<WriteResult, Long> blocks) {
  /** Copies the map. */
  public SignalState {
    blocks = Map.copyOf(blocks);
  }
}
