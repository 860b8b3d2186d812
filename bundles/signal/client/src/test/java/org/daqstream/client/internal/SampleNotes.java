/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;

/** Notes what comes. */
final class SampleNotes implements SampleListener {
  final List<SampleBlock> blocks = new ArrayList<>();
  final List<Gap> gaps = new ArrayList<>();
  RemoteSignal signal;

  @Override
  public synchronized void block(SampleBlock block) {
    blocks.add(block.copy());
  }

  @Override
  public synchronized void gap(Gap gap) {
    gaps.add(gap);
  }

  @Override
  public synchronized void described(RemoteSignal described) {
    signal = described;
  }

  synchronized int count() {
    return blocks.size();
  }
}
