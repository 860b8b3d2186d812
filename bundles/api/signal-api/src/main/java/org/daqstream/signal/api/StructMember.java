/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;

/**
 * One member of a struct sample; members follow each other without padding.
 *
 * @param name name of the member, unique in its struct
 * @param dataType type of one element, see {@link DataTypes}
 * @param dimensions dimensions of the member, empty for a single element
 * @param members members of a nested struct, empty unless {@code dataType} is {@link
 *     DataTypes#STRUCT}
 */
public record StructMember(
    String name, String dataType, List<Dimension> dimensions, List<StructMember> members) {
  /** Copies the lists. */
  public StructMember {
    dimensions = List.copyOf(dimensions);
    members = List.copyOf(members);
  }

  /**
   * A member of one element.
   *
   * @param name name of the member
   * @param dataType its type
   */
  public StructMember(String name, String dataType) {
    this(name, dataType, List.of(), List.of());
  }

  /**
   * {@return a member that is an array of numbers, described so that every stock client understands
   * it}
   *
   * @param name name of the member
   * @param dataType type of one element
   * @param size number of elements
   */
  public static StructMember array(String name, String dataType, int size) {
    // Stock clients take no other start and delta (protocol section 3.4).
    Dimension indexed = new Dimension.Linear("Dimension", 1, 0, size, Unit.NONE);
    return new StructMember(name, dataType, List.of(indexed), List.of());
  }
}
