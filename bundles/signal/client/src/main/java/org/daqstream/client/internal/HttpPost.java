/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.client.DeviceAddress;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Upgrade;

/**
 * One command by HTTP (protocol section 2.4), on a connection of its own that any thread can give
 * up: the Java runtime's client cannot be told when an answer must have ended. The body of an
 * answer ends with its length, its last chunk, or the connection.
 */
final class HttpPost implements Closeable {
  private static final int ANSWER_LIMIT_BYTES = 64 << 10;
  private static final String HEAD_END = "\r\n\r\n";
  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\r\n]*(.*)", Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length:[ \t]*(\\d{1,9})[ \t]*(\r\n.*)?", insensitive());
  private static final Pattern CHUNKED =
      Pattern.compile("\r\ntransfer-encoding:[ \t]*chunked[ \t]*(\r\n.*)?", insensitive());

  private volatile Closeable socket;
  private volatile boolean isClosed;

  private static int insensitive() {
    return Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
  }

  /**
   * Sends a command and waits for its answer, until it is closed.
   *
   * @param commands where commands go, on the host of the data connection
   * @throws IOException when there is no answer, or a larger one than any known device sends
   */
  CommandResponse send(ClientSettings settings, CommandInterface commands, CommandRequest request)
      throws IOException {
    String path = commands.httpPath().startsWith("/") ? commands.httpPath() : "/";
    if (path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IOException("the device tells no path for commands");
    }
    DeviceAddress data = settings.address();
    DeviceAddress target =
        new DeviceAddress(data.host(), commands.portNumber(), path, data.isTls());
    try (DeviceSocket connected =
        DeviceSocket.connect(target, settings.tls(), settings.commandTimeoutMs(), this::opening)) {
      connected.write(ByteBuffer.wrap(bytes(target, settings, request.toHttpBody())));
      return answer(connected);
    }
  }

  private void opening(Closeable opened) {
    socket = opened;
    if (isClosed) {
      close();
    }
  }

  /** Gives it up. */
  @Override
  public void close() {
    isClosed = true;
    Closeable opened = socket;
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private static byte[] bytes(DeviceAddress target, ClientSettings settings, byte[] body)
      throws IOException {
    String host = target.host().indexOf(':') < 0 ? target.host() : "[" + target.host() + "]";
    String head =
        String.join(
            "\r\n",
            "POST " + target.path() + " HTTP/1.1",
            "Host: " + host.replaceAll("%[^]]*", "") + ":" + target.port(),
            "User-Agent: " + settings.userAgent(),
            "Content-Type: application/json",
            "Content-Length: " + body.length,
            "Connection: close");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String shown = Upgrade.authorization(settings.token().token());
    all.writeBytes((head + shown + HEAD_END).getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static CommandResponse answer(DeviceSocket connected) throws IOException {
    byte[] bytes = new byte[ANSWER_LIMIT_BYTES];
    ByteBuffer received = ByteBuffer.wrap(bytes);
    boolean isOver = false;
    while (true) {
      CommandResponse response = parse(bytes, received.position(), isOver);
      if (response != null) {
        return response;
      }
      if (isOver || !received.hasRemaining()) {
        throw new IOException(isOver ? "no whole answer" : "an answer without end");
      }
      isOver = connected.read(received) < 0;
    }
  }

  /** The answer in what was received so far; {@code null} when more must come. */
  private static CommandResponse parse(byte[] received, int count, boolean isOver)
      throws IOException {
    String text = new String(received, 0, count, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) {
      return null;
    }
    Matcher head = HEAD.matcher(text.substring(0, headEnd));
    if (!head.matches()) {
      throw new IOException("what answers speaks no HTTP");
    }
    int status = Integer.parseInt(head.group(1));
    String body = body(status, head.group(2), text.substring(headEnd + HEAD_END.length()), isOver);
    return body == null
        ? null
        : CommandResponse.parseHttp(
            status, body.getBytes(StandardCharsets.ISO_8859_1), Limits.DEFAULT);
  }

  /** The whole body, its bytes as characters; {@code null} when more must come. */
  private static String body(int status, String headers, String rest, boolean isOver) {
    if (status == 204) {
      return "";
    }
    Matcher length = LENGTH.matcher(headers);
    if (CHUNKED.matcher(headers).find()) {
      String chunks = unchunked(rest);
      return chunks == null && isOver ? "" : chunks;
    }
    if (length.find()) {
      int bytes = Integer.parseInt(length.group(1));
      return rest.length() >= bytes ? rest.substring(0, bytes) : isOver ? rest : null;
    }
    return isOver ? rest : null;
  }

  private static String unchunked(String rest) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int lineEnd = rest.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return null;
      }
      String size = rest.substring(at, lineEnd).replaceAll("[; \t].*", "");
      if (!size.matches("[0-9a-fA-F]{1,6}")) {
        return body.toString(); // no chunk: the status alone tells
      }
      int bytes = Integer.parseInt(size, 16);
      int start = lineEnd + 2;
      if (bytes == 0) {
        return body.toString();
      }
      if (rest.length() < start + bytes + 2) {
        return null;
      }
      body.append(rest, start, start + bytes);
      at = start + bytes + 2;
    }
  }
}
