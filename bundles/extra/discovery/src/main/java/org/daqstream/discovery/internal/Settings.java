/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.daqstream.base.support.ForeignText;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.mdns.InterfaceFilter;

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

  static Settings of(Values values) {
    return new Settings(
        values.flag("announce"),
        values.flag("browse"),
        text(values, "name", TEXT_BYTES),
        text(values, "instanceName", INSTANCE_BYTES),
        text(values, "manufacturer", TEXT_BYTES),
        text(values, "model", TEXT_BYTES),
        text(values, "serialNumber", TEXT_BYTES),
        properties(values.list("properties")),
        interfaces(values));
  }

  private static String text(Values values, String key, int limitBytes) {
    String value = values.text(key);
    if (value.getBytes(UTF_8).length > limitBytes || !ForeignText.isPlain(value)) {
      throw new RefusedException(
          key, value, "must have at most " + limitBytes + " bytes and no control characters");
    }
    return value;
  }

  private static List<String> properties(List<String> properties) {
    if (properties.size() > PROPERTIES) {
      throw new RefusedException(
          "properties", properties.size() + " entries", "may be " + PROPERTIES);
    }
    int bytes = properties.stream().mapToInt(property -> property.getBytes(UTF_8).length).sum();
    if (bytes > PROPERTIES_BYTES) { // one packet has to hold them and all else
      throw new RefusedException("properties", bytes + " bytes", "may be " + PROPERTIES_BYTES);
    }
    for (String property : properties) {
      if (!PROPERTY.matcher(property).matches()
          || property.getBytes(UTF_8).length > PROPERTY_BYTES
          || !ForeignText.isPlain(property)) {
        throw new RefusedException(
            "properties",
            property,
            "must be key=value, the key of printable ASCII, at most "
                + PROPERTY_BYTES
                + " bytes, no control characters");
      }
      String key = property.substring(0, property.indexOf('='));
      if (RESERVED.contains(key.toLowerCase(java.util.Locale.ROOT))) {
        throw new RefusedException("properties", property, "must not set '" + key + "'");
      }
    }
    return properties;
  }

  private static InterfaceFilter interfaces(Values values) {
    Set<String> used = new LinkedHashSet<>();
    Set<String> leftOut = new LinkedHashSet<>();
    for (String entry : values.list("interfaces")) {
      if (entry.startsWith("!")) {
        leftOut.add(interfaceOrAddress(entry, entry.substring(1).strip()));
      } else {
        used.add(interfaceOrAddress(entry, entry));
      }
    }
    return new InterfaceFilter(used, leftOut, values.flag("ipv6"));
  }

  private static String interfaceOrAddress(String entry, String text) {
    String allowed =
        "must be the name of a network interface or an IP address, with '!' before it to leave it out";
    if (ADDRESS.matcher(text).matches()) {
      try {
        return InterfaceFilter.text(InetAddress.getByName(text)); // no look-up: it is an address
      } catch (UnknownHostException e) {
        throw new RefusedException("interfaces", entry, allowed);
      }
    }
    if (!INTERFACE.matcher(text).matches()) {
      throw new RefusedException("interfaces", entry, allowed);
    }
    return text;
  }
}
