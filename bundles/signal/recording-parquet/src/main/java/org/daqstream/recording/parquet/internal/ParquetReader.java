/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.daqstream.recording.api.RecordedRows;

/** Reads a file row by row, a row group in memory at a time. */
final class ParquetReader implements Closeable {
  /** A column, or a part of one. */
  private final class Node {
    final SchemaElement element;
    final int definition;
    final int repetition;
    final boolean isList;
    final int leaf;
    final List<Node> children = new ArrayList<>();

    Node(int ownerDefinition, int ownerRepetition) {
      element = footer.getSchema().get(nextElement++);
      boolean isRequired = element.getRepetition_type() == FieldRepetitionType.REQUIRED;
      definition = ownerDefinition + (isRequired ? 0 : 1);
      isList = element.getRepetition_type() == FieldRepetitionType.REPEATED;
      repetition = ownerRepetition + (isList ? 1 : 0);
      if (element.isSetType()) {
        leaf = leaves.size();
        leaves.add(this);
        return;
      }
      leaf = -1;
      for (int i = 0; i < element.getNum_children(); i++) {
        children.add(new Node(definition, repetition));
      }
    }

    private ColumnReader firstColumn() {
      Node node = this;
      while (node.leaf < 0) {
        node = node.children.get(0);
      }
      return columns.get(node.leaf);
    }

    Object read() {
      if (leaf >= 0) {
        return columns.get(leaf).next();
      }
      if (firstColumn().definition() < definition) {
        skip();
        return null;
      }
      Node only = children.get(0);
      if (children.size() == 1 && only.isList) {
        List<Object> list = new ArrayList<>();
        do {
          list.add(only.children.get(0).read());
        } while (only.firstColumn().repetition() == only.repetition);
        return list;
      }
      Map<String, Object> struct = new LinkedHashMap<>();
      children.forEach(each -> struct.put(each.element.getName(), each.read()));
      return struct;
    }

    private void skip() {
      if (leaf >= 0) {
        columns.get(leaf).next();
      }
      children.forEach(Node::skip);
    }
  }

  private final FileMetaData footer;
  private final FileChannel channel;
  private final List<Node> leaves = new ArrayList<>();
  private final List<Node> top = new ArrayList<>();
  private final List<ColumnReader> columns = new ArrayList<>();
  private int nextElement = 1;

  ParquetReader(Path file) throws IOException {
    footer = Footer.read(file);
    for (int i = 0; i < footer.getSchema().get(0).getNum_children(); i++) {
      top.add(new Node(0, 0));
    }
    channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  void read(RecordedRows target) throws IOException {
    target.columns(top.stream().map(each -> each.element.getName()).toList());
    for (RowGroup group : footer.getRow_groups()) {
      columns.clear();
      for (Node each : leaves) {
        ColumnMetaData data = group.getColumns().get(each.leaf).getMeta_data();
        try {
          columns.add(
              new ColumnReader(
                  each.element, each.definition, each.repetition, data, pagesOf(data)));
        } catch (IOException e) {
          throw new IOException("column " + data.getPath_in_schema() + ": " + e.getMessage(), e);
        }
      }
      for (long i = 0; i < group.getNum_rows(); i++) {
        List<Object> row = new ArrayList<>();
        top.forEach(each -> row.add(each.read()));
        if (!target.row(row)) {
          return;
        }
      }
    }
  }

  private byte[] pagesOf(ColumnMetaData data) throws IOException {
    if (data.isSetDictionary_page_offset()) {
      throw new IOException("has a dictionary, as only others write them");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) data.getTotal_compressed_size());
    long at = data.getData_page_offset();
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
    if (bytes.hasRemaining()) {
      throw new IOException("the file is cut off");
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
