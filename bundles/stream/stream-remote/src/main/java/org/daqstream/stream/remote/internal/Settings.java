/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/**
 * The checked values of {@link RemoteComponent.Config}.
 *
 * @param socket file of the Unix domain socket; empty for none
 * @param isForOthers whether processes of other users may connect there
 * @param tls where to listen for TCP with TLS; empty for nowhere
 * @param instances which may come
 */
record Settings(
    Optional<Path> socket,
    boolean isForOthers,
    Optional<TlsListener> tls,
    IdPatterns instances,
    String role,
    int mostModules,
    int mostStreams,
    int windowMessages,
    int windowBytes,
    int messageBytes,
    int flushTimeoutMs) {
  private static final int PATH_CHARS = 1000;

  /** Longer ones do not fit into the address of a socket. */
  private static final int SOCKET_CHARS = 100;

  /** Host, port and PEM files; the last one may be empty. */
  record TlsListener(String host, int port, String certificate, String key, String ca) {}

  /** Reads the values; relative paths stand against a folder. */
  static Settings of(Values values, Path home) {
    Optional<Path> socket =
        values.text("socket").isEmpty()
            ? Optional.empty()
            : Optional.of(home.resolve(values.text("socket", SOCKET_CHARS)).toAbsolutePath());
    Optional<TlsListener> tls =
        values.isSet("host") ? Optional.of(tls(values, home)) : Optional.empty();
    if (socket.isEmpty() && tls.isEmpty()) {
      throw new RefusedException("socket", "", "nobody can connect without socket and host");
    }
    return new Settings(
        socket,
        values.flag("others"),
        tls,
        new IdPatterns(values.list("instances")),
        values.text("role", PATH_CHARS),
        values.integer("modulesMax"),
        values.integer("streamsMax"),
        values.integer("windowMessages"),
        values.integer("windowBytes"),
        values.integer("messageBytesMax"),
        values.integer("flushTimeoutMs"));
  }

  private static TlsListener tls(Values values, Path home) {
    return new TlsListener(
        values.text("host", PATH_CHARS),
        values.integer("port"),
        file(values, "tls.certificate", home),
        file(values, "tls.key", home),
        values.isSet("tls.ca") ? file(values, "tls.ca", home) : "");
  }

  private static String file(Values values, String key, Path home) {
    return home.resolve(values.text(key, PATH_CHARS)).toString();
  }
}
