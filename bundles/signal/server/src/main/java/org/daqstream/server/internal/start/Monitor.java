/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Farewell;
import org.daqstream.server.internal.fanout.Lag;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;

/** Asks the fan-out thread, which alone knows the clients. */
final class Monitor implements ServerMonitor {
  private static final int REASON_CHARS_MAX = 100;

  private final String name;
  private final List<String> endpoints;
  private final FanOut fanOut;
  private final LogPublisher publisher;
  private final ServerStatistics statistics;
  private final Instant startedAt = Instant.now();

  Monitor(
      String name,
      List<String> endpoints,
      FanOut fanOut,
      LogPublisher publisher,
      ServerStatistics statistics) {
    this.name = name;
    this.endpoints = List.copyOf(endpoints);
    this.fanOut = fanOut;
    this.publisher = publisher;
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> endpoints() {
    return endpoints;
  }

  @Override
  public ServerStatus status() {
    return ask(
        () -> {
          List<Client> clients = fanOut.clients().all();
          return new ServerStatus(
              startedAt,
              clients.size(),
              publisher.log().limitBytes(),
              clients.stream().mapToInt(fanOut.clients()::lagPercent).max().orElse(0),
              statistics.goneSentBytes() + sum(clients, client -> client.output().sentBytes()),
              statistics.goneDeliveredPackets() + sum(clients, Client::deliveredPackets),
              statistics.events(),
              statistics.ofLog().publishCosts(),
              statistics.ofLog().publishNanos());
        });
  }

  private static long sum(List<Client> clients, ToLongFunction<Client> quantity) {
    return clients.stream().mapToLong(quantity).sum();
  }

  @Override
  public List<ClientStatus> clients() {
    return ask(() -> fanOut.clients().all().stream().map(this::statusOf).toList());
  }

  private ClientStatus statusOf(Client client) {
    return new ClientStatus(
        client.identity().name(),
        client.identity().address(),
        LimitedLog.oneLine(client.identity().userAgent()),
        client.profile().name(),
        client.connectedAt(),
        client.signalIds(),
        fanOut.clients().lagPercent(client),
        client.output().sentBytes(),
        client.deliveredPackets(),
        client.output().pendingBytes(),
        deliveryOf(client));
  }

  private ClientStatus.Delivery deliveryOf(Client client) {
    Lag lag = fanOut.clients().lag(client);
    return new ClientStatus.Delivery(
        fanOut.clients().mayLose(client) ? "gap" : "disconnect",
        lag.bytes(),
        lag.ms(),
        client.holes());
  }

  @Override
  public List<SignalTraffic> signals() {
    return publisher.offered().values().stream()
        .sorted(Comparator.comparingInt(signal -> signal.signo))
        .map(LogSignal::traffic)
        .toList();
  }

  @Override
  public List<Loss> losses() {
    return ask(() -> fanOut.losses().newest());
  }

  @Override
  public boolean disconnect(String client, String reason) {
    String text = LimitedLog.oneLine(reason);
    String told = text.substring(0, Math.min(text.length(), REASON_CHARS_MAX));
    return ask(
        () -> {
          Optional<Client> found =
              fanOut.clients().all().stream()
                  .filter(each -> each.identity().name().equals(client))
                  .filter(each -> each.state() == Client.State.OPEN)
                  .findFirst();
          found.ifPresent(each -> fanOut.clients().close(each, Farewell.forbidden(told)));
          return found.isPresent();
        });
  }

  private <T> T ask(Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    fanOut.submit(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      CompletableFuture.anyOf(answer, fanOut.ended()).get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      if (!answer.isDone()) {
        throw new IllegalStateException("server " + name + " has stopped");
      }
      return answer.get();
    } catch (TimeoutException e) {
      throw new IllegalStateException("server " + name + " does not answer", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("server " + name + " cannot tell", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for server " + name, e);
    }
  }
}
