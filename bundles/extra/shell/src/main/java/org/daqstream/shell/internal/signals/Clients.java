/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Near;
import org.daqstream.shell.internal.Services;

/** The clients of all servers at a moment. */
final class Clients {
  /** A client and the server that it is connected to. */
  record Connected(ServerMonitor server, ClientStatus status) {
    String address() {
      return ClientStatus.hostAndPort(status.address());
    }
  }

  private final List<Connected> all = new ArrayList<>();

  Clients(Services services) {
    for (final ServerMonitor server : services.servers()) {
      server.clients().forEach(status -> all.add(new Connected(server, status)));
    }
  }

  List<Connected> all() {
    return all;
  }

  /**
   * The one client that is meant.
   *
   * @param word its name or its address
   */
  Connected get(String word) {
    final List<Connected> found =
        all.stream()
            .filter(each -> each.status().name().equals(word) || each.address().equals(word))
            .toList();
    if (found.size() > 1) {
      throw new CommandException(
          found.size() + " servers have a client '" + word + "': give its address");
    }
    if (found.isEmpty()) {
      throw new CommandException("no client '" + word + "'" + Near.suggestion(word, names()));
    }
    return found.get(0);
  }

  /** Names and addresses. */
  private List<String> names() {
    final List<String> names = new ArrayList<>();
    all.forEach(each -> names.addAll(List.of(each.status().name(), each.address())));
    return names;
  }

  /** Names and addresses for completion; none while there is no server. */
  static List<String> names(Services services) {
    try {
      return new Clients(services).names();
    } catch (CommandException | IllegalStateException e) {
      return List.of();
    }
  }
}
