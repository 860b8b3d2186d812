/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/** Signal document to descriptor (protocol sections 3.1 and 4, column "Java client accepts"). */
public final class SignalDocumentReader {
  private static final String[] DELTA = {
    "definition.linear.delta", "interpretation.rule.parameters.delta"
  };
  private static final String[] ORIGIN = {
    "definition.absoluteReference",
    "definition.origin",
    "interpretation.origin",
    "definition.time.absoluteReference",
    "definition.time.epoch",
    "definition.epoch"
  };
  private static final Set<String> DOMAIN_RELATIONS = Set.of("domain", "time");

  private final String signalId;
  private final Fields fields;

  private SignalDocumentReader(String signalId, JsonNode document) {
    this.signalId = signalId;
    this.fields = new Fields(signalId, document);
  }

  public static SignalDocument.Parsed read(
      String signalId, JsonNode document, Predicate<String> isSignalId) throws ProtocolException {
    try {
      return new SignalDocumentReader(signalId, document).parsed(isSignalId);
    } catch (IllegalArgumentException e) {
      // From a constructor of the API; its message names the key.
      throw new ProtocolException(Kind.BAD_SIGNAL, "signal " + signalId + ": " + e.getMessage(), e);
    }
  }

  private SignalDocument.Parsed parsed(Predicate<String> isSignalId) throws ProtocolException {
    List<RelatedSignal> related = relatedSignals();
    String tableId = fields.text("tableId");
    String toldDomainId = toldDomainId(tableId, related, isSignalId);
    boolean isValue = !toldDomainId.isEmpty() && !toldDomainId.equals(signalId);
    SignalDescriptor descriptor = descriptor(isValue, related);
    OptionalLong valueIndex = fields.whole("valueIndex");
    if (valueIndex.isPresent() && valueIndex.getAsLong() < 0) {
      throw fields.bad("valueIndex", "is negative: " + valueIndex.getAsLong());
    }
    return new SignalDocument.Parsed(
        descriptor,
        tableId,
        toldDomainId.isEmpty() ? guessedDomainId(descriptor) : toldDomainId,
        valueIndex);
  }

  private SignalDescriptor descriptor(boolean isValue, List<RelatedSignal> related)
      throws ProtocolException {
    TypeDetails type = new TypeDetails(signalId, fields);
    SignalDescriptor.Builder builder = SignalDescriptor.value(signalId, type.dataType());
    type.describe(builder);
    String name =
        fields.text("interpretation.sig_name", "interpretation.desc_name", "definition.name");
    if (!name.isEmpty()) {
      builder.name(name);
    }
    builder
        .description(fields.text("interpretation.sig_desc"))
        .rule(rule(isValue))
        .unit(unit())
        .origin(fields.text(ORIGIN))
        .metadata(metadata());
    Resolution resolution = resolution();
    if (resolution != null) {
      builder.resolution(resolution);
    }
    describeScale(builder);
    List<RelatedSignal> others = new ArrayList<>(related);
    others.removeIf(each -> DOMAIN_RELATIONS.contains(each.type()));
    return builder.relatedSignals(others).build();
  }

  private Rule rule(boolean isValue) throws ProtocolException {
    String name = fields.text("definition.rule");
    if (name.isEmpty()) {
      name =
          switch (fields.first("interpretation.rule.type").asInt(RuleNumber.EXPLICIT)) {
            case RuleNumber.LINEAR -> "linear";
            case RuleNumber.CONSTANT -> "constant";
            default -> "explicit";
          };
    }
    return switch (name) {
      case "explicit" -> Rule.EXPLICIT;
      case "constant" -> Rule.CONSTANT;
      case "linear" -> isValue ? new Rule.LinearValue(delta()) : new Rule.Linear(deltaTicks());
      default -> throw fields.bad("definition.rule", "is not known: " + name);
    };
  }

  private long deltaTicks() throws ProtocolException {
    for (String path : DELTA) {
      OptionalLong delta = fields.whole(path);
      if (delta.isPresent() && delta.getAsLong() != 0) {
        return delta.getAsLong();
      }
    }
    throw fields.bad(DELTA[0], "is missing or 0");
  }

  private double delta() throws ProtocolException {
    OptionalDouble delta = fields.real(DELTA);
    if (delta.isEmpty()) {
      throw fields.bad(DELTA[0], "is missing");
    }
    return delta.getAsDouble();
  }

  private Unit unit() {
    String symbol =
        fields.text("definition.unit.displayName", "interpretation.unit.symbol", "definition.unit");
    String name = fields.text("interpretation.unit.name", "definition.unit.name");
    String quantity = fields.text("definition.unit.quantity", "interpretation.unit.quantity");
    OptionalDouble id = fields.real("definition.unit.unitId", "interpretation.unit.id");
    int unitId = id.isPresent() ? (int) id.getAsDouble() : Unit.NONE.unitId();
    return new Unit(unitId, symbol, name, quantity);
  }

  private Resolution resolution() throws ProtocolException {
    String path = "definition.resolution";
    if (fields.first(path).isMissingNode()) {
      path = "definition.time.resolution";
    }
    OptionalLong num = fields.whole(path + ".num");
    OptionalLong denom = fields.whole(path + ".denom");
    if (num.isEmpty() && denom.isEmpty()) {
      return null;
    }
    return new Resolution(num.orElse(1), denom.orElse(1));
  }

  /**
   * Range and post-scaling: a useless range is left out, a useless scaling would give wrong values.
   */
  private void describeScale(SignalDescriptor.Builder builder) throws ProtocolException {
    OptionalDouble low = fields.real("definition.range.low", "interpretation.range.low");
    OptionalDouble high = fields.real("definition.range.high", "interpretation.range.high");
    if (low.isPresent() && high.isPresent() && low.getAsDouble() <= high.getAsDouble()) {
      builder.range(low.getAsDouble(), high.getAsDouble());
    }
    if (fields.first("definition.postScaling").isObject()) {
      OptionalDouble scale = fields.real("definition.postScaling.scale");
      OptionalDouble offset = fields.real("definition.postScaling.offset");
      if (scale.isEmpty() && offset.isEmpty()) {
        throw fields.bad("definition.postScaling", "has neither scale nor offset");
      }
      builder.postScaling(offset.orElse(0), scale.orElse(1));
    }
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : fields.first("interpretation.metadata").properties()) {
      JsonNode value = field.getValue();
      metadata.put(field.getKey(), value.isValueNode() ? value.asText() : value.toString());
    }
    return metadata;
  }

  private List<RelatedSignal> relatedSignals() {
    List<RelatedSignal> related = new ArrayList<>();
    for (JsonNode each : fields.first("relatedSignals")) {
      String type = each.path("type").asText("");
      String relatedId = each.path("signalId").asText("");
      if (!type.isEmpty() && !relatedId.isEmpty()) {
        related.add(new RelatedSignal(type, relatedId));
      }
    }
    return related;
  }

  /** Section 4, rows 18 and 31: the id that the document tells, else empty. */
  private String toldDomainId(
      String tableId, List<RelatedSignal> related, Predicate<String> isSignalId) {
    if (tableId.equals(signalId)) {
      return signalId;
    }
    for (RelatedSignal each : related) {
      if (DOMAIN_RELATIONS.contains(each.type())) {
        return each.signalId();
      }
    }
    return !tableId.isEmpty() && isSignalId.test(tableId) ? tableId : "";
  }

  /** Section 4, row 22: what can only be guessed. */
  private String guessedDomainId(SignalDescriptor descriptor) {
    boolean looksLikeDomain =
        descriptor.rule() instanceof Rule.Linear || descriptor.unit().quantity().equals("time");
    return looksLikeDomain ? signalId : "";
  }
}
