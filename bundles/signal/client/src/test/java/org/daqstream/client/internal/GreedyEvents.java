/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.LossMessage;

/** Wants every signal, and looks at every sample of it. */
final class GreedyEvents implements SessionEvents, SampleTarget {
  private final List<String> problems = new ArrayList<>();
  private long samples;

  List<String> problems() {
    return problems;
  }

  long samples() {
    return samples;
  }

  @Override
  public void described(RemoteSignal signal) {
    signal.isDomain();
  }

  @Override
  public void lost(LossMessage loss) {
    samples++;
  }

  @Override
  public boolean joinsPackets() {
    return true;
  }

  @Override
  public void block(SampleBlock block, boolean isSparse) {
    samples += block.count();
    block.raw();
    if (block.hasTicks() && block.count() > 0) {
      block.tick(0);
      block.tick(block.count() - 1);
    }
    if (block.signal().valuesPerSample() > 0) {
      block.values();
    }
  }

  @Override
  public void greeted(ApiVersion version, Init init) {}

  @Override
  public void available(List<String> signalIds) {}

  @Override
  public void unavailable(List<String> signalIds) {}

  @Override
  public void answered(CommandResponse response) {}

  @Override
  public void asked(CommandRequest request) {}

  @Override
  public void subscribed(String signalId) {}

  @Override
  public void unsubscribed(String signalId) {}

  @Override
  public SampleTarget target(String signalId) {
    return this;
  }

  @Override
  public int targetVersion() {
    return 0;
  }

  @Override
  public void problem(String what) {
    if (problems.size() < 10_000) {
      problems.add(what);
    }
  }
}
