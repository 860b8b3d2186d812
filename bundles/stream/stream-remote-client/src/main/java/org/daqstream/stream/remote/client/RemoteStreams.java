/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.nio.file.Path;
import java.util.Objects;
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
  private final Path socket;
  private String token = "";
  private String program =
      ProcessHandle.current().info().command().map(RemoteStreams::last).orElse("java");
  private boolean reopen = true;
  private int events = 65_536;
  private int eventBytes = 4 << 20;
  private long patienceMs = 10_000;

  private RemoteStreams(Path socket) {
    this.socket = socket;
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
    return new RemoteStreams(Objects.requireNonNull(socket));
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

  Path socket() {
    return socket;
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
