/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.daqstream.protocol.ProtocolException.Kind;

/**
 * The ways to send commands that a server offers (protocol section 2.3).
 *
 * @param interfaces in the order of the message
 */
public record CommandInterfaces(List<CommandInterface> interfaces) {
  /** Copies the list. */
  public CommandInterfaces {
    interfaces = List.copyOf(interfaces);
  }

  /**
   * {@return what a server offers so that every known client finds its way: in-band and HTTP}
   *
   * @param port port for HTTP posts, as clients see it
   * @param path path for HTTP posts
   */
  public static CommandInterfaces inBandAndHttp(int port, String path) {
    return new CommandInterfaces(
        List.of(CommandInterface.inBand(), CommandInterface.http(port, path)));
  }

  /**
   * Chooses the interface that a client uses: in-band if offered, else {@code jsonrpc-http}, else
   * any other that takes HTTP posts.
   *
   * @return a usable interface
   * @throws ProtocolException of kind {@code NO_COMMAND_INTERFACE}, naming what is offered
   */
  public CommandInterface select() throws ProtocolException {
    Optional<CommandInterface> inBand =
        interfaces.stream().filter(CommandInterface::isInBand).findFirst();
    if (inBand.isPresent()) {
      return inBand.get();
    }
    return interfaces.stream()
        .filter(CommandInterface::isHttp)
        .min((a, b) -> Boolean.compare(isOther(a), isOther(b)))
        .orElseThrow(
            () ->
                new ProtocolException(
                    Kind.NO_COMMAND_INTERFACE,
                    "server offers no usable command interface: " + interfaces));
  }

  private static boolean isOther(CommandInterface candidate) {
    return !candidate.name().equals(CommandInterface.HTTP);
  }

  ObjectNode toNode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (CommandInterface each : interfaces) {
      node.set(each.name(), each.toNode());
    }
    return node;
  }

  static CommandInterfaces parse(JsonNode node) {
    return new CommandInterfaces(
        node.properties().stream()
            .map(field -> CommandInterface.parse(field.getKey(), field.getValue()))
            .toList());
  }
}
