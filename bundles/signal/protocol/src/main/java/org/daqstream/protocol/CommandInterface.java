/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One way to send commands to a server (protocol section 2.3).
 *
 * @param name {@link #IN_BAND}, {@link #HTTP} or something unknown
 * @param httpMethod {@code "POST"}; empty for in-band, but always there (a stock client dies
 *     without)
 * @param httpPath path of the command interface
 * @param httpVersion {@code "1.1"}
 * @param port port number or service name, always a string on the wire; empty when absent
 */
public record CommandInterface(
    String name, String httpMethod, String httpPath, String httpVersion, String port) {
  /** Name of the interface that uses {@code request} and {@code response} messages. */
  public static final String IN_BAND = "jsonrpc";

  /** Name of the interface that uses HTTP posts. */
  public static final String HTTP = "jsonrpc-http";

  /** Returned by {@link #portNumber} when there is none. */
  public static final int NO_PORT = -1;

  private static final String POST = "POST";
  private static final int PORT_MAX = 65_535;

  /** {@return the interface for commands as messages of the session} */
  public static CommandInterface inBand() {
    return new CommandInterface(IN_BAND, "", "", "", "");
  }

  /**
   * {@return the interface for commands by HTTP}
   *
   * @param port port of the server
   * @param path path of the command interface
   */
  public static CommandInterface http(int port, String path) {
    return new CommandInterface(HTTP, POST, path, "1.1", Integer.toString(port));
  }

  /** {@return whether commands go over the session itself, as for {@link #IN_BAND}} */
  public boolean isInBand() {
    return name.equals(IN_BAND);
  }

  /** {@return whether commands can be posted to it: it takes posts and has a usable port} */
  public boolean isHttp() {
    return !isInBand() && httpMethod.equalsIgnoreCase(POST) && portNumber() != NO_PORT;
  }

  /** {@return the port as a number, 1 to 65535, also from a service name; else {@link #NO_PORT}} */
  public int portNumber() {
    if (port.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(port);
      return number >= 1 && number <= PORT_MAX ? number : NO_PORT;
    }
    return switch (port) {
      case "http" -> 80;
      case "https" -> 443;
      case "http-alt" -> 8080;
      default -> NO_PORT;
    };
  }

  ObjectNode toNode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("httpMethod", httpMethod);
    if (!isInBand()) {
      node.put("httpPath", httpPath).put("httpVersion", httpVersion).put("port", port);
    }
    return node;
  }

  static CommandInterface parse(String name, JsonNode node) {
    if (name.equals(IN_BAND)) {
      return inBand();
    }
    return new CommandInterface(
        name,
        node.path("httpMethod").asText(""),
        node.path("httpPath").asText("/"),
        node.path("httpVersion").asText("1.1"),
        node.path("port").asText(""));
  }
}
