/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.internal.JsonText;
import org.daqstream.protocol.internal.Numbers;
import org.daqstream.protocol.internal.SignalIds;

/**
 * A command in its JSON-RPC envelope, sent as message {@code request} or posted by HTTP (protocol
 * sections 2.4, 2.5).
 *
 * @param id returned in the response: a string, a number of 64 bits or null; a {@link MissingNode}
 *     when absent
 * @param method session id, a dot, and the command
 * @param params as sent; see {@link #signalIds}
 */
public record CommandRequest(JsonNode id, String method, JsonNode params) {
  /** Method of the message that carries a command. */
  public static final String METHOD = "request";

  /** Command that starts subscriptions. */
  public static final String SUBSCRIBE = "subscribe";

  /** Command that ends subscriptions. */
  public static final String UNSUBSCRIBE = "unsubscribe";

  private static final int METHOD_LIMIT_CHARS = 1024;
  private static final int ID_LIMIT_CHARS = 1024;

  /**
   * A method taken apart.
   *
   * @param streamId session that the command is for; empty when the method has no dot
   * @param command what to do
   */
  public record Target(String streamId, String command) {}

  /**
   * {@return a client's command}
   *
   * @param id number of the request, unique on the connection
   * @param streamId session id that the server announced in {@link Init}
   * @param command {@link #SUBSCRIBE} or {@link #UNSUBSCRIBE}
   * @param signalIds signals that it is for
   */
  public static CommandRequest of(
      long id, String streamId, String command, List<String> signalIds) {
    return new CommandRequest(
        JsonNodeFactory.instance.numberNode(id),
        streamId + "." + command,
        SignalIds.array(signalIds));
  }

  /** {@return the message for the session} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, envelope());
  }

  /** {@return the body of an HTTP post: JSON text in UTF-8} */
  public byte[] toHttpBody() {
    return JsonText.write(envelope());
  }

  private ObjectNode envelope() {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    if (!id.isMissingNode()) {
      envelope.set("id", id);
    }
    envelope.put("jsonrpc", "2.0").put("method", method);
    if (!params.isMissingNode()) {
      envelope.set("params", params);
    }
    return envelope;
  }

  /**
   * {@return the command in the envelope of a {@code request} message}
   *
   * @param envelope parameters of the message
   * @throws ProtocolException of kind {@code BAD_REQUEST} when it is no map, its method no string
   *     or its id nothing that can be returned; {@link #idOf} tells whom to answer
   */
  public static CommandRequest parse(JsonNode envelope) throws ProtocolException {
    if (!envelope.isObject()) {
      throw new ProtocolException(
          Kind.BAD_REQUEST, "request is no map but " + envelope.getNodeType());
    }
    if (!isValid(envelope.path("id"))) {
      throw new ProtocolException(
          Kind.BAD_REQUEST,
          "request id must be a string of at most "
              + ID_LIMIT_CHARS
              + " characters, a number of 64 bits, or null");
    }
    JsonNode method = envelope.path("method");
    if (!method.isTextual() || method.textValue().length() > METHOD_LIMIT_CHARS) {
      throw new ProtocolException(
          Kind.BAD_REQUEST,
          "request method must be a string of at most " + METHOD_LIMIT_CHARS + " characters");
    }
    return new CommandRequest(idOf(envelope), method.textValue(), envelope.path("params"));
  }

  /**
   * {@return the command in the body of an HTTP post}
   *
   * @param body JSON text
   * @param limits bounds on what is accepted
   * @throws ProtocolException of kind {@code MALFORMED}, {@code LIMIT} or {@code BAD_REQUEST}
   */
  public static CommandRequest parseHttp(byte[] body, Limits limits) throws ProtocolException {
    return parse(JsonText.read(body, limits));
  }

  /**
   * {@return the id of an envelope, whatever else is wrong with it; a {@link MissingNode} when
   * absent or nothing that can be returned}
   *
   * @param envelope parameters of a {@code request} message
   */
  public static JsonNode idOf(JsonNode envelope) {
    JsonNode id = envelope.path("id");
    return isValid(id) ? id : MissingNode.getInstance();
  }

  /** Whether an id can be told to any peer in any encoding, and costs no more than it is worth. */
  private static boolean isValid(JsonNode id) {
    return switch (id.getNodeType()) {
      case MISSING, NULL -> true;
      case STRING -> id.textValue().length() <= ID_LIMIT_CHARS;
      case NUMBER ->
          id.isIntegralNumber() ? Numbers.fits64Bits(id) : Double.isFinite(id.doubleValue());
      default -> false;
    };
  }

  /**
   * {@return session id and command: the method taken apart at the dot that has a known session id
   * in front of it, else at the last dot}
   *
   * @param isStreamId tells the session ids in use
   */
  public Target target(Predicate<String> isStreamId) {
    int lastDot = method.lastIndexOf('.');
    for (int dot = lastDot; dot >= 0; dot = method.lastIndexOf('.', dot - 1)) {
      if (isStreamId.test(method.substring(0, dot))) {
        return new Target(method.substring(0, dot), method.substring(dot + 1));
      }
    }
    return lastDot < 0
        ? new Target("", method)
        : new Target(method.substring(0, lastDot), method.substring(lastDot + 1));
  }

  /**
   * {@return whether the parameters name signals: an array or a string; else the answer is {@link
   * CommandResponse#INVALID_PARAMS}}
   */
  public boolean namesSignals() {
    return params.isArray() || params.isTextual();
  }

  /**
   * {@return whether the parameter is a single id, a string without an array; the result is then a
   * single boolean}
   */
  public boolean isSingle() {
    return params.isTextual();
  }

  /**
   * {@return the ids of the signals named, in the order of the request; none when {@link
   * #namesSignals} is false} An element that is no string is given as its JSON text, which names no
   * signal.
   */
  public List<String> signalIds() {
    if (params.isTextual()) {
      return List.of(params.textValue());
    }
    return params.isArray()
        ? params
            .valueStream()
            .map(each -> each.isTextual() ? each.textValue() : each.toString())
            .toList()
        : List.of();
  }
}
