/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.daqstream.client.DeviceAddress;
import org.daqstream.tls.support.TlsProblem;

/** A connected socket, plain or TLS. One thread reads, one writes, any closes. */
abstract class DeviceSocket implements Closeable {
  /** Seconds, and a number of probes. */
  private static final Map<String, Integer> KEEP_ALIVE =
      Map.of("TCP_KEEPIDLE", 15, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

  /**
   * Connects to the first address of the host that answers.
   *
   * @param tls for encrypted addresses
   * @param opening told, before it waits, what is to be closed to give it up
   * @throws IOException when none does
   */
  static DeviceSocket connect(
      DeviceAddress address, SSLContext tls, int timeoutMs, Consumer<Closeable> opening)
      throws IOException {
    IOException failure = null;
    for (InetAddress each : InetAddress.getAllByName(address.host())) {
      Socket socket = address.isTls() ? new Socket() : SocketChannel.open().socket();
      opening.accept(socket);
      try {
        socket.connect(new InetSocketAddress(each, address.port()), timeoutMs);
        socket.setTcpNoDelay(true);
        keepAlive(socket);
        return address.isTls()
            ? encrypted(address, socket, tls, timeoutMs)
            : new Plain(socket.getChannel());
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  /** That a server that never answers pings is gone is found by the system's own probes. */
  private static void keepAlive(Socket socket) throws IOException {
    socket.setKeepAlive(true);
    for (SocketOption<?> option : socket.supportedOptions()) {
      // By name: the package of the constants is not there for bundles in every framework.
      Integer value = KEEP_ALIVE.get(option.name());
      if (value != null && option.type() == Integer.class) {
        @SuppressWarnings("unchecked")
        SocketOption<Integer> known = (SocketOption<Integer>) option;
        socket.setOption(known, value);
      }
    }
  }

  private static DeviceSocket encrypted(
      DeviceAddress address, Socket plain, SSLContext tls, int timeoutMs) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(timeoutMs);
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      throw new IOException(TlsProblem.text(e), e);
    }
    socket.setSoTimeout(0);
    return new Encrypted(socket, plain);
  }

  /** A buffer that is read into without a copy. */
  abstract ByteBuffer newBuffer(int bytes);

  /** Waits for bytes and puts them into the buffer; -1 at the end. */
  abstract int read(ByteBuffer buffer) throws IOException;

  /** Sends all of it, waiting for the server. */
  abstract void write(ByteBuffer bytes) throws IOException;

  private static final class Plain extends DeviceSocket {
    private final SocketChannel channel;

    Plain(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    ByteBuffer newBuffer(int bytes) {
      return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
      return channel.read(buffer);
    }

    @Override
    void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static final class Encrypted extends DeviceSocket {
    private final SSLSocket socket;
    private final Socket plain;
    private volatile boolean hasRead;

    Encrypted(SSLSocket socket, Socket plain) {
      this.socket = socket;
      this.plain = plain;
    }

    @Override
    ByteBuffer newBuffer(int bytes) {
      return ByteBuffer.allocate(bytes);
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
      int count;
      try {
        count =
            socket
                .getInputStream()
                .read(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
      } catch (IOException e) {
        throw hasRead ? e : new IOException(refused(), e);
      }
      if (count > 0) {
        hasRead = true;
      }
      buffer.position(buffer.position() + Math.max(0, count));
      return count;
    }

    @Override
    void write(ByteBuffer bytes) throws IOException {
      try {
        socket
            .getOutputStream()
            .write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      } catch (IOException e) {
        throw hasRead ? e : new IOException(refused(), e);
      }
      bytes.position(bytes.limit());
    }

    /** In TLS 1.3 a server judges this side when the handshake is over for it. */
    private String refused() {
      return "the other side ended the connection right after the handshake; it may want "
          + (socket.getSession().getLocalCertificates() == null ? "a" : "another")
          + " certificate of this side";
    }

    /** At once: the close of TLS would wait for a writer whom the server does not read. */
    @Override
    public void close() throws IOException {
      plain.close();
    }
  }
}
