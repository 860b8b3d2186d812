/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** What a descriptor must be like to be published. */
final class DescriptorRules {
  private DescriptorRules() {}

  /** Refuses what cannot carry the ticks of a table. */
  static void checkDomain(SignalDescriptor domain) {
    if (!(domain.rule() instanceof Rule.Linear || domain.rule() instanceof Rule.Explicit)) {
      throw new IllegalArgumentException(
          "domain signal %s: rule must be Linear or Explicit, not %s"
              .formatted(domain.signalId(), domain.rule()));
    }
    if (!domain.dataType().equals(DataTypes.INT64) && !domain.dataType().equals(DataTypes.UINT64)) {
      throw new IllegalArgumentException(
          "domain signal %s: dataType must be int64 or uint64, not %s"
              .formatted(domain.signalId(), domain.dataType()));
    }
  }

  /** Refuses what cannot be the value signal of a table. */
  static void checkValue(SignalDescriptor value) {
    if (value.rule() instanceof Rule.Linear) {
      throw new IllegalArgumentException(
          "signal %s: rule must be Explicit, Constant or LinearValue for a value signal, not %s"
              .formatted(value.signalId(), value.rule()));
    }
    if (value.rule() instanceof Rule.LinearValue line) {
      checkLine(value, line);
    }
  }

  private static void checkLine(SignalDescriptor value, Rule.LinearValue line) {
    ElementType type = ElementType.of(value.dataType());
    if (type == null || type.slots() > 1 || !value.dimensions().isEmpty()) {
      throw new IllegalArgumentException(
          ("signal %s: rule LinearValue is for int8 to uint64, real32 and real64 without "
                  + "dimensions, not %s%s")
              .formatted(
                  value.signalId(),
                  value.dataType(),
                  value.dimensions().isEmpty() ? "" : " with dimensions"));
    }
    if (!type.isReal() && !line.isWhole()) {
      throw new IllegalArgumentException(
          ("signal %s: delta of rule LinearValue must be a whole number up to 2^53 for %s, "
                  + "not %s")
              .formatted(value.signalId(), value.dataType(), line.delta()));
    }
  }

  /** Refuses another id. */
  static void checkUpdate(SignalDescriptor before, SignalDescriptor after) {
    if (!before.signalId().equals(after.signalId())) {
      throw new IllegalArgumentException(
          "signal " + before.signalId() + " cannot change its signalId to " + after.signalId());
    }
  }

  /** Refuses what changes a domain from linear to explicit, or its data type. */
  static void checkDomainUpdate(SignalDescriptor before, SignalDescriptor after) {
    checkUpdate(before, after);
    checkDomain(after);
    if (before.rule().getClass() != after.rule().getClass()
        || !before.dataType().equals(after.dataType())) {
      throw new IllegalArgumentException(
          "domain signal %s cannot change from %s to %s: kind of rule and dataType stay"
              .formatted(before.signalId(), before, after));
    }
  }

  /** Ticks between two rows, 0 for an explicit domain. */
  static long deltaTicks(SignalDescriptor domain) {
    return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }
}
