/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.daqstream.base.support.ForeignText;
import org.daqstream.discovery.api.Device;
import org.daqstream.mdns.FoundInstance;

/** Makes devices of what was found, as clients of openDAQ do. */
final class Devices {
  private Devices() {}

  /** Those that stream and are not hidden, sorted by instance. */
  static List<Device> of(List<FoundInstance> found) {
    List<Device> devices = new ArrayList<>();
    for (FoundInstance instance : found) {
      of(instance).ifPresent(devices::add);
    }
    devices.sort(Comparator.comparing(Device::instance));
    return devices;
  }

  private static Optional<Device> of(FoundInstance found) {
    Map<String, String> properties = properties(found.text());
    Device device =
        new Device(
            ForeignText.plain(found.instance()),
            ForeignText.plain(found.host()),
            found.port(),
            found.addresses(),
            properties);
    boolean streams = device.capabilities().contains("LT") || device.capabilities().contains("WS");
    boolean hidden = "true".equalsIgnoreCase(properties.get("hidden"));
    return streams && !hidden ? Optional.of(device) : Optional.empty();
  }

  /** Keys are the same in upper and lower case, and the first one counts. */
  private static Map<String, String> properties(List<String> text) {
    Map<String, String> properties = new LinkedHashMap<>();
    List<String> seen = new ArrayList<>();
    for (String string : text) {
      int equals = string.indexOf('=');
      String key = ForeignText.plain(equals < 0 ? string : string.substring(0, equals));
      String folded = key.toLowerCase(Locale.ROOT);
      if (!key.isEmpty() && !seen.contains(folded)) {
        seen.add(folded);
        properties.put(
            spelling(key), ForeignText.plain(equals < 0 ? "" : string.substring(equals + 1)));
      }
    }
    return properties;
  }

  /** The spelling that our API reads. */
  private static String spelling(String key) {
    return Arrays.stream(
            new String[] {
              "caps", "path", "name", "manufacturer", "model", "serialNumber", "hidden"
            })
        .filter(key::equalsIgnoreCase)
        .findFirst()
        .orElse(key);
  }
}
