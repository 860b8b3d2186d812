/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.List;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.LossMessage;

/** Several demands that one signal of a device serves. */
record DemandGroup(List<Demand> demands) implements SampleTarget {
  /** Copies the list. */
  DemandGroup {
    demands = List.copyOf(demands);
  }

  @Override
  public void described(RemoteSignal signal) {
    demands.forEach(each -> each.described(signal));
  }

  @Override
  public void lost(LossMessage loss) {
    demands.forEach(each -> each.lost(loss));
  }

  @Override
  public boolean joinsPackets() {
    return demands.stream().allMatch(Demand::joinsPackets);
  }

  @Override
  public void block(SampleBlock block, boolean isSparse) {
    for (Demand each : demands) {
      each.block(block, isSparse);
    }
  }
}
