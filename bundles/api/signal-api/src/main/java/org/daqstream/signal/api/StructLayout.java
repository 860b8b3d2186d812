/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the numbers of a struct lie in its packed bytes: members in order, without padding, arrays
 * row-major (protocol section 3.3). Nested structs are laid out flat: a member {@code x} of the
 * member {@code inner} is the field {@code inner.x}, and of an array of structs {@code inner[1].x}.
 * Immutable; to be made once, not for every record.
 */
public final class StructLayout {
  /** The greatest number of fields; arrays of numbers count once. */
  public static final int FIELDS_LIMIT = 4096;

  private static final int NESTING_LIMIT = 16;

  /**
   * One number, or one array of numbers, of the struct.
   *
   * @param path its name, with the names of the structs that it is in
   * @param type type of its elements
   * @param offsetBytes where it begins in the record
   * @param elements how many elements it has, 1 for a single number
   */
  public record Field(String path, ElementType type, int offsetBytes, int elements) {
    /** {@return the size of the field: bytes of all its elements} */
    public int bytes() {
      return elements * type.bytes();
    }
  }

  private final List<Field> fields;
  private final Map<String, Integer> indexes;
  private final int recordBytes;

  private StructLayout(List<StructMember> members) {
    Plan plan = new Plan();
    plan.add("", members, 0);
    fields = List.copyOf(plan.fields.values());
    indexes = new LinkedHashMap<>();
    for (Field field : fields) {
      indexes.put(field.path(), indexes.size());
    }
    recordBytes = (int) plan.bytes;
  }

  /**
   * {@return the layout of a struct}
   *
   * @param members its members, at least one
   * @throws IllegalArgumentException when two members have one name, a member is of a type without
   *     a fixed size, or there are more than {@value #FIELDS_LIMIT} fields; names the member
   */
  public static StructLayout of(List<StructMember> members) {
    return new StructLayout(members);
  }

  /**
   * {@return the layout of one record of the struct that a descriptor describes}
   *
   * @param struct descriptor of a signal of type {@link DataTypes#STRUCT}; its own dimensions are
   *     not part of the layout
   * @throws IllegalArgumentException as {@link #of(List)}
   */
  public static StructLayout of(SignalDescriptor struct) {
    return of(struct.members());
  }

  /** {@return the fields in the order of their bytes, at least one} */
  public List<Field> fields() {
    return fields;
  }

  /**
   * {@return the place of a field in {@link #fields()}, by which {@link StructBuffer} sets and
   * reads it} For a struct without nested structs it is the place of the member.
   *
   * @param path for example {@code "Length"} or {@code "inner.x"}
   * @throws IllegalArgumentException when there is no such field; lists those that are
   */
  public int indexOf(String path) {
    Integer index = indexes.get(path);
    if (index == null) {
      throw new IllegalArgumentException("no field " + path + " in " + indexes.keySet());
    }
    return index;
  }

  /** {@return the size of a record: the sum of the bytes of its fields} */
  public int recordBytes() {
    return recordBytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StructLayout that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return "struct of " + recordBytes + " B: " + indexes.keySet();
  }

  /** Collects fields. */
  private static final class Plan {
    private static final Set<String> UNFIXED = Set.of(DataTypes.BINARY, DataTypes.BIT_FIELD);

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private long bytes;

    void add(String owner, List<StructMember> members, int depth) {
      if (members.isEmpty() || depth > NESTING_LIMIT) {
        throw new IllegalArgumentException(
            "struct '" + owner + "' must have members, nested at most " + NESTING_LIMIT + " times");
      }
      for (StructMember member : members) {
        add(owner.isEmpty() ? member.name() : owner + "." + member.name(), member, depth);
      }
    }

    private void add(String path, StructMember member, int depth) {
      if (member.name().isEmpty()) {
        throw new IllegalArgumentException("a member of the struct has no name: '" + path + "'");
      }
      if (member.dataType().equals(DataTypes.STRUCT)) {
        for (String each : paths(path, member.dimensions())) {
          add(each, member.members(), depth + 1);
        }
        return;
      }
      ElementType type = ElementType.of(member.dataType());
      if (type == null) {
        throw new IllegalArgumentException(
            "member %s is of type %s%s; allowed are integers, reals, complex numbers and structs"
                .formatted(
                    path,
                    member.dataType(),
                    UNFIXED.contains(member.dataType()) ? ", which no struct can hold" : ""));
      }
      add(new Field(path, type, (int) bytes, elements(path, member.dimensions())));
    }

    private void add(Field field) {
      if (fields.put(field.path(), field) != null) {
        throw new IllegalArgumentException("two members of the struct are called " + field.path());
      }
      bytes += (long) field.elements() * field.type().bytes();
      if (bytes > Integer.MAX_VALUE || fields.size() > FIELDS_LIMIT) {
        throw new IllegalArgumentException(
            "struct with more than %s fields or %s bytes, at member %s"
                .formatted(FIELDS_LIMIT, Integer.MAX_VALUE, field.path()));
      }
    }

    private static int elements(String path, List<Dimension> dimensions) {
      long elements = 1;
      for (Dimension dimension : dimensions) {
        elements *= dimension.size();
        if (elements > Integer.MAX_VALUE) {
          throw new IllegalArgumentException("member " + path + " has too many elements");
        }
      }
      return (int) elements;
    }

    private static List<String> paths(String path, List<Dimension> dimensions) {
      if (elements(path, dimensions) > FIELDS_LIMIT) {
        throw new IllegalArgumentException(
            "array of structs " + path + " with more than " + FIELDS_LIMIT + " fields");
      }
      List<String> paths = List.of(path);
      for (Dimension dimension : dimensions) {
        List<String> indexed = new ArrayList<>();
        for (String each : paths) {
          for (int i = 0; i < dimension.size(); i++) {
            indexed.add(each + "[" + i + "]");
          }
        }
        paths = indexed;
      }
      return paths;
    }
  }
}
