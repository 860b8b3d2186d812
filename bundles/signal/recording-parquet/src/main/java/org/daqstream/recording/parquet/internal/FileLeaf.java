/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/**
 * A column that holds values, as a footer tells it.
 *
 * @param index which one of the columns of a row group
 * @param path names from the top on
 * @param element what it says of itself
 * @param maxDefinition definition level of what is there
 * @param maxRepetition depth of the lists it is in
 */
record FileLeaf(
    int index, List<String> path, SchemaElement element, int maxDefinition, int maxRepetition) {
  private static final int DEEPEST = 64;

  Type type() {
    return element.getType();
  }

  int typeLength() {
    return Math.max(0, element.getType_length());
  }

  String name() {
    return String.join(".", path);
  }

  /** All of a file, in its order. */
  static List<FileLeaf> of(FileMetaData footer) throws IOException {
    Walk walk = new Walk(footer.getSchema());
    if (footer.getSchemaSize() == 0) {
      throw new IOException("has no columns");
    }
    int children = walk.next().getNum_children();
    for (int i = 0; i < children; i++) {
      walk.add(List.of(), 0, 0);
    }
    return walk.leaves;
  }

  private static final class Walk {
    final List<FileLeaf> leaves = new ArrayList<>();
    private final List<SchemaElement> elements;
    private int at;

    Walk(List<SchemaElement> elements) {
      this.elements = elements;
    }

    SchemaElement next() throws IOException {
      if (at >= elements.size()) {
        throw new IOException("has a schema that ends early");
      }
      return elements.get(at++);
    }

    void add(List<String> owner, int ownerDefinition, int ownerRepetition) throws IOException {
      SchemaElement element = next();
      FieldRepetitionType repetition = element.getRepetition_type();
      int definition = ownerDefinition + (repetition == FieldRepetitionType.REQUIRED ? 0 : 1);
      int depth = ownerRepetition + (repetition == FieldRepetitionType.REPEATED ? 1 : 0);
      List<String> path = new ArrayList<>(owner);
      path.add(element.getName());
      if (path.size() > DEEPEST) {
        throw new IOException("has groups within more than " + DEEPEST + " others");
      }
      if (element.isSetType()) {
        leaves.add(new FileLeaf(leaves.size(), List.copyOf(path), element, definition, depth));
        return;
      }
      for (int i = 0; i < element.getNum_children(); i++) {
        add(path, definition, depth);
      }
    }
  }
}
