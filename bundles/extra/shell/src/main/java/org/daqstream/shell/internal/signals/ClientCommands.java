/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.daqstream.base.support.ForeignText;
import org.daqstream.sample.support.Format;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:clients} and {@code signal:kick}. */
public final class ClientCommands {
  /** A client and the server that it is connected to. */
  private record Client(ServerMonitor server, ClientStatus status) {
    String address() {
      return ClientStatus.hostAndPort(status.address());
    }

    /** The name, which those of several servers may have, and the address. */
    List<String> names() {
      return List.of(status.name(), address());
    }

    String key() {
      return server.name() + " " + status.name();
    }
  }

  private record Row(Client client, Long sentBytesPerSecond) {
    static Row of(Client client, ClientStatus before, double seconds) {
      return new Row(
          client, Interval.rate(before, ClientStatus::sentBytes, client.status(), seconds));
    }

    ClientStatus status() {
      return client.status();
    }

    ClientStatus.Delivery delivery() {
      return status().delivery();
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("SERVER", "server", row -> row.client().server().name())
          .column("CLIENT", "name", row -> row.status().name())
          .column("ADDRESS", "address", row -> row.client().address())
          .column("PROFILE", "profile", row -> row.status().profile())
          .column(">SIGNALS", "signalIds", row -> row.status().signalIds(), List::size)
          .column(">RATE", "sentBytesPerSecond", Row::sentBytesPerSecond, Format::byteRate)
          .column(">LAG", "lagPercent", row -> row.status().lagPercent(), lag -> lag + " %")
          .column(">BEHIND", "lagMs", row -> row.delivery().lagMs(), ms -> ms + " ms")
          .column(">BYTES", "lagBytes", row -> row.delivery().lagBytes(), Format::bytes)
          .column("THEN", "contract", row -> row.delivery().contract())
          .column(">HOLES", "holes", row -> row.delivery().holes())
          .column(">SENT", "sentBytes", row -> row.status().sentBytes(), Format::bytes)
          .column(">PACKETS", "deliveredPackets", row -> row.status().deliveredPackets())
          .column(
              ">PENDING", "pendingBytes", row -> (long) row.status().pendingBytes(), Format::bytes)
          .column("CONNECTED", "connectedAt", row -> row.status().connectedAt(), Format::seconds)
          .column("AGENT", "userAgent", row -> row.status().userAgent());

  private record Kicked(String server, String name, String address, String reason) {}

  private static final String DEFAULT_REASON = "disconnected by the operator";

  private ClientCommands() {}

  public static DeclaredCommand list(Services services) {
    return new DeclaredCommand(
        "signal:clients",
        "Lists the connected clients; of one, told by name or address, also what it subscribed to.",
        Syntax.of("[CLIENT]")
            .first(() -> names(services))
            .option(Interval.OPTION, Interval.VALUE, Interval.MEANING)
            .json(),
        call -> list(services, call));
  }

  public static DeclaredCommand kick(Services services) {
    return new DeclaredCommand(
        "signal:kick",
        "Disconnects a client, told by name or address; REASON is told to it.",
        Syntax.of("CLIENT", "[REASON...]").first(() -> names(services)).json(),
        call -> kick(services, call));
  }

  private static void list(Services services, Call call) throws InterruptedException {
    long intervalMs = Interval.of(call);
    Map<String, ClientStatus> before = new HashMap<>();
    long since = services.nanoTime();
    if (intervalMs > 0) {
      clients(services).forEach(each -> before.put(each.key(), each.status()));
      services.pause(intervalMs);
    }
    List<Client> clients = clients(services);
    double seconds = (services.nanoTime() - since) / 1e9;
    List<Client> shown = call.words().isEmpty() ? clients : List.of(find(clients, call.word(0)));
    List<Row> rows =
        shown.stream().map(each -> Row.of(each, before.get(each.key()), seconds)).toList();
    LISTING.print(call, rows, "no client is connected");
    if (!call.words().isEmpty() && !call.json()) {
      call.out().println();
      rows.get(0).status().signalIds().forEach(id -> call.out().println(ForeignText.plain(id)));
    }
  }

  private static void kick(Services services, Call call) {
    Client client = find(clients(services), call.word(0));
    String server = client.server().name();
    String name = client.status().name();
    String words = call.textBehind(1);
    String reason = words.isEmpty() ? DEFAULT_REASON : words;
    if (!client.server().disconnect(name, reason)) {
      throw new CommandException("client " + name + " has just left");
    }
    call.tell(
        new Kicked(server, name, client.address(), reason),
        "disconnected %s at %s: %s".formatted(name, client.address(), reason));
  }

  /** Those of all servers. */
  private static List<Client> clients(Services services) {
    return services.servers().stream()
        .flatMap(server -> server.clients().stream().map(status -> new Client(server, status)))
        .toList();
  }

  /** The one client that is meant by a name or an address. */
  private static Client find(List<Client> clients, String word) {
    List<Client> found = clients.stream().filter(each -> each.names().contains(word)).toList();
    if (found.size() > 1) {
      throw new CommandException(
          found.size() + " servers have a client '" + word + "': give its address");
    }
    if (found.isEmpty()) {
      throw CommandException.unknown("no client", word, names(clients.stream()));
    }
    return found.get(0);
  }

  private static List<String> names(Stream<Client> clients) {
    return clients.flatMap(each -> each.names().stream()).toList();
  }

  /** Names and addresses for completion; none while there is no server. */
  private static List<String> names(Services services) {
    try {
      return names(clients(services).stream());
    } catch (CommandException | IllegalStateException e) {
      return List.of();
    }
  }
}
