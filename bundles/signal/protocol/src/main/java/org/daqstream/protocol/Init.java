/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Message {@code init}: names the session and how to send commands to the sender (protocol sections
 * 2.2, 2.3).
 *
 * @param streamId the first part of every command's method; empty in a received one without it
 * @param commandInterfaces ways to send commands
 * @param supported what the sender does beyond the protocol's text
 */
public record Init(String streamId, CommandInterfaces commandInterfaces, Supported supported) {
  /** Method of this message. */
  public static final String METHOD = "init";

  /** Of a sender that does nothing beyond the protocol's text. */
  public Init(String streamId, CommandInterfaces commandInterfaces) {
    this(streamId, commandInterfaces, Supported.NOTHING);
  }

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("streamId", streamId);
    params.set("commandInterfaces", commandInterfaces.toNode());
    params.set("supported", supported.toNode());
    return new Metadata(METHOD, params);
  }

  /** {@return what could be read of any parameters of the message; interfaces may be none} */
  public static Init parse(JsonNode params) {
    return new Init(
        params.path("streamId").asText(""),
        CommandInterfaces.parse(params.path("commandInterfaces")),
        Supported.parse(params.path("supported")));
  }
}
