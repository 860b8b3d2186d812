/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A streaming device as it announces itself. Everything here was said by the network and is not to
 * be trusted; control characters are replaced, so that texts can be printed.
 *
 * @param instance the name of the announcement, unique on the network
 * @param host the name of its host, without the final dot
 * @param port TCP port of the WebSocket
 * @param addresses where it can be reached, IPv4 first; an IPv6 address of one link has its scope
 * @param properties everything else it tells, by key as it was written
 */
public record Device(
    String instance,
    String host,
    int port,
    List<InetAddress> addresses,
    Map<String, String> properties) {
  /** Copies the collections. */
  public Device {
    addresses = List.copyOf(addresses);
    properties = Map.copyOf(properties);
  }

  /** For people; the instance name when the device tells none. */
  public String name() {
    return properties.getOrDefault("name", instance);
  }

  /** Who made it; empty when it does not tell. */
  public String manufacturer() {
    return properties.getOrDefault("manufacturer", "");
  }

  /** What it is; empty when it does not tell. */
  public String model() {
    return properties.getOrDefault("model", "");
  }

  /** Which one it is; empty when it does not tell. */
  public String serialNumber() {
    return properties.getOrDefault("serialNumber", "");
  }

  /** Path of the WebSocket. */
  public String path() {
    return properties.getOrDefault("path", "/");
  }

  /** What it can do, in the device's words; {@code LT} or {@code WS} is always there. */
  public Set<String> capabilities() {
    return Arrays.stream(properties.getOrDefault("caps", "").split(","))
        .map(String::strip)
        .filter(capability -> !capability.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** One WebSocket address for each of {@link #addresses()}. */
  public List<String> urls() {
    return addresses.stream().map(this::url).toList();
  }

  private String url(InetAddress address) {
    String host = address.getHostAddress();
    return "ws://%s:%s%s%s"
        .formatted(
            address instanceof Inet6Address ? "[" + host + "]" : host,
            port,
            path().startsWith("/") ? "" : "/",
            path());
  }
}
