/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One running streaming server, an OSGi service as long as its ports are open. Any thread may call;
 * a snapshot is made by the thread that serves the clients, so a call waits for its present turn
 * (usually under a millisecond, {@value #ANSWER_TIMEOUT_MS} ms at most).
 *
 * <p>Counters never go back while the server runs; rates are the difference of two snapshots.
 */
@ProviderType
public interface ServerMonitor {
  /** Service property, {@code String}: {@link #name()}. */
  String NAME = "daqstream.server";

  /** Service property, {@code String[]}: {@link #endpoints()}. */
  String ENDPOINTS = "daqstream.endpoints";

  /**
   * Service property, {@code String}: who may read, in words for people.
   *
   * @since 1.2
   */
  String ACCESS = "daqstream.access";

  /** How long a call waits for the server before it throws {@link IllegalStateException}. */
  int ANSWER_TIMEOUT_MS = 5_000;

  /** Name of the server: that of its factory configuration, else {@code default}. */
  String name();

  /**
   * Where it listens, as URLs: first the WebSocket port ({@code ws://host:port/path}, or {@code
   * wss}), then the command port ({@code http://…}, or {@code https}). The host is {@code 0.0.0.0}
   * or {@code [::]} when it listens on all addresses.
   */
  List<String> endpoints();

  /** The server as a whole, now. */
  ServerStatus status();

  /** The connected clients, oldest first. */
  List<ClientStatus> clients();

  /** The signals in the server's log, value signals and domain signals, by signal number. */
  List<SignalTraffic> signals();

  /** The newest holes in what clients got, the last one at the end. */
  default List<Loss> losses() {
    return List.of();
  }

  /**
   * Closes a client's connection with WebSocket code 1008.
   *
   * @param name the client's {@link ClientStatus#name()}
   * @param reason told to the client and the log, at most 100 characters of it
   * @return whether there was such a client
   */
  boolean disconnect(String name, String reason);
}
