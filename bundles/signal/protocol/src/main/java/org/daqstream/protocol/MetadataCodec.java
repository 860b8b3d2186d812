/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.internal.JsonText;
import org.daqstream.protocol.internal.MessagePackTree;

/**
 * Metadata messages to packets and back (protocol section 1.4). Written is MessagePack with sorted
 * keys, which every peer reads; read are MessagePack and JSON. Safe for any thread.
 */
public final class MetadataCodec {
  /** Encoding number of JSON text. */
  public static final int JSON = 1;

  /** Encoding number of MessagePack. */
  public static final int MESSAGE_PACK = 2;

  private static final int ENCODING_BYTES = 4;

  private MetadataCodec() {}

  /**
   * {@return a whole metadata packet, the bytes of one WebSocket message: header, encoding,
   * document}
   *
   * @param signo signal number, 0 for the session
   * @param message what to say
   */
  public static byte[] packet(int signo, Metadata message) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("method", message.method());
    if (!message.params().isMissingNode()) {
      root.set("params", message.params());
    }
    byte[] document = MessagePackTree.write(root);
    int payloadBytes = ENCODING_BYTES + document.length;
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, signo, PacketHeader.METADATA, payloadBytes);
    packet.putInt(MESSAGE_PACK).put(document);
    return packet.array();
  }

  /**
   * {@return the message in the payload of a metadata packet, independent of the payload}
   *
   * @param payload encoding and document, from position to limit; is not changed
   * @param limits bounds on what is accepted
   * @throws ProtocolException of kind {@code UNKNOWN_ENCODING}, {@code MALFORMED}, {@code LIMIT} or
   *     {@code BAD_MESSAGE}: ignore the packet
   */
  public static Metadata decode(ByteBuffer payload, Limits limits) throws ProtocolException {
    if (payload.remaining() > limits.metadataBytes()) {
      throw new ProtocolException(
          Kind.LIMIT,
          "metadata of " + payload.remaining() + " B, limit " + limits.metadataBytes() + " B");
    }
    if (payload.remaining() < ENCODING_BYTES) {
      throw new ProtocolException(
          Kind.MALFORMED, "metadata of " + payload.remaining() + " B has no encoding");
    }
    ByteBuffer source = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int encoding = source.getInt();
    if (encoding != JSON && encoding != MESSAGE_PACK) {
      throw new ProtocolException(
          Kind.UNKNOWN_ENCODING,
          "metadata encoding " + Integer.toUnsignedString(encoding) + " is not known");
    }
    byte[] document = new byte[source.remaining()];
    source.get(document);
    return message(
        encoding == JSON
            ? JsonText.read(document, limits)
            : MessagePackTree.read(document, limits));
  }

  private static Metadata message(JsonNode root) throws ProtocolException {
    if (!root.isObject()) {
      throw new ProtocolException(Kind.BAD_MESSAGE, "metadata is no map but " + root.getNodeType());
    }
    JsonNode method = root.path("method");
    if (!method.isTextual()) {
      throw new ProtocolException(
          Kind.BAD_MESSAGE, "metadata method is no string but " + method.getNodeType());
    }
    return new Metadata(method.textValue(), root.path("params"));
  }
}
