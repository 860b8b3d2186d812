/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Values as JSON: records and maps as objects, collections as arrays, times in UTC with
 * nanoseconds, what is no number of JSON as a string.
 */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** A value on one line. */
  public static String of(Object value) {
    final StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Prints an array with each element on a line of its own, all at once. */
  public static void print(PrintStream out, Collection<?> elements) {
    out.println(
        elements.isEmpty()
            ? "[]"
            : elements.stream().map(Json::of).collect(Collectors.joining(",\n", "[\n", "\n]")));
  }

  /** An array whose elements are printed as they come. */
  public static final class Array implements AutoCloseable {
    private final PrintStream out;
    private boolean begun;

    /** Prints the beginning. */
    public Array(PrintStream out) {
      this.out = out;
      out.print("[");
    }

    /** Prints an element. */
    public void add(Object element) {
      out.print((begun ? ",\n" : "\n") + of(element));
      begun = true;
    }

    /** Prints the end. */
    @Override
    public void close() {
      out.println(begun ? "\n]" : "]");
    }
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (final Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> collection) {
      json.writeStartArray();
      for (final Object element : collection) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Record entry) {
      writeRecord(json, entry);
    } else {
      writeScalar(json, value);
    }
  }

  private static void writeRecord(JsonGenerator json, Record value) throws IOException {
    json.writeStartObject();
    for (final RecordComponent component : value.getClass().getRecordComponents()) {
      json.writeFieldName(component.getName());
      try {
        component.getAccessor().setAccessible(true);
        write(json, component.getAccessor().invoke(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    json.writeEndObject();
  }

  private static void writeScalar(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Double number) {
      json.writeNumber(number); // as a string when it is not finite
    } else if (value instanceof Float number) {
      json.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Instant instant) {
      json.writeString(Format.time(instant));
    } else {
      json.writeString(value.toString());
    }
  }
}
