/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.daqstream.signal.api.SignalDescriptor;

/** What is different in two descriptions of a signal, for people. */
final class DescriptorChange {
  private static final Map<String, Function<SignalDescriptor, Object>> FACTS =
      new LinkedHashMap<>();

  static {
    FACTS.put("name", SignalDescriptor::name);
    FACTS.put("description", SignalDescriptor::description);
    FACTS.put("data type", SignalDescriptor::dataType);
    FACTS.put("rule", SignalDescriptor::rule);
    FACTS.put("unit", SignalDescriptor::unit);
    FACTS.put("range", SignalDescriptor::range);
    FACTS.put("post-scaling", SignalDescriptor::postScaling);
    FACTS.put("dimensions", SignalDescriptor::dimensions);
    FACTS.put("members", SignalDescriptor::members);
    FACTS.put("bits", each -> each.bitFieldType() + each.bits());
    FACTS.put("resolution", SignalDescriptor::resolution);
    FACTS.put("origin", SignalDescriptor::origin);
    FACTS.put("related signals", SignalDescriptor::relatedSignals);
    FACTS.put("metadata", SignalDescriptor::metadata);
  }

  private DescriptorChange() {}

  /** As a sentence. */
  static String of(SignalDescriptor before, SignalDescriptor now) {
    String what =
        FACTS.entrySet().stream()
            .filter(
                each -> !Objects.equals(each.getValue().apply(before), each.getValue().apply(now)))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    String sentence = "'" + now.signalId() + "' is described differently";
    return what.isEmpty() ? sentence : sentence + ": " + what;
  }
}
