/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * MessagePack to trees, within limits, and back (protocol section 1.4). Written like the C++ peers
 * do: sorted keys, smallest forms, doubles as float32 where nothing is lost, and whole numbers that
 * have no form in MessagePack as doubles.
 */
public final class MessagePackTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final MessageUnpacker unpacker;
  private final int totalBytes;
  private final Limits limits;
  private int nodes;

  private MessagePackTree(MessageUnpacker unpacker, int totalBytes, Limits limits) {
    this.unpacker = unpacker;
    this.totalBytes = totalBytes;
    this.limits = limits;
  }

  public static JsonNode read(byte[] document, Limits limits) throws ProtocolException {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(document)) {
      MessagePackTree tree = new MessagePackTree(unpacker, document.length, limits);
      JsonNode root = tree.value(0);
      if (tree.remainingBytes() != 0) {
        throw malformed(tree.remainingBytes() + " B behind the document");
      }
      return root;
    } catch (IOException | MessagePackException | IndexOutOfBoundsException e) {
      throw new ProtocolException(Kind.MALFORMED, "MessagePack: " + e, e);
    }
  }

  public static byte[] write(JsonNode root) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      pack(packer, root);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long remainingBytes() {
    return totalBytes - unpacker.getTotalReadBytes();
  }

  private JsonNode value(int depth) throws IOException, ProtocolException {
    if (++nodes > limits.nodes()) {
      throw limit("more than " + limits.nodes() + " values");
    }
    return switch (unpacker.getNextFormat().getValueType()) {
      case NIL -> {
        unpacker.unpackNil();
        yield NODES.nullNode();
      }
      case BOOLEAN -> NODES.booleanNode(unpacker.unpackBoolean());
      case INTEGER -> integer(unpacker.unpackBigInteger());
      case FLOAT -> NODES.numberNode(unpacker.unpackDouble());
      case STRING -> NODES.textNode(text());
      case BINARY -> NODES.binaryNode(bytes(unpacker.unpackBinaryHeader()));
      case ARRAY -> array(depth + 1);
      case MAP -> map(depth + 1);
      case EXTENSION -> throw malformed("extension types are not part of the protocol");
    };
  }

  private static JsonNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }

  private JsonNode array(int depth) throws IOException, ProtocolException {
    int count = unpacker.unpackArrayHeader();
    checkContainer(depth, count, 1);
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      array.add(value(depth));
    }
    return array;
  }

  private JsonNode map(int depth) throws IOException, ProtocolException {
    int count = unpacker.unpackMapHeader();
    checkContainer(depth, count, 2);
    ObjectNode map = NODES.objectNode();
    for (int i = 0; i < count; i++) {
      if (!unpacker.getNextFormat().getValueType().isStringType()) {
        throw malformed("key of a map is no string");
      }
      map.set(text(), value(depth));
    }
    return map;
  }

  /** Every element takes a byte at least, so a count beyond the remaining bytes is a lie. */
  private void checkContainer(int depth, int count, int elementBytes) throws ProtocolException {
    if (depth > limits.depth()) {
      throw limit("more than " + limits.depth() + " levels");
    }
    if ((long) count * elementBytes > remainingBytes()) {
      throw malformed(count + " elements declared, " + remainingBytes() + " B left");
    }
  }

  private String text() throws IOException, ProtocolException {
    return new String(bytes(unpacker.unpackRawStringHeader()), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int length) throws IOException, ProtocolException {
    if (length > limits.stringBytes()) {
      throw limit("string of " + length + " B");
    }
    if (length > remainingBytes()) {
      throw malformed("string of " + length + " B declared, " + remainingBytes() + " B left");
    }
    return unpacker.readPayload(length);
  }

  private static ProtocolException limit(String what) {
    return new ProtocolException(Kind.LIMIT, "MessagePack: " + what);
  }

  private static ProtocolException malformed(String what) {
    return new ProtocolException(Kind.MALFORMED, "MessagePack: " + what);
  }

  private static void pack(MessagePacker packer, JsonNode node) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> packMap(packer, node);
      case ARRAY -> {
        packer.packArrayHeader(node.size());
        for (JsonNode element : node) {
          pack(packer, element);
        }
      }
      case STRING -> packer.packString(node.textValue());
      case BOOLEAN -> packer.packBoolean(node.booleanValue());
      case NUMBER -> packNumber(packer, node);
      case BINARY -> {
        byte[] bytes = node.binaryValue();
        packer.packBinaryHeader(bytes.length);
        packer.writePayload(bytes);
      }
      case NULL, MISSING -> packer.packNil();
      case POJO -> throw new IllegalArgumentException("no protocol type: " + node);
    }
  }

  private static void packMap(MessagePacker packer, JsonNode node) throws IOException {
    List<Map.Entry<String, JsonNode>> sorted =
        node.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
    packer.packMapHeader(sorted.size());
    for (Map.Entry<String, JsonNode> field : sorted) {
      packer.packString(field.getKey());
      pack(packer, field.getValue());
    }
  }

  private static void packNumber(MessagePacker packer, JsonNode node) throws IOException {
    if (node.isBigInteger() && Numbers.fits64Bits(node)) {
      packer.packBigInteger(node.bigIntegerValue());
    } else if (node.isIntegralNumber() && !node.isBigInteger()) {
      packer.packLong(node.longValue());
    } else {
      double value = node.doubleValue();
      if (Double.isFinite(value) && (float) value == value) {
        packer.packFloat((float) value);
      } else {
        packer.packDouble(value);
      }
    }
  }
}
