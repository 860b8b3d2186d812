/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.socket.support.TlsLink;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;

/**
 * Connects a process to a runtime, as one module instance.
 *
 * <pre>{@code
 * try (StreamClient streams = RemoteStreams.at(Path.of("run/streams.sock")).connect("camera")) {
 *   int frames = streams.openOutput("frames");
 *   streams.write(frames, picture);
 * }
 * }</pre>
 *
 * <p>What it gives holds what {@link StreamClient} says, with these differences. A write gives OK
 * when the message is on its way to the runtime, which holds what the stream's queue does not take
 * yet; so an output takes more by its window before it gives ERROR, and a message that is too long
 * for the queue, but not for the connection, is counted as lost rather than refused with TOOBIG.
 * When the connection ends every stream does, too, as {@link StreamListener#ended} tells; the
 * library connects again by itself, and unless {@link #reopen} is off it opens again whatever the
 * module has not closed, under the old handle: first come the peers, then data. Peer ids are unique
 * within the client. Parameters of a definition stay in the runtime.
 *
 * <p>One thread for each client, a daemon, named {@code daqstream-remote} and the instance.
 */
public final class RemoteStreams {
  private static final int CONNECT_MS = 5000;

  /** Connects; blocks for that. */
  private interface Dialler {
    SocketLink dial() throws IOException;
  }

  private final String where;
  private final Dialler dialler;
  private String token = "";
  private String program =
      ProcessHandle.current().info().command().map(RemoteStreams::last).orElse("java");
  private boolean reopen = true;
  private int events = 65_536;
  private int eventBytes = 4 << 20;
  private long patienceMs = 10_000;

  private RemoteStreams(String where, Dialler dialler) {
    this.where = where;
    this.dialler = dialler;
  }

  private static String last(String path) {
    return String.valueOf(Path.of(path).getFileName());
  }

  /**
   * {@return what connects to a runtime of this machine}
   *
   * @param socket file of the Unix domain socket where it listens
   */
  public static RemoteStreams at(Path socket) {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    return new RemoteStreams(
        socket.toString(), () -> new PlainLink(open(SocketChannel.open(address))));
  }

  /**
   * {@return what connects to a runtime elsewhere, by TCP with TLS 1.2 or 1.3}
   *
   * @param host name or address of the runtime, for which its certificate has to be
   * @param port where it listens
   * @param tls whom to trust, and what certificate to show
   */
  public static RemoteStreams at(String host, int port, SSLContext tls) {
    Objects.requireNonNull(tls);
    return new RemoteStreams(host + ":" + port, () -> secured(host, port, tls));
  }

  private static SocketLink secured(String host, int port, SSLContext tls) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    SSLEngine engine = tls.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, CONNECT_MS);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      engine.beginHandshake();
      return new TlsLink(open(channel), engine);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketChannel open(SocketChannel channel) throws IOException {
    try {
      channel.configureBlocking(false);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * {@return this, with a token to show}
   *
   * @param token of a user who may be the instance; not needed by processes of the runtime's user
   */
  public RemoteStreams token(String token) {
    this.token = Objects.requireNonNull(token);
    return this;
  }

  /**
   * {@return this, with another name for people}
   *
   * @param program what the process runs, by default its command
   */
  public RemoteStreams program(String program) {
    this.program = Objects.requireNonNull(program);
    return this;
  }

  /**
   * {@return this, opening again by itself or not}
   *
   * @param reopen whether streams that ended without the module's doing are opened again as soon as
   *     that goes; true by default
   */
  public RemoteStreams reopen(boolean reopen) {
    this.reopen = reopen;
    return this;
  }

  /**
   * {@return this, with other bounds for what may wait for the module}
   *
   * @param events at so many of all streams together the runtime stops reading; 65536 by default
   * @param bytes the same in bytes, beyond which one message may go; 4 MiB by default
   */
  public RemoteStreams window(int events, int bytes) {
    if (events < 1 || bytes < 1) {
      throw new IllegalArgumentException("a window has room for something");
    }
    this.events = events;
    this.eventBytes = bytes;
    return this;
  }

  /**
   * {@return this, with another patience}
   *
   * @param ms how long {@link #connect} tries; 0 for once, 10000 by default
   */
  public RemoteStreams patience(long ms) {
    this.patienceMs = ms;
    return this;
  }

  /**
   * Connects. Blocks until that is done, not longer than {@link #patience}.
   *
   * @param instance whose streams; no other process may have it now
   * @return the streams; to be closed, which ends the connection
   * @throws StreamException DENIED: not for this user or token; EXIST: another process has the
   *     instance; NOTSUP: the runtime has another version; TIMEDOUT: nobody was there in time;
   *     ERROR: the thread was interrupted
   */
  public StreamClient connect(String instance) throws StreamException {
    RemoteClient client = new RemoteClient(this, Objects.requireNonNull(instance));
    boolean done = false;
    try {
      client.start(patienceMs);
      done = true;
      return client;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamException(StreamResult.ERROR, "interrupted while connecting", e);
    } finally {
      if (!done) {
        client.close();
      }
    }
  }

  String where() {
    return where;
  }

  SocketLink dial() throws IOException {
    return dialler.dial();
  }

  String token() {
    return token;
  }

  String program() {
    return program;
  }

  boolean isReopening() {
    return reopen;
  }

  int events() {
    return events;
  }

  int eventBytes() {
    return eventBytes;
  }
}
