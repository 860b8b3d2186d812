/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** Descriptions of a device's signals as this runtime publishes them. Immutable. */
final class LocalNames {
  /** Key of a signal's metadata: the runtimes that have passed it on, the last one first. */
  static final String PATH = "gateway.path";

  private static final String SEPARATOR = " ";

  private final String prefix;
  private final String runtimeId;

  LocalNames(String prefix, String runtimeId) {
    this.prefix = prefix;
    this.runtimeId = runtimeId;
  }

  /** Whether a signal has passed this runtime before, in a ring of gateways. */
  boolean hasPassed(SignalDescriptor value) {
    String path = value.metadata().getOrDefault(PATH, "");
    return Arrays.asList(path.split(SEPARATOR)).contains(runtimeId);
  }

  SignalDescriptor domain(SignalDescriptor remote) {
    return described(remote).build();
  }

  /**
   * The value signal. Whether a device keeps its last sample is not told, so this runtime does, for
   * who comes when others are there.
   */
  SignalDescriptor value(SignalDescriptor remote) {
    Map<String, String> metadata = new HashMap<>(remote.metadata());
    metadata.merge(PATH, runtimeId, (before, mine) -> mine + SEPARATOR + before);
    // Of a linear value every sample comes over the network.
    Rule rule = remote.rule() instanceof Rule.LinearValue ? Rule.EXPLICIT : remote.rule();
    return described(remote).rule(rule).metadata(metadata).replayLast(true).build();
  }

  private SignalDescriptor.Builder described(SignalDescriptor remote) {
    SignalDescriptor.Builder local =
        SignalDescriptor.value(prefix + remote.signalId(), remote.dataType())
            .name(remote.name())
            .description(remote.description())
            .rule(remote.rule())
            .unit(remote.unit())
            .dimensions(remote.dimensions())
            .members(remote.members())
            .origin(remote.origin())
            .metadata(remote.metadata())
            .relatedSignals(
                remote.relatedSignals().stream()
                    .map(each -> new RelatedSignal(each.type(), prefix + each.signalId()))
                    .toList());
    if (remote.range() != null) {
      local.range(remote.range().low(), remote.range().high());
    }
    if (remote.postScaling() != null) {
      local.postScaling(remote.postScaling().offset(), remote.postScaling().scale());
    }
    if (!remote.bitFieldType().isEmpty()) {
      local.bits(remote.bitFieldType(), remote.bits());
    }
    if (remote.resolution() != null) {
      local.resolution(remote.resolution());
    }
    return local;
  }
}
