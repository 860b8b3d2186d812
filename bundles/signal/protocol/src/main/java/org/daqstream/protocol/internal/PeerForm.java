/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SampleReader;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;

/**
 * Describes samples in the nearest form that a client's family understands, without changing a byte
 * of them (protocol sections 3.3, 3.4, and 4, points 29 and 30). Vectors, matrices, complex numbers
 * and 128-bit integers become structs of plain numbers, nested structs become flat ones, bit fields
 * become integers. What the description was stands as JSON in the free metadata.
 */
record PeerForm(ObjectNode definition, SignalDescriptor type, PeerProfile profile) {
  /** Key of the free metadata with the description as it is for clients that take everything. */
  static final String ORIGINAL = "definition";

  private static final String[] TYPE_KEYS = {"dataType", "dimensions", "struct", "bitField"};
  private static final String[] DETAIL_KEYS = {"dimensions", "struct", "bitField"};

  /** With one of these the openDAQ SDK refuses the description of a struct (3.30.3, 3.40.3). */
  private static final List<String> NOT_OF_A_STRUCT =
      List.of("unit", "range", "postScaling", "resolution", "absoluteReference", "origin");

  /**
   * Changes the document of a value signal where it must be; gives why the signal cannot be offered
   * to the family, the document being unchanged, or nothing.
   */
  static String fit(String signalId, ObjectNode document, PeerProfile profile) {
    ObjectNode definition = (ObjectNode) document.get("definition");
    try {
      SignalDescriptor type = typeOf(signalId, document);
      String refusal = refusal(type, SampleReader.of(type).sampleBytes(), profile);
      if (refusal.isEmpty() && profile != PeerProfile.FULL) {
        ObjectNode original = definition.deepCopy().retain(TYPE_KEYS);
        ObjectNode interpretation = (ObjectNode) document.get("interpretation");
        new PeerForm(definition, type, profile).rewrite();
        if (!original.equals(definition.deepCopy().retain(TYPE_KEYS))) {
          interpretation.withObjectProperty("metadata").put(ORIGINAL, original.toString());
        }
        if (definition.path("dataType").asText().equals("struct")) {
          definition.remove(NOT_OF_A_STRUCT);
          interpretation.remove(NOT_OF_A_STRUCT);
        }
      }
      return refusal;
    } catch (ProtocolException | IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static SignalDescriptor typeOf(String signalId, JsonNode document)
      throws ProtocolException {
    TypeDetails details = new TypeDetails(signalId, new Fields(signalId, document));
    SignalDescriptor.Builder builder = SignalDescriptor.value(signalId, details.dataType());
    details.describe(builder);
    return builder.build();
  }

  private static String refusal(SignalDescriptor type, int sampleBytes, PeerProfile profile) {
    if (type.dataType().equals(DataTypes.BINARY)) {
      return switch (profile) {
        case LT -> "type binary would end the session of clients of this family";
        case WS_STREAMING -> "of type binary nothing readable arrives at clients of this family";
        case FULL -> "";
      };
    }
    if (sampleBytes > profile.maxSampleBytes()) {
      return ("a sample of %s B is more than the %s B in a packet that clients of this family "
              + "survive")
          .formatted(sampleBytes, profile.maxSampleBytes());
    }
    return "";
  }

  private void rewrite() {
    String dataType = type.dataType();
    ElementType element =
        ElementType.of(
            type.dataType().equals(DataTypes.BIT_FIELD) ? type.bitFieldType() : type.dataType());
    if (element == null) {
      setStruct(fields());
    } else if (!type.dimensions().isEmpty()) {
      setStruct(List.of(new StructLayout.Field("values", element, 0, elements())));
      keepDimension(element);
    } else if (dataType.equals(DataTypes.BIT_FIELD)) {
      setType(element.dataType());
    } else if (element.slots() > 1 && !(profile == PeerProfile.LT && element.isComplex())) {
      setStruct(List.of(new StructLayout.Field("", element, 0, 1)));
    }
  }

  /**
   * Gives the array of values the signal's own dimension, toward those who read it: the SDK has a
   * linear one of a member, miscounts with more than one, and takes no struct with another kind.
   */
  private void keepDimension(ElementType element) {
    if (profile == PeerProfile.WS_STREAMING
        && element.slots() == 1
        && type.dimensions().size() == 1
        && type.dimensions().get(0) instanceof Dimension.Linear) {
      SignalDocumentWriter.putDimensions(
          (ObjectNode) definition.at("/struct/0"), type.dimensions());
    }
  }

  private int elements() {
    return type.dimensions().stream().mapToInt(each -> each.size()).reduce(1, (a, b) -> a * b);
  }

  private List<StructLayout.Field> fields() {
    if (type.dimensions().isEmpty()) {
      return StructLayout.of(type).fields();
    }
    StructMember records =
        new StructMember("records", DataTypes.STRUCT, type.dimensions(), type.members());
    return StructLayout.of(List.of(records)).fields();
  }

  private void setType(String dataType) {
    definition.remove(List.of(DETAIL_KEYS));
    definition.put("dataType", dataType);
  }

  private void setStruct(List<StructLayout.Field> fields) {
    ArrayNode members = JsonNodeFactory.instance.arrayNode();
    for (StructLayout.Field field : fields) {
      addMembers(members, field.path(), field.type(), field.elements());
    }
    setType(DataTypes.STRUCT);
    definition.set("struct", members);
  }

  private static void addMembers(ArrayNode members, String path, ElementType type, int elements) {
    boolean single = elements == 1;
    if (type.isComplex() && single) {
      addMember(members, join(path, "real"), type.part(), 1);
      addMember(members, join(path, "imag"), type.part(), 1);
    } else if (type.slots() > 1 && single) {
      addMember(members, join(path, "low"), ElementType.UINT64, 1);
      addMember(
          members,
          join(path, "high"),
          type.isUnsigned() ? ElementType.UINT64 : ElementType.INT64,
          1);
    } else {
      ElementType part = type.slots() > 1 && !type.isComplex() ? ElementType.UINT64 : type;
      addMember(members, path, part.part(), elements * type.slots());
    }
  }

  private static String join(String path, String part) {
    return path.isEmpty() ? part : path + "." + part;
  }

  private static void addMember(ArrayNode members, String name, ElementType type, int elements) {
    ObjectNode member = members.addObject();
    member.put("name", name).put("dataType", type.dataType()).put("rule", "explicit");
    if (elements > 1) {
      SignalDocumentWriter.putDimensions(
          member, StructMember.array(name, type.dataType(), elements).dimensions());
    }
  }
}
