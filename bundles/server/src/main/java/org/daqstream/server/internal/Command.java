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
  private record Target(
      String signalId, Catalog.Entry value, Catalog.Entry domain, LogSignal.LastSample last) {}

  /** How it went for one signal. */
  record Result(String signalId, boolean known) {}

  private final Kind kind;
  private final List<String> signalIds;
  private final Consumer<List<Result>> whenDone;
  private final LogPosition place = new LogPosition();
  private final List<Target> targets = new ArrayList<>();

  /**
   * Makes a command.
   *
   * @param whenDone called on the fan-out thread, after the acknowledgements are on their way; with
   *     an empty list when the client went away
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

  void resolve(Catalog catalog) {
    place.set(catalog.head());
    for (String signalId : signalIds) {
      final Catalog.Entry value = catalog.find(signalId);
      if (value == null) {
        targets.add(new Target(signalId, null, null, null));
        continue;
      }
      final LogSignal.LastSample last = value.signal().last();
      final boolean willCome =
          last != null
              && last.logSequence() >= 0
              && !place.isBehind(last.logSequence(), last.logIndex());
      targets.add(
          new Target(
              signalId,
              value,
              catalog.find(value.signal().table.domain.signalId()),
              willCome ? null : last));
    }
  }

  void execute(Subscriptions subscriptions, LogReader reader) throws IOException {
    final List<Result> results = new ArrayList<>();
    for (Target target : targets) {
      final Catalog.Entry value = target.value;
      final boolean known = value != null && subscriptions.isOffered(value.signal());
      results.add(new Result(target.signalId, known));
      if (!known) {
        continue;
      }
      if (kind == Kind.UNSUBSCRIBE) {
        subscriptions.unsubscribe(value.signal());
      } else {
        subscribe(target, subscriptions, reader);
      }
    }
    whenDone.accept(results);
  }

  private static void subscribe(Target target, Subscriptions subscriptions, LogReader reader)
      throws IOException {
    final LogSignal signal = target.value.signal();
    final Subscription before = subscriptions.find(signal.signo);
    final boolean fresh = before == null || !before.explicit;
    final LogSignal.LastSample last = target.last;
    subscriptions.subscribe(
        target.value, target.domain, last != null ? last.row() : signal.endRow());
    if (fresh && last != null) {
      reader.replay(subscriptions.find(signal.signo), last);
    }
  }

  /** Tells the sender that the client went away. */
  void abandon() {
    whenDone.accept(List.of());
  }
}
