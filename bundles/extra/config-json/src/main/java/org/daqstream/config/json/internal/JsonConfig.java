/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the properties of a configuration in the JSON form of the OSGi Configurator: a key may end
 * with its type, as in {@code "clients:Integer": 10} or {@code "names:String[]": []}; otherwise the
 * value tells it. Comments are allowed.
 */
final class JsonConfig {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("String", String.class),
          Map.entry("Boolean", Boolean.class),
          Map.entry("Byte", Byte.class),
          Map.entry("Character", Character.class),
          Map.entry("Short", Short.class),
          Map.entry("Integer", Integer.class),
          Map.entry("Long", Long.class),
          Map.entry("Float", Float.class),
          Map.entry("Double", Double.class),
          Map.entry("boolean", boolean.class),
          Map.entry("byte", byte.class),
          Map.entry("char", char.class),
          Map.entry("short", short.class),
          Map.entry("int", int.class),
          Map.entry("long", long.class),
          Map.entry("float", float.class),
          Map.entry("double", double.class));

  private JsonConfig() {}

  /**
   * The text of a file.
   *
   * @throws IllegalArgumentException when it is not in UTF-8
   */
  static String text(byte[] file) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not in UTF-8", e);
    }
  }

  /**
   * The properties of the text.
   *
   * @throws IOException with the line when it is no JSON
   * @throws IllegalArgumentException naming the key whose value or type is not allowed
   */
  static Map<String, Object> read(String text) throws IOException {
    JsonNode root = MAPPER.readTree(text);
    if (!root.isObject()) {
      throw new IllegalArgumentException("there is no object with keys and values in it");
    }
    Map<String, Object> properties = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      // Keys that begin with a colon are for the OSGi Configurator itself.
      if (key.startsWith(":") || value.isNull()) {
        continue;
      }
      if (value.isArray() && items(value).anyMatch(JsonNode::isNull)) {
        throw new IllegalArgumentException("key " + key + " = " + value + " has a null in it");
      }
      int end = key.lastIndexOf(':');
      String name = end < 0 ? key : key.substring(0, end);
      Object before =
          properties.put(
              name, end < 0 ? untyped(key, value) : typed(key, key.substring(end + 1), value));
      if (before != null) {
        throw new IllegalArgumentException("key " + name + " is there twice");
      }
    }
    return properties;
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Object typed(String key, String type, JsonNode value) {
    if (type.startsWith("Collection")) {
      String element =
          type.matches("Collection<\\w+>") ? type.substring(11, type.length() - 1) : "";
      Class<?> of = element.isEmpty() ? null : type(key, element);
      return items(value)
          .map(item -> of == null ? untyped(key, item) : convert(key, item, of))
          .toList();
    }
    return type.endsWith("[]")
        ? convert(key, value, type(key, type.substring(0, type.length() - 2)).arrayType())
        : convert(key, value, type(key, type));
  }

  private static Class<?> type(String key, String name) {
    Class<?> type = TYPES.get(name);
    if (type == null) {
      throw new IllegalArgumentException(
          "key " + key + ": type '" + name + "' is not allowed; allowed are " + typeNames());
    }
    return type;
  }

  private static String typeNames() {
    return TYPES.keySet().stream().sorted().toList() + ", arrays X[] and Collection<X>";
  }

  private static Object convert(String key, JsonNode value, Class<?> type) {
    try {
      return MAPPER.treeToValue(value, type);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          "key " + key + " = " + value + " is no " + type.getSimpleName(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("key " + key + " = " + value + ": " + e.getMessage(), e);
    }
  }

  private static Object untyped(String key, JsonNode value) {
    if (value.isArray()) {
      List<Object> items = items(value).map(item -> untyped(key, item)).toList();
      Class<?> of = items.isEmpty() ? String.class : items.get(0).getClass();
      if (items.stream().anyMatch(item -> item.getClass() != of)) {
        throw new IllegalArgumentException(
            "key " + key + " = " + value + " has values of several types");
      }
      return items.toArray((Object[]) Array.newInstance(of, 0));
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.canConvertToLong() && value.isIntegralNumber()) {
      return value.longValue();
    }
    return value.isNumber() ? (Object) value.doubleValue() : value.toString();
  }
}
