/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** What is known of signals: as lines for people, and as documents for programs. */
public final class SignalFacts {
  /** Kinds of dimensions have different facts. */
  private record Described(String kind, Dimension facts) {
    static Described of(Dimension dimension) {
      return new Described(dimension.getClass().getSimpleName(), dimension);
    }
  }

  private SignalFacts() {}

  /** Rows per second of a linear time domain, {@code null} for others. */
  public static Double rateHz(SignalDescriptor domain) {
    Resolution resolution = domain.resolution();
    if (resolution == null
        || !domain.unit().symbol().equals("s")
        || !(domain.rule() instanceof Rule.Linear linear)) {
      return null;
    }
    BigDecimal period =
        BigDecimal.valueOf(resolution.num()).multiply(BigDecimal.valueOf(linear.deltaTicks()));
    return BigDecimal.valueOf(resolution.denom())
        .divide(period, MathContext.DECIMAL64)
        .doubleValue();
  }

  /** How often rows come, for people. */
  public static String rate(SignalDescriptor domain) {
    Double rateHz = rateHz(domain);
    if (rateHz != null) {
      return Format.quantity(rateHz, "Hz");
    }
    return domain.rule() instanceof Rule.Linear linear
        ? "every " + linear.deltaTicks() + " ticks"
        : "irregular";
  }

  /** Adds name and description, where they tell more than the id. */
  public static void putNames(Map<String, String> lines, SignalDescriptor signal) {
    put(lines, "name", signal.name().equals(signal.signalId()) ? "" : signal.name());
    put(lines, "description", signal.description());
  }

  /** Adds what samples are. */
  public static void putSignal(Map<String, String> lines, SignalDescriptor signal) {
    lines.put("type", signal.dataType() + ", " + rule(signal.rule()));
    put(lines, "unit", unit(signal.unit()));
    if (signal.range() != null) {
      Range range = signal.range();
      lines.put("range", ValueText.of(range.low()) + " to " + ValueText.of(range.high()));
    }
    if (signal.postScaling() != null) {
      PostScaling scaling = signal.postScaling();
      lines.put("value", scaling.scale() + " * sample + " + scaling.offset());
    }
    signal.dimensions().forEach(each -> put(lines, "dimension " + each.name(), dimension(each)));
    signal.members().forEach(each -> put(lines, "member " + each.name(), member(each)));
    signal.bits().forEach(each -> lines.put("bit " + each.index(), each.description()));
  }

  /** Adds how often samples come, and what the ticks of their domain are. */
  public static void putDomain(Map<String, String> lines, SignalDescriptor domain) {
    lines.put("rate", rate(domain));
    Resolution resolution = domain.resolution();
    if (resolution != null) {
      lines.put(
          "tick",
          "%s/%s %s%s"
              .formatted(
                  resolution.num(),
                  resolution.denom(),
                  domain.unit().symbol(),
                  domain.origin().isEmpty() ? "" : " since " + domain.origin()));
    }
  }

  /** Adds related signals and free facts. */
  public static void putRelations(Map<String, String> lines, SignalDescriptor signal) {
    signal.relatedSignals().forEach(each -> lines.put(each.type(), each.signalId()));
    new TreeMap<>(signal.metadata()).forEach((key, value) -> lines.put("metadata " + key, value));
  }

  /** Adds what samples are. */
  public static void putSignalDocument(Map<String, Object> document, SignalDescriptor signal) {
    document.put("dataType", signal.dataType());
    document.put("rule", Map.of(ruleName(signal.rule()), signal.rule()));
    document.put("unit", signal.unit());
    document.put("range", signal.range());
    document.put("postScaling", signal.postScaling());
    document.put("dimensions", signal.dimensions().stream().map(Described::of).toList());
    document.put("members", signal.members());
    document.put("bitFieldType", signal.bitFieldType());
    document.put("bits", signal.bits());
  }

  /** Adds how often samples come, and what the ticks of their domain are. */
  public static void putDomainDocument(Map<String, Object> document, SignalDescriptor domain) {
    document.put("rateHz", rateHz(domain));
    document.put("resolution", domain.resolution());
    document.put("origin", domain.origin());
  }

  /** Adds related signals and free facts. */
  public static void putRelationsDocument(Map<String, Object> document, SignalDescriptor signal) {
    document.put("relatedSignals", signal.relatedSignals());
    document.put("metadata", new TreeMap<>(signal.metadata()));
  }

  private static void put(Map<String, String> lines, String key, String value) {
    if (!value.isEmpty()) {
      lines.put(key, value);
    }
  }

  private static String rule(Rule rule) {
    if (rule instanceof Rule.Linear linear) {
      return "linear rule with " + linear.deltaTicks() + " ticks from row to row";
    }
    if (rule instanceof Rule.LinearValue line) {
      return "linear rule with " + line.delta() + " from row to row";
    }
    return rule instanceof Rule.Constant ? "constant rule" : "explicit rule";
  }

  private static String unit(Unit unit) {
    if (unit.equals(Unit.NONE)) {
      return "";
    }
    String quantity = unit.quantity().isEmpty() ? "" : ", " + unit.quantity();
    return unit.symbol() + " (" + unit.name() + quantity + ", id " + unit.unitId() + ")";
  }

  private static String dimension(Dimension dimension) {
    return "%s from %s to %s %s"
        .formatted(
            dimension.size(),
            dimension.valueAt(0),
            dimension.valueAt(dimension.size() - 1),
            dimension.unit().symbol());
  }

  private static String member(StructMember member) {
    StringBuilder text = new StringBuilder(member.dataType());
    member.dimensions().forEach(each -> text.append('[').append(each.size()).append(']'));
    for (StructMember inner : member.members()) {
      text.append(text.indexOf("{") < 0 ? " {" : ", ");
      text.append(inner.name()).append(' ').append(member(inner));
    }
    return text.append(member.members().isEmpty() ? "" : "}").toString();
  }

  private static String ruleName(Rule rule) {
    return rule instanceof Rule.Linear || rule instanceof Rule.LinearValue
        ? "linear"
        : rule instanceof Rule.Constant ? "constant" : "explicit";
  }
}
