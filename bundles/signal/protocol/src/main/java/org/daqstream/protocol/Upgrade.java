/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A client's side of the WebSocket upgrade (protocol section 1.2): the request, and the server's
 * answer. No subprotocol and no extension is ever asked for, because some servers look at neither
 * and send what they like. Safe for any thread.
 */
public final class Upgrade {
  /** The most bytes that the head of an answer may have. */
  public static final int HEAD_LIMIT_BYTES = 16 << 10;

  private static final int KEY_BYTES = 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String HEAD_END = "\r\n\r\n";

  /** As RFC 6750 has it. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,4000}={0,4}");

  private Upgrade() {}

  /**
   * {@return a key for one request in Base64, as {@link #request} takes it; it need not be secret}
   *
   * @param random source of its 16 bytes
   */
  public static String newKey(SplittableRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * {@return the bytes of the request} Header names are capitalised as some servers compare them
   * letter by letter.
   *
   * @param server {@code ws://host:port/path}; an empty path means {@code /}
   * @param key from {@link #newKey}
   * @param userAgent what the client calls itself: servers choose their dialect by it
   * @param token a secret, of characters that stand for themselves in a header; empty for none
   * @throws IllegalArgumentException when the URL has no host, or name or token would break a
   *     header
   */
  public static byte[] request(URI server, String key, String userAgent, String token) {
    if (server.getHost() == null) {
      throw new IllegalArgumentException("the address names no host: ws://host:port/path");
    }
    if (userAgent.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IllegalArgumentException("userAgent '" + userAgent + "': only printable ASCII");
    }
    String path = server.getRawPath() == null ? "" : server.getRawPath();
    String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
    String port = server.getPort() < 0 ? "" : ":" + server.getPort();
    String head =
        String.join(
            "\r\n",
            "GET " + (path.isEmpty() ? "/" : path) + query + " HTTP/1.1",
            "Host: " + server.getHost() + port,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + key,
            "Sec-WebSocket-Version: 13",
            "User-Agent: " + userAgent);
    return (head + authorization(token) + HEAD_END).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * {@return the header field by which a request shows a token, begun by the end of the line before
   * it; empty without a token}
   *
   * @param token as for {@link #request(URI, String, String, String)}
   * @throws IllegalArgumentException when it would break a header; without it in the message
   */
  public static String authorization(String token) {
    if (token.isEmpty()) {
      return "";
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "a token has letters, digits and . _ ~ + / = - only, and no blanks or ends of lines");
    }
    return "\r\nAuthorization: Bearer " + token;
  }

  /**
   * Reads the answer.
   *
   * @param received everything received so far, from the first byte on
   * @param key the key that was sent
   * @return {@code false} when the head is not complete: call again with more. {@code true} when
   *     the connection is upgraded: the position then stands behind the head, where frames may
   *     follow
   * @throws ProtocolException when the server refuses, or answers something else: close
   */
  public static boolean isAccepted(ByteBuffer received, String key) throws ProtocolException {
    int start = received.position();
    int length = Math.min(received.remaining(), HEAD_LIMIT_BYTES);
    byte[] bytes = new byte[length];
    received.get(start, bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(HEAD_END);
    if (end < 0) {
      if (length == HEAD_LIMIT_BYTES) {
        throw new ProtocolException(
            ProtocolException.Kind.LIMIT,
            "the answer to the upgrade has no end within " + HEAD_LIMIT_BYTES + " bytes");
      }
      return false;
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    if (lines[0].startsWith("HTTP/1.1 401")) {
      throw refused("the server wants a login, or does not know this one: " + lines[0]);
    }
    if (!lines[0].matches("HTTP/1\\.1 101( .*)?")) {
      throw refused("the server does not upgrade: " + lines[0]);
    }
    if (!header(lines, "upgrade").equalsIgnoreCase("websocket")) {
      throw refused("the server upgrades to '" + header(lines, "upgrade") + "', not to websocket");
    }
    if (!header(lines, "sec-websocket-extensions").isEmpty()) {
      throw refused("the server insists on an extension: no client asked for one");
    }
    if (!header(lines, "sec-websocket-accept").equals(acceptKey(key))) {
      throw refused("header Sec-WebSocket-Accept does not fit the key that was sent");
    }
    received.position(start + end + HEAD_END.length());
    return true;
  }

  private static ProtocolException refused(String why) {
    return new ProtocolException(ProtocolException.Kind.BAD_MESSAGE, why);
  }

  /** Value of a header, empty when it is not there. */
  private static String header(String[] lines, String name) {
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0 && lines[i].substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return lines[i].substring(colon + 1).strip();
      }
    }
    return "";
  }

  /**
   * {@return what a server answers to a key in Sec-WebSocket-Accept} (RFC 6455 section 4.2.2)
   *
   * @param key as the request has it
   */
  public static String acceptKey(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }
}
