/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.daqstream.base.support.ForeignText;
import org.daqstream.discovery.api.Device;
import org.daqstream.mdns.FoundInstance;

/** Makes devices of what was found, as clients of openDAQ do. */
final class Devices {
  private static final List<String> KNOWN =
      List.of("caps", "path", "name", "manufacturer", "model", "serialNumber", "hidden");

  private Devices() {}

  /** Those that stream and are not hidden, sorted by instance. */
  static List<Device> of(List<FoundInstance> found) {
    return found.stream()
        .map(Devices::device)
        .filter(Devices::isShown)
        .sorted(Comparator.comparing(Device::instance))
        .toList();
  }

  private static Device device(FoundInstance found) {
    return new Device(
        ForeignText.plain(found.instance()),
        ForeignText.plain(found.host()),
        found.port(),
        found.addresses(),
        properties(found.text()));
  }

  private static boolean isShown(Device device) {
    boolean streams = device.capabilities().contains("LT") || device.capabilities().contains("WS");
    return streams && !"true".equalsIgnoreCase(device.properties().get("hidden"));
  }

  /** Keys are the same in upper and lower case, and the first one counts. */
  private static Map<String, String> properties(List<String> text) {
    Map<String, String> properties = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (String string : text) {
      String[] parts = ForeignText.plain(string).split("=", 2);
      if (!parts[0].isEmpty() && seen.add(parts[0].toLowerCase(Locale.ROOT))) {
        properties.put(spelling(parts[0]), parts.length == 2 ? parts[1] : "");
      }
    }
    return properties;
  }

  /** The spelling that our API reads. */
  private static String spelling(String key) {
    return KNOWN.stream().filter(key::equalsIgnoreCase).findFirst().orElse(key);
  }
}
