/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.mdns.DnsName;
import org.daqstream.mdns.Publication;

/** Says of a server what openDAQ clients read (protocol section 6). */
record DeviceIdentity(Settings settings, String hostName) {
  /** What clients look for, the type that old devices have last. */
  static final List<DnsName> TYPES =
      List.of(DnsName.of("_streaming-lt._tcp.local"), DnsName.of("_streaming-ws._tcp.local"));

  private static final String DEFAULT_MANUFACTURER = "daqstream";
  private static final String DEFAULT_MODEL = "streaming server";
  private static final String SERIAL_NUMBER = "serialNumber";
  private static final int STRING_BYTES = 255;

  Publication publication(ServerEndpoint server) {
    String manufacturer = or(settings.manufacturer(), DEFAULT_MANUFACTURER);
    boolean ownSerialNumber = !settings.serialNumber().isEmpty();
    String suffix = server.name().equals(ServerEndpoint.DEFAULT) ? "" : "-" + server.name();
    String serialNumber =
        ownSerialNumber ? settings.serialNumber() + suffix : hostName + "-" + server.port();
    String device = manufacturer + "_" + serialNumber;
    String instance =
        settings.instanceName().isEmpty()
            ? DnsName.label(device, "")
            : DnsName.label(settings.instanceName(), suffix);
    List<String> text = new ArrayList<>();
    text.add("caps=LT");
    text.add("path=" + server.path());
    text.add("protocolVersion=");
    text.add("name=" + or(settings.name(), hostName) + suffix);
    text.add("manufacturer=" + manufacturer);
    text.add("model=" + or(settings.model(), DEFAULT_MODEL));
    text.add(SERIAL_NUMBER + "=" + serialNumber);
    text.addAll(settings.properties());
    text.replaceAll(string -> DnsName.cut(string, STRING_BYTES)); // server names have any length
    return new Publication(
        server.name(),
        TYPES.get(0),
        instance,
        hostLabel(device),
        server.port(),
        text,
        ownSerialNumber ? "" : SERIAL_NUMBER,
        server.address());
  }

  private static String or(String text, String fallback) {
    return text.isEmpty() ? fallback : text;
  }

  /** Host names are read by more programs than instance names are, so no dots and spaces. */
  private static String hostLabel(String device) {
    return DnsName.label(device.replaceAll("[^A-Za-z0-9_-]", "-"), "");
  }
}
