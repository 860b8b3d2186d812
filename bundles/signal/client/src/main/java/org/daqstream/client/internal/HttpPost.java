/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.daqstream.client.DeviceAddress;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Limits;

/**
 * Commands by HTTP (protocol section 2.4). The body of an answer ends with its length, or with the
 * connection. Blocks, at most about so long as it is told to.
 */
final class HttpPost {
  private static final int BODY_LIMIT_BYTES = 64 << 10;

  private HttpPost() {}

  /**
   * Sends a command and waits for its answer.
   *
   * @param device the host of the data connection, to which commands go too
   * @throws IOException when there is none, or a larger one than any known device sends
   */
  static CommandResponse send(
      DeviceAddress device,
      CommandInterface commands,
      CommandRequest request,
      SSLContext tls,
      int timeoutMs)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) url(device, commands).openConnection(Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(tls.getSocketFactory());
    }
    byte[] body = request.toHttpBody();
    connection.setConnectTimeout(timeoutMs);
    connection.setReadTimeout(timeoutMs);
    connection.setRequestMethod("POST");
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    InputStream answer = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    try (InputStream in = answer == null ? InputStream.nullInputStream() : answer) {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      return CommandResponse.parseHttp(status, read(in, deadline), Limits.DEFAULT);
    } finally {
      connection.disconnect();
    }
  }

  private static URL url(DeviceAddress device, CommandInterface commands) throws IOException {
    String path = commands.httpPath();
    return new URL(
        device.isTls() ? "https" : "http",
        device.host().indexOf(':') < 0 ? device.host() : "[" + device.host() + "]",
        commands.portNumber(),
        path.startsWith("/") ? path : "/" + path);
  }

  private static byte[] read(InputStream in, long deadlineNanos) throws IOException {
    byte[] body = new byte[BODY_LIMIT_BYTES];
    int length = 0;
    int count = 0;
    while (length < body.length && count >= 0) {
      count = in.read(body, length, body.length - length);
      length += Math.max(0, count);
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new SocketTimeoutException("the answer to a command has no end");
      }
    }
    return java.util.Arrays.copyOf(body, length);
  }
}
