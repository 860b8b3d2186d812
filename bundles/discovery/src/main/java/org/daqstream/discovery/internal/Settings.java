/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.daqstream.discovery.internal.mdns.InterfaceFilter;

/** The checked values of {@link Discovery.Config}; an empty text stands for the default. */
record Settings(
    boolean announce,
    boolean browse,
    String name,
    String instanceName,
    String manufacturer,
    String model,
    String serialNumber,
    List<String> properties,
    InterfaceFilter interfaces) {
  private static final int TEXT_BYTES = 200;
  private static final int INSTANCE_BYTES = 63;
  private static final int PROPERTY_BYTES = 255;
  private static final int PROPERTIES = 30;
  private static final int PROPERTIES_BYTES = 6_000;
  private static final Pattern PROPERTY = Pattern.compile("[\\x20-\\x7E&&[^=]]+=.*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern INTERFACE = Pattern.compile("[\\x21-\\x7E&&[^!,]]{1,64}");

  /** Keys that have a meaning of their own. */
  private static final Set<String> RESERVED =
      Set.of("caps", "path", "protocolversion", "name", "manufacturer", "model", "serialnumber");

  /**
   * Checks configured values.
   *
   * @param values from Config Admin; absent ones have their defaults
   * @throws IllegalArgumentException names key, value and what is allowed
   */
  static Settings of(Map<String, ?> values) {
    return new Settings(
        bool(values, "announce"),
        bool(values, "browse"),
        text(values, "name", TEXT_BYTES),
        text(values, "instanceName", INSTANCE_BYTES),
        text(values, "manufacturer", TEXT_BYTES),
        text(values, "model", TEXT_BYTES),
        text(values, "serialNumber", TEXT_BYTES),
        properties(values),
        interfaces(values));
  }

  private static IllegalArgumentException refused(String key, String value, String allowed) {
    return new IllegalArgumentException("key " + key + " = '" + value + "' " + allowed);
  }

  private static boolean bool(Map<String, ?> values, String key) {
    String value = raw(values, key, "true");
    if (!value.equals("true") && !value.equals("false")) {
      throw refused(key, value, "must be true or false");
    }
    return value.equals("true");
  }

  private static String raw(Map<String, ?> values, String key, String fallback) {
    Object value = values.get(key);
    return value == null ? fallback : value.toString().strip();
  }

  private static String text(Map<String, ?> values, String key, int limitBytes) {
    String value = raw(values, key, "");
    if (value.getBytes(UTF_8).length > limitBytes || hasControls(value)) {
      throw refused(
          key, value, "must have at most " + limitBytes + " bytes and no control characters");
    }
    return value;
  }

  private static boolean hasControls(String value) {
    return value.chars().anyMatch(Character::isISOControl);
  }

  private static List<String> properties(Map<String, ?> values) {
    List<String> properties = list(values.get("properties"));
    if (properties.size() > PROPERTIES) {
      throw refused("properties", properties.size() + " entries", "may be " + PROPERTIES);
    }
    int bytes = properties.stream().mapToInt(property -> property.getBytes(UTF_8).length).sum();
    if (bytes > PROPERTIES_BYTES) { // one packet has to hold them and all else
      throw refused("properties", bytes + " bytes", "may be " + PROPERTIES_BYTES);
    }
    for (String property : properties) {
      if (!PROPERTY.matcher(property).matches()
          || property.getBytes(UTF_8).length > PROPERTY_BYTES
          || hasControls(property)) {
        throw refused(
            "properties",
            property,
            "must be key=value, the key of printable ASCII, at most "
                + PROPERTY_BYTES
                + " bytes, no control characters");
      }
      String key = property.substring(0, property.indexOf('='));
      if (RESERVED.contains(key.toLowerCase(java.util.Locale.ROOT))) {
        throw refused("properties", property, "must not set '" + key + "'");
      }
    }
    return properties;
  }

  private static InterfaceFilter interfaces(Map<String, ?> values) {
    Set<String> used = new LinkedHashSet<>();
    Set<String> leftOut = new LinkedHashSet<>();
    for (String entry : list(values.get("interfaces"))) {
      if (entry.startsWith("!")) {
        leftOut.add(interfaceOrAddress(entry, entry.substring(1).strip()));
      } else {
        used.add(interfaceOrAddress(entry, entry));
      }
    }
    return new InterfaceFilter(used, leftOut, bool(values, "ipv6"));
  }

  private static String interfaceOrAddress(String entry, String text) {
    String allowed =
        "must be the name of a network interface or an IP address, with '!' before it to leave it out";
    if (ADDRESS.matcher(text).matches()) {
      try {
        return InterfaceFilter.text(InetAddress.getByName(text)); // no look-up: it is an address
      } catch (UnknownHostException e) {
        throw refused("interfaces", entry, allowed);
      }
    }
    if (!INTERFACE.matcher(text).matches()) {
      throw refused("interfaces", entry, allowed);
    }
    return text;
  }

  private static List<String> list(Object value) {
    Collection<?> entries;
    if (value instanceof Object[] array) {
      entries = Arrays.asList(array);
    } else if (value instanceof Collection<?> collection) {
      entries = collection;
    } else {
      entries = Arrays.asList((value == null ? "" : value.toString()).split(",", -1));
    }
    return entries.stream()
        .map(entry -> entry.toString().strip())
        .filter(entry -> !entry.isEmpty())
        .toList();
  }
}
