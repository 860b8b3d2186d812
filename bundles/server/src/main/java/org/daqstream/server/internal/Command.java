/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A {@code subscribe} or {@code unsubscribe} of one client, however it came (protocol sections 2.4
 * to 2.6). It is resolved against the catalog when it arrives and carried out when the client's
 * cursor has come to that place in the log, so that everything before it follows the old
 * subscriptions.
 */
final class Command {
  /** What the command does. */
  enum Kind {
    SUBSCRIBE,
    UNSUBSCRIBE
  }

  /** A named signal as of the command's place; all but the id are {@code null} if it is unknown. */
  private record Target(String signalId, Catalog.Entry value, Catalog.Entry domain) {}

  /** How it went for one signal. */
  record Result(String signalId, boolean known) {}

  private final Kind kind;
  private final List<String> signalIds;
  private final Consumer<List<Result>> whenDone;
  private final LogPosition place = new LogPosition();
  private final List<Target> targets = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  /**
   * Makes a command.
   *
   * @param whenDone called on the fan-out thread, after the acknowledgements are on their way; with
   *     an empty list when the client went away or too many of its commands wait
   */
  Command(Kind kind, List<String> signalIds, Consumer<List<Result>> whenDone) {
    this.kind = kind;
    this.signalIds = signalIds;
    this.whenDone = whenDone;
  }

  /** The place in the log at which the command takes effect. */
  LogPosition place() {
    return place;
  }

  /**
   * Finds the signals. From now on their blocks go into the log, so that the subscriber misses
   * nothing behind the place, however late its cursor comes there.
   */
  void resolve(Catalog catalog) {
    place.set(catalog.head());
    for (String signalId : signalIds) {
      final Catalog.Entry value = catalog.find(signalId);
      final Catalog.Entry domain =
          value == null ? null : catalog.find(value.signal().table.domain.signalId());
      targets.add(new Target(signalId, domain == null ? null : value, domain));
      if (domain != null && kind == Kind.SUBSCRIBE) {
        value.signal().subscribed();
      }
    }
  }

  private void release() {
    for (Target target : targets) {
      if (target.value != null && kind == Kind.SUBSCRIBE) {
        target.value.signal().unsubscribed();
      }
    }
  }

  /** Number of signals named. */
  int signalCount() {
    return signalIds.size();
  }

  /**
   * Carries it out as far as the socket takes the acknowledgements.
   *
   * @return whether all is done; if not, the output is blocked
   */
  boolean execute(Subscriptions subscriptions, LogReader reader, ClientOutput output)
      throws IOException {
    while (results.size() < targets.size()) {
      if (output.isBlocked()) {
        return false;
      }
      execute(targets.get(results.size()), subscriptions, reader);
    }
    return true;
  }

  private void execute(Target target, Subscriptions subscriptions, LogReader reader)
      throws IOException {
    final Catalog.Entry value = target.value;
    final boolean known = value != null && subscriptions.stillOffers(value);
    results.add(new Result(target.signalId, known));
    if (known && kind == Kind.UNSUBSCRIBE) {
      subscriptions.unsubscribe(value.signal());
    } else if (known) {
      subscribe(target, subscriptions, reader);
    }
  }

  /** Tells the sender how it went. */
  void finish() {
    release();
    whenDone.accept(results);
  }

  private void subscribe(Target target, Subscriptions subscriptions, LogReader reader)
      throws IOException {
    final SampleMemory.Sample last = subscriptions.subscribe(target.value, target.domain, place);
    if (last != null) {
      reader.replay(subscriptions.find(target.value.signal().signo), last);
    }
  }

  /** Tells the sender that it is not carried out. */
  void abandon() {
    release();
    whenDone.accept(List.of());
  }
}
