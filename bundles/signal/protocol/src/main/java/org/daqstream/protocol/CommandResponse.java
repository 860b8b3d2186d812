/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.internal.JsonText;

/**
 * The answer to a {@link CommandRequest} (protocol sections 2.4, 2.5).
 *
 * @param id the request's id; a {@link MissingNode} when it had none
 * @param result an array of booleans, one boolean, or anything else; a {@link MissingNode} in an
 *     error
 * @param errorCode JSON-RPC code or HTTP status, 0 when there is no error
 * @param errorMessage what went wrong, empty when there is no error
 */
public record CommandResponse(JsonNode id, JsonNode result, int errorCode, String errorMessage) {
  /** Method of the message that carries an answer. */
  public static final String METHOD = "response";

  /** The body of a successful HTTP answer; a stock client accepts nothing else. */
  public static final String HTTP_SUCCESS = "Succeeded";

  /** JSON-RPC: not a request. */
  public static final int INVALID_REQUEST = -32600;

  /** JSON-RPC: unknown session or command. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** JSON-RPC: parameters that name no signals. */
  public static final int INVALID_PARAMS = -32602;

  /** JSON-RPC: the command failed. */
  public static final int SERVER_ERROR = -32000;

  private static final int MESSAGE_LIMIT_CHARS = 500;
  private static final JsonNode ABSENT = MissingNode.getInstance();

  /**
   * {@return the answer to a list of signals}
   *
   * @param id the request's id
   * @param done what became of each signal, in the order of the request
   */
  public static CommandResponse results(JsonNode id, List<Boolean> done) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    done.forEach(array::add);
    return new CommandResponse(id, array, 0, "");
  }

  /**
   * {@return the answer to a command for a single signal that succeeded}
   *
   * @param id the request's id
   */
  public static CommandResponse succeeded(JsonNode id) {
    return new CommandResponse(id, JsonNodeFactory.instance.booleanNode(true), 0, "");
  }

  /**
   * {@return the answer to a command that failed}
   *
   * @param id the request's id
   * @param code one of the codes of this class
   * @param message what went wrong
   */
  public static CommandResponse error(JsonNode id, int code, String message) {
    return new CommandResponse(id, ABSENT, code, message);
  }

  /**
   * {@return whether the command as a whole failed; single signals may have, see {@link #isDone}}
   */
  public boolean isError() {
    return errorCode != 0;
  }

  /**
   * {@return whether the command was carried out for a signal, not refused: unknown, or subscribed
   * already}
   *
   * @param index position of the signal in the request
   */
  public boolean isDone(int index) {
    JsonNode each = result.isArray() ? result.path(index) : result;
    return !isError() && each.asBoolean(true);
  }

  /** {@return the message for the session} */
  public Metadata toMetadata() {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    envelope.set("id", id.isMissingNode() ? JsonNodeFactory.instance.nullNode() : id);
    envelope.put("jsonrpc", "2.0");
    if (isError()) {
      envelope.putObject("error").put("code", errorCode).put("message", errorMessage);
    } else {
      envelope.set("result", result);
    }
    return new Metadata(METHOD, envelope);
  }

  /**
   * {@return the response in the envelope of a {@code response} message}
   *
   * @param envelope parameters of the message
   * @throws ProtocolException of kind {@code BAD_MESSAGE} when it is no map
   */
  public static CommandResponse parse(JsonNode envelope) throws ProtocolException {
    if (!envelope.isObject()) {
      throw new ProtocolException(
          Kind.BAD_MESSAGE, "response is no map but " + envelope.getNodeType());
    }
    JsonNode id = envelope.path("id");
    JsonNode error = envelope.path("error");
    if (error.isMissingNode() || error.isNull()) {
      return new CommandResponse(id, envelope.path("result"), 0, "");
    }
    int code = error.path("code").asInt(SERVER_ERROR);
    return error(
        id, code == 0 ? SERVER_ERROR : code, error.path("message").asText(error.toString()));
  }

  /**
   * {@return the response in an HTTP answer, without id unless the body is an envelope} Any 2xx
   * status is success, whatever the body; a body in JSON may tell of single signals.
   *
   * @param status HTTP status
   * @param body body, may be empty
   * @param limits bounds on what is read of the body
   */
  public static CommandResponse parseHttp(int status, byte[] body, Limits limits) {
    if (status < 200 || status > 299) {
      String text = new String(body, StandardCharsets.UTF_8);
      return error(ABSENT, status, text.substring(0, Math.min(text.length(), MESSAGE_LIMIT_CHARS)));
    }
    try {
      JsonNode json = JsonText.read(body, limits);
      return json.isObject() ? parse(json) : new CommandResponse(ABSENT, json, 0, "");
    } catch (ProtocolException e) {
      // Plain text such as HTTP_SUCCESS.
      return new CommandResponse(ABSENT, ABSENT, 0, "");
    }
  }
}
