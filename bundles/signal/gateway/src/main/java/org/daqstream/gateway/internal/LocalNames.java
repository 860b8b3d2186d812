/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Descriptions of a device's signals as this runtime publishes them. Immutable. */
final class LocalNames {
  /**
   * Key of a signal's metadata: runtime and link of each gateway that has passed it on, the last
   * one first.
   */
  static final String PATH = "gateway.path";

  /** Of a framework that has no id, for all that this bundle publishes. */
  private static final String OWN_ID = UUID.randomUUID().toString();

  /** Longest way that a signal may have come; who offers it writes what he likes. */
  private static final int MOST_STEPS = 32;

  private static final String NEXT = " ";
  private static final String LINK = ":";

  /** In place of the link, which the device knows as one that takes signals from there. */
  private static final String OFFERED = "offered";

  private final String prefix;
  private final String runtimeId;
  private final String linkId;
  private final IncomingLinks incoming;

  /**
   * Of a link.
   *
   * @param prefix in front of the ids
   * @param runtimeId of this runtime
   * @param linkId what the link calls itself at the device
   * @param incoming those that lead from here to others
   */
  LocalNames(String prefix, String runtimeId, String linkId, IncomingLinks incoming) {
    this.prefix = prefix;
    this.runtimeId = runtimeId;
    this.linkId = linkId;
    this.incoming = incoming;
  }

  /** What this runtime calls itself in paths. */
  static String runtimeId(BundleContext context) {
    String framework = context.getProperty(Constants.FRAMEWORK_UUID);
    return framework == null ? OWN_ID : framework;
  }

  /**
   * Whether a signal is of this runtime, or has passed it before, in a ring of gateways; or has
   * come too long a way.
   */
  boolean comesBack(SignalDescriptor value) {
    String[] steps = value.metadata().getOrDefault(PATH, "").split(NEXT, MOST_STEPS + 1);
    return steps.length > MOST_STEPS || Arrays.stream(steps).anyMatch(this::isHere);
  }

  /** Whether this link has brought a signal. */
  boolean isOfThisLink(SignalDescriptor value) {
    String path = value.metadata().getOrDefault(PATH, "");
    return List.of(path.split(NEXT)).contains(runtimeId + LINK + linkId);
  }

  /** A signal of this runtime as another one is told of it, which must know it when it returns. */
  SignalDescriptor passedOn(SignalDescriptor value) {
    return value.toBuilder().metadata(withStep(value.metadata(), OFFERED)).build();
  }

  private Map<String, String> withStep(Map<String, String> before, String link) {
    Map<String, String> metadata = new HashMap<>(before);
    metadata.merge(PATH, runtimeId + LINK + link, (path, mine) -> mine + NEXT + path);
    return metadata;
  }

  private boolean isHere(String step) {
    int end = step.indexOf(LINK);
    return end > 0
        && (step.substring(0, end).equals(runtimeId) || incoming.contains(step.substring(end + 1)));
  }

  /** Two slashes where prefix and id meet are one. */
  private String idOf(String remoteId) {
    boolean hasTwo = prefix.endsWith("/") && remoteId.startsWith("/");
    return prefix + (hasTwo ? remoteId.substring(1) : remoteId);
  }

  SignalDescriptor domain(SignalDescriptor remote) {
    return described(remote).build();
  }

  /**
   * The value signal. Whether a device keeps its last sample is not told, so this runtime does, for
   * who comes when others are there.
   */
  SignalDescriptor value(SignalDescriptor remote) {
    Map<String, String> metadata = withStep(remote.metadata(), linkId);
    // Of a linear value every sample comes over the network.
    Rule rule = remote.rule() instanceof Rule.LinearValue ? Rule.EXPLICIT : remote.rule();
    return described(remote).rule(rule).metadata(metadata).replayLast(true).build();
  }

  private SignalDescriptor.Builder described(SignalDescriptor remote) {
    SignalDescriptor.Builder local =
        SignalDescriptor.value(idOf(remote.signalId()), remote.dataType())
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
                    .map(each -> new RelatedSignal(each.type(), idOf(each.signalId())))
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
