/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;

/** The columns of a file: time, ticks and rows, then one for each signal. */
final class Schema {
  /** A signal's columns. */
  record Signal(SignalDescriptor descriptor, String column, List<Leaf> leaves) {}

  static final String TIME = "time";
  static final String TICK = "tick";
  static final String ROW = "row";

  private final List<SchemaElement> elements = new ArrayList<>();
  private final List<Signal> signals = new ArrayList<>();
  private final List<Leaf> axes = new ArrayList<>();

  Schema(RecordingPart part, boolean hasTime) {
    Set<String> taken = new HashSet<>();
    elements.add(new SchemaElement("schema"));
    int columns = part.signals().size() + (hasTime ? 3 : 2);
    elements.get(0).setNum_children(columns);
    Set<String> ids = new HashSet<>();
    part.signals().forEach(each -> ids.add(each.signalId()));
    if (hasTime) {
      TimeUnit nanos = TimeUnit.NANOS(new NanoSeconds());
      axis(free(TIME, ids), LogicalType.TIMESTAMP(new TimestampType(false, nanos)), 1);
    }
    axis(free(TICK, ids), null, 0);
    axis(free(ROW, ids), null, 0);
    axes.forEach(each -> taken.add(each.path().get(0)));
    for (SignalDescriptor each : part.signals()) {
      String column = free(each.signalId(), taken);
      taken.add(column);
      Node node = new Node(each.dimensions(), each, List.of(column));
      signals.add(new Signal(each, column, node.leaves));
    }
  }

  /** A name that no signal has. */
  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    while (taken.contains(name)) {
      name = name + "_";
    }
    return name;
  }

  private void axis(String name, LogicalType type, int maxDefinition) {
    SchemaElement element = new SchemaElement(name);
    element.setType(Type.INT64);
    element.setRepetition_type(
        maxDefinition == 0 ? FieldRepetitionType.REQUIRED : FieldRepetitionType.OPTIONAL);
    if (type != null) {
      element.setLogicalType(type);
    }
    elements.add(element);
    axes.add(
        new Leaf(
            List.of(name),
            Type.INT64,
            ElementType.INT64,
            new int[1],
            maxDefinition,
            0,
            new byte[1],
            false,
            false));
  }

  List<SchemaElement> elements() {
    return elements;
  }

  /** Time, where there is one, ticks and rows. */
  List<Leaf> axes() {
    return axes;
  }

  List<Signal> signals() {
    return signals;
  }

  /** Adds the elements of one signal, and collects its leaves. */
  private final class Node {
    final List<Leaf> leaves = new ArrayList<>();

    Node(List<Dimension> dimensions, SignalDescriptor signal, List<String> path) {
      List<Integer> sizes = dimensions.stream().map(Dimension::size).toList();
      boolean isStruct = signal.dataType().equals(DataTypes.STRUCT);
      boolean isBits = signal.dataType().equals(DataTypes.BIT_FIELD);
      ElementType type = ElementType.of(isBits ? signal.bitFieldType() : signal.dataType());
      if (isStruct || type != null) {
        Place top = new Place(path, FieldRepetitionType.OPTIONAL, 1, List.of(), new int[1]);
        add(top, sizes, type, signal.members());
        return;
      }
      boolean isText =
          SignalDescriptor.UTF8_TEXT.equals(signal.metadata().get(SignalDescriptor.CONTENT_TYPE));
      SchemaElement element = element(path, FieldRepetitionType.OPTIONAL);
      element.setType(Type.BYTE_ARRAY);
      if (isText) {
        element.setLogicalType(LogicalType.STRING(new StringType()));
        element.setConverted_type(ConvertedType.UTF8);
      }
      leaves.add(
          new Leaf(path, Type.BYTE_ARRAY, null, new int[1], 1, 0, new byte[1], false, isText));
    }

    private SchemaElement element(List<String> path, FieldRepetitionType repetition) {
      SchemaElement element = new SchemaElement(path.get(path.size() - 1));
      element.setRepetition_type(repetition);
      elements.add(element);
      return element;
    }

    private static int bytesOf(ElementType type, List<StructMember> members) {
      if (type != null) {
        return type.bytes();
      }
      int bytes = 0;
      for (StructMember each : members) {
        int elements =
            each.dimensions().stream().mapToInt(Dimension::size).reduce(1, (a, b) -> a * b);
        bytes += elements * bytesOf(ElementType.of(each.dataType()), each.members());
      }
      return bytes;
    }

    /** A list for each dimension, then what is in it; the sizes are those that are left. */
    private void add(
        Place place, List<Integer> sizes, ElementType type, List<StructMember> members) {
      if (!sizes.isEmpty()) {
        SchemaElement group = element(place.path(), place.repetition());
        group.setNum_children(1);
        group.setLogicalType(LogicalType.LIST(new ListType()));
        group.setConverted_type(ConvertedType.LIST);
        element(append(place.path(), "list"), FieldRepetitionType.REPEATED).setNum_children(1);
        List<Integer> rest = sizes.subList(1, sizes.size());
        int stride = rest.stream().reduce(bytesOf(type, members), (a, b) -> a * b);
        add(place.inList(sizes.get(0), stride), rest, type, members);
      } else if (type == null) {
        element(place.path(), place.repetition()).setNum_children(members.size());
        int at = 0;
        for (StructMember each : members) {
          List<Integer> own = each.dimensions().stream().map(Dimension::size).toList();
          ElementType ownType = ElementType.of(each.dataType());
          add(place.member(each.name(), at), own, ownType, each.members());
          at += own.stream().reduce(bytesOf(ownType, each.members()), (a, b) -> a * b);
        }
      } else if (type.slots() == 2) {
        boolean isComplex = type.isComplex();
        element(place.path(), place.repetition()).setNum_children(2);
        ElementType low = isComplex ? type.part() : ElementType.UINT64;
        ElementType high = isComplex || type == ElementType.UINT128 ? low : ElementType.INT64;
        leaf(place.member(isComplex ? "re" : "low", 0), low);
        leaf(place.member(isComplex ? "im" : "high", low.bytes()), high);
      } else {
        leaf(place, type);
      }
    }

    private void leaf(Place place, ElementType type) {
      SchemaElement element = element(place.path(), place.repetition());
      Type stored =
          switch (type) {
            case REAL32 -> Type.FLOAT;
            case REAL64 -> Type.DOUBLE;
            case INT64, UINT64 -> Type.INT64;
            case INT8, UINT8, INT16, UINT16, INT32, UINT32 -> Type.INT32;
            case INT128, UINT128, COMPLEX32, COMPLEX64 ->
                throw new IllegalArgumentException(type + " is of two parts");
          };
      element.setType(stored);
      if (stored == Type.INT32 || stored == Type.INT64) {
        int bits = type.bytes() * Byte.SIZE;
        element.setLogicalType(LogicalType.INTEGER(new IntType((byte) bits, !type.isUnsigned())));
        element.setConverted_type(
            ConvertedType.valueOf((type.isUnsigned() ? "UINT_" : "INT_") + bits));
      }
      byte[] pattern = place.pattern();
      leaves.add(
          new Leaf(
              place.path(),
              stored,
              type,
              place.offsets(),
              place.definition(),
              place.sizes().size(),
              pattern,
              type.isUnsigned(),
              false));
    }
  }

  private static List<String> append(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }

  /** Where in the tree, and where in a sample. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Place(
      List<String> path,
      FieldRepetitionType repetition,
      int definition,
      List<Integer> sizes,
      int[] offsets) {

    Place inList(int size, int stride) {
      int[] more = new int[offsets.length * size];
      for (int i = 0; i < more.length; i++) {
        more[i] = offsets[i / size] + i % size * stride;
      }
      List<Integer> longer = new ArrayList<>(sizes);
      longer.add(size);
      return new Place(
          append(append(path, "list"), "element"),
          FieldRepetitionType.REQUIRED,
          definition + 1,
          longer,
          more);
    }

    Place member(String name, int at) {
      int[] moved = offsets.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += at;
      }
      return new Place(append(path, name), FieldRepetitionType.REQUIRED, definition, sizes, moved);
    }

    /** How many lists go on at each element. */
    byte[] pattern() {
      byte[] pattern = new byte[offsets.length];
      for (int i = 1; i < pattern.length; i++) {
        int level = sizes.size();
        int rest = i;
        while (rest % sizes.get(level - 1) == 0) {
          rest /= sizes.get(level - 1);
          level--;
        }
        pattern[i] = (byte) level;
      }
      return pattern;
    }
  }
}
