/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.daqstream.discovery.api.Device;

/** Devices for people and for programs. */
final class DeviceList {
  private static final int COLUMN_CHARS = 40;
  private static final String[] HEADINGS = {
    "NAME", "MANUFACTURER", "MODEL", "SERIAL NUMBER", "ADDRESS"
  };

  private DeviceList() {}

  /** A line for each device, and one more for each further address. */
  static String table(List<Device> devices) {
    if (devices.isEmpty()) {
      return "no device found";
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (Device device : devices) {
      String[] row = {
        cut(device.name()),
        cut(device.manufacturer()),
        cut(device.model()),
        cut(device.serialNumber()),
        ""
      };
      for (String url : device.urls()) {
        row[row.length - 1] = url;
        rows.add(row.clone());
        Arrays.fill(row, "");
      }
    }
    return aligned(rows);
  }

  private static String cut(String text) {
    return text.length() <= COLUMN_CHARS ? text : text.substring(0, COLUMN_CHARS - 1) + "…";
  }

  private static String aligned(List<String[]> rows) {
    int[] widths = new int[HEADINGS.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join("\n", lines);
  }

  /** An array of objects, one on a line. */
  static String json(List<Device> devices) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Device device : devices) {
      StringWriter line = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
        write(device, json);
      }
      lines.add(line.toString());
    }
    return lines.isEmpty() ? "[]" : "[\n" + String.join(",\n", lines) + "\n]";
  }

  private static void write(Device device, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("instance", device.instance());
    json.writeStringField("name", device.name());
    json.writeStringField("manufacturer", device.manufacturer());
    json.writeStringField("model", device.model());
    json.writeStringField("serialNumber", device.serialNumber());
    json.writeStringField("host", device.host());
    json.writeNumberField("port", device.port());
    json.writeStringField("path", device.path());
    write("addresses", device.addresses().stream().map(InetAddress::getHostAddress).toList(), json);
    write("urls", device.urls(), json);
    write("capabilities", new TreeSet<>(device.capabilities()), json);
    json.writeObjectFieldStart("properties");
    for (Map.Entry<String, String> property : new TreeMap<>(device.properties()).entrySet()) {
      json.writeStringField(property.getKey(), property.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(String field, Collection<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
