/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.List;

/**
 * What a device said of itself when it greeted, as it said it.
 *
 * @param apiVersion version of the protocol, three numbers with dots from most devices
 * @param streamId name of the session
 * @param commandInterfaces the ways in which it takes commands: {@code jsonrpc}, or as in {@code
 *     jsonrpc-http POST :7438/}
 */
public record DeviceGreeting(String apiVersion, String streamId, List<String> commandInterfaces) {
  /** Copies the list. */
  public DeviceGreeting {
    commandInterfaces = List.copyOf(commandInterfaces);
  }
}
