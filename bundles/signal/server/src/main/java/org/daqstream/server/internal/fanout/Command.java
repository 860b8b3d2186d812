/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.SampleMemory;

/**
 * A {@code subscribe} or {@code unsubscribe} of one client, however it came (protocol sections 2.4
 * to 2.6). It is carried out in parts, so that a long one holds up nobody. A part is resolved
 * against the catalogue, the first one when the command arrives, and carried out when the client's
 * cursor has come to that place in the log, so that everything before it follows the old
 * subscriptions.
 */
public final class Command {
  /** Signals that are carried out in one go: about a millisecond's work. */
  private static final int PART_SIGNALS = 256;

  /** As many of these does one cost that may have to be made. */
  private static final int SIGNALS_OF_DERIVED = 16;

  /** What the command does. */
  public enum Kind {
    SUBSCRIBE,
    UNSUBSCRIBE
  }

  /**
   * A named signal as of the part's place; all but the id are {@code null} if it is unknown.
   *
   * @param offer what the client must have been offered: the value, or what that is made of
   * @param value {@code null} also if it is to be unsubscribed and nobody has it
   */
  private record Target(
      String signalId,
      Catalogue.Entry offer,
      Catalogue.Entry value,
      Catalogue.Entry domain,
      Contract.Kind contract) {}

  private final Kind kind;
  private final List<String> signalIds;
  private final Consumer<Outcome> whenDone;
  private final LogPosition place = new LogPosition();
  private final List<Target> part = new ArrayList<>();
  private final Outcome outcome = new Outcome();
  private int donePart;

  /**
   * A command; who gave it is told on the fan-out thread, after the acknowledgements are on their
   * way, with fewer signals when the client went away or too many commands wait.
   */
  public Command(Kind kind, List<String> signalIds, Consumer<Outcome> whenDone) {
    this.kind = kind;
    this.signalIds = signalIds;
    this.whenDone = whenDone;
  }

  /** The place in the log at which the part takes effect. */
  LogPosition place() {
    return place;
  }

  /**
   * Finds the signals of the next part. From now on their blocks go into the log, so that the
   * subscriber misses nothing behind the place, however late its cursor comes there.
   */
  void resolve(Catalogue catalogue, PeerProfile profile, Subscriptions subscriptions) {
    release();
    place.set(catalogue.head());
    int work = 0;
    for (int i = outcome.count(); i < signalCount() && work < PART_SIGNALS; i++) {
      Target target = target(catalogue, signalIds.get(i), profile, subscriptions);
      part.add(target);
      work += target.contract != null && target.contract.isDerived() ? SIGNALS_OF_DERIVED : 1;
      if (target.value != null && kind == Kind.SUBSCRIBE) {
        target.value.signal().subscribed();
      }
    }
  }

  private Target target(
      Catalogue catalogue, String wantedId, PeerProfile profile, Subscriptions subscriptions) {
    Catalogue.Entry offer = find(catalogue, wantedId, subscriptions);
    Contract contract =
        offer == null && profile == PeerProfile.FULL ? Contract.parse(wantedId) : null;
    Catalogue.Entry value = offer;
    if (contract != null) {
      offer = find(catalogue, contract.signalId(), subscriptions);
      value =
          offer != null && contract.kind().isDerived()
              ? catalogue.derive(wantedId, contract, offer, kind == Kind.SUBSCRIBE)
              : offer;
    }
    if (value == null && offer != null && kind == Kind.UNSUBSCRIBE) {
      return new Target(wantedId, offer, null, null, contract.kind());
    }
    Catalogue.Entry domain = value == null ? null : catalogue.domainOf(value);
    return domain == null
        ? new Target(wantedId, null, null, null, null)
        : new Target(
            wantedId,
            offer,
            value,
            domain,
            contract == null ? Contract.Kind.SERVER : contract.kind());
  }

  /** A signal that the client may subscribe; what it may not is not there for it. */
  private Catalogue.Entry find(Catalogue catalogue, String signalId, Subscriptions subscriptions) {
    Catalogue.Entry entry = catalogue.find(signalId);
    return entry != null && (kind == Kind.UNSUBSCRIBE || subscriptions.maySubscribe(entry.signal()))
        ? entry
        : null;
  }

  private void release() {
    for (Target target : part) {
      if (target.value != null && kind == Kind.SUBSCRIBE) {
        target.value.signal().unsubscribed();
      }
    }
    part.clear();
    donePart = 0;
  }

  /** Number of signals named. */
  int signalCount() {
    return signalIds.size();
  }

  /** Whether the part that is done was the last one. */
  boolean isDone() {
    return outcome.count() == signalCount();
  }

  /**
   * Carries the part out as far as the socket takes the acknowledgements; false when the output is
   * blocked before the end.
   */
  boolean execute(Subscriptions subscriptions, LogReader reader, ClientOutput output)
      throws IOException {
    while (donePart < part.size()) {
      if (output.isBlocked()) {
        return false;
      }
      execute(part.get(donePart++), subscriptions, reader);
    }
    return true;
  }

  private void execute(Target target, Subscriptions subscriptions, LogReader reader)
      throws IOException {
    boolean known =
        target.offer != null
            && subscriptions.stillOffers(target.offer)
            && (kind == Kind.UNSUBSCRIBE || subscriptions.maySubscribe(target.offer.signal()));
    outcome.add(target.signalId, known);
    if (!known || target.value == null) {
      return;
    }
    if (kind == Kind.UNSUBSCRIBE) {
      subscriptions.unsubscribe(target.value.signal());
    } else {
      subscribe(target, subscriptions, reader);
    }
  }

  private void subscribe(Target target, Subscriptions subscriptions, LogReader reader)
      throws IOException {
    SampleMemory.Sample last = subscriptions.subscribe(target.value, target.domain, place);
    subscriptions.find(target.value.signal().signo).contract = target.contract;
    if (last != null) {
      reader.replay(subscriptions.find(target.value.signal().signo), last);
    }
  }

  /** Tells the sender how it went, as far as it did. */
  void finish() {
    release();
    whenDone.accept(outcome);
  }
}
