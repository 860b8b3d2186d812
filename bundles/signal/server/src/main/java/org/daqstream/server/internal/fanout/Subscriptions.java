/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.daqstream.protocol.LossMessage;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.LogTable;
import org.daqstream.server.internal.log.SampleMemory;

/**
 * What one client has been offered and what it subscribed to, with the messages that tell it so
 * (protocol sections 2.2 and 2.6); belongs to the fan-out thread. A value signal brings its domain
 * signal along: the domain is told first, counted, and leaves after the last value that needs it.
 */
final class Subscriptions {
  private final ClientOutput output;
  private final PeerProfile profile;
  private final Observer observer;
  private final OfferedSignals offered;
  private final NumberedSubscriptions subscribed = new NumberedSubscriptions();
  private final ClientNumbers numbers = new ClientNumbers();
  private long holes;

  /** Told what becomes of subscriptions. */
  interface Observer {
    /** The client has a subscription to the signal of a number, or no more. */
    void wants(int signo, boolean wanted);

    /**
     * The client gets a signal again of which it has lost something, or never will. The
     * subscription knows where the hole begins.
     */
    void holeEnds(Subscription subscription, long row, long tick);
  }

  Subscriptions(ClientOutput output, PeerProfile profile, Observer observer) {
    this.output = output;
    this.profile = profile;
    this.observer = observer;
    this.offered = new OfferedSignals(output, profile);
  }

  /** The client gets a sample: the hole before it, if there is one, ends there. */
  private void endHole(Subscription subscription, long row, long tick) {
    if (subscription.lacksSamplesBefore(row)) {
      holes++;
      observer.holeEnds(subscription, row, tick);
    }
    subscription.hole = null;
  }

  /** Ends a hole, and tells the client of it if it asked for that. */
  void tellHole(Subscription subscription, long row, long tick) throws IOException {
    if (subscription.contract != Contract.Kind.SERVER && subscription.lacksSamplesBefore(row)) {
      LossMessage loss =
          new LossMessage(
              subscription.signal.signalId(),
              subscription.hole.row(),
              row,
              subscription.hole.tick(),
              tick);
      output.putPacket(MetadataCodec.packet(subscription.number, loss.toMetadata()));
    }
    endHole(subscription, row, tick);
  }

  private void endHole(Subscription subscription) {
    if (subscription.hole != null) {
      endHole(subscription, subscription.signal.endRow(), subscription.hole.tick());
    }
  }

  void setRights(Rights rights) {
    offered.setRights(rights);
  }

  /** From now on the client gets its signals under numbers of its own. */
  void useOwnNumbers() {
    numbers.useOwn(subscribed.all());
  }

  /** Tells the client the description of a signal, and the row of its next sample. */
  void describe(Subscription subscription, long row) throws IOException {
    output.putPacket(offered.signalPacket(subscription, row));
  }

  /** Tells the client a line on which the rows of a signal lie. */
  void tellLine(Subscription subscription, long row, long tick) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(LogTable.domainPairFrameBytes());
    LogTable.putDomainPair(line, subscription.domainNumber, row, tick);
    output.put(line.flip());
  }

  boolean maySubscribe(LogSignal signal) {
    return offered.maySubscribe(signal);
  }

  /** Takes back what the client may not have any more, and offers what it may from now on. */
  void obeyRights(Catalogue catalogue) throws IOException {
    new RightsChange(this, offered).obey(subscribed.all());
    catchUp(catalogue);
  }

  /** Whether all that the client asked for by itself has a contract that passes a test. */
  boolean isEachWanted(Predicate<Contract.Kind> test) {
    return subscribed.isEach(each -> !each.explicit || test.test(each.contract));
  }

  long holes() {
    return holes;
  }

  /** Number of subscribed signals, implicit domains included. */
  int count() {
    return subscribed.count();
  }

  /** What to do with an entry of the log. */
  byte state(int signo) {
    return subscribed.state(signo);
  }

  Subscription find(int signo) {
    return subscribed.find(signo);
  }

  /** Whether the client knows the signal and may have it; one that it may not is withdrawn. */
  boolean stillOffers(Catalogue.Entry entry) throws IOException {
    if (offered.contains(entry.signal()) && !entry.version().suits(profile)) {
      withdraw(entry.signal());
    }
    return offered.contains(entry.signal());
  }

  /** Tells the client of signals that it does not know of, in one message; none is repeated. */
  void offer(Collection<LogSignal> signals, boolean evenIfNone) throws IOException {
    offered.offer(signals, evenIfNone);
  }

  /**
   * The client's place is now at the catalogue's head: tells it what differs from what it was told,
   * and has the next block of each signal come with its row and line.
   *
   * @param from where the client was before
   */
  void skipTo(Catalogue catalogue, LogPosition from) throws IOException {
    catchUp(catalogue);
    for (Subscription subscription : subscribed.all()) {
      LogSignal signal = subscription.signal;
      Catalogue.Entry entry = catalogue.findAny(signal);
      if (entry == null) {
        if (!signal.isDomain() && !signal.table.isListed()) {
          withdraw(signal);
        }
        continue;
      }
      if (signal.table.isListed() && !stillOffers(entry)) {
        continue;
      }
      if (entry.version() != subscription.version) {
        subscription.version = entry.version();
        describe(subscription, signal.endRow());
      }
      subscription.synced = false;
      subscription.tableSynced = false;
      subscription.expectedRow = Subscription.NONE;
      subscribed.setState(subscription, NumberedSubscriptions.SPECIAL);
      if (!signal.isDomain()) {
        subscription.owesLast |= !subscription.started || signal.isLastBehind(from);
      } else if (subscription.explicit) {
        signal.table.announceLineAgain();
      }
    }
  }

  /** Where signal numbers end. */
  int signoEnd() {
    return subscribed.signoEnd();
  }

  /** Tells the client what signals there are, as far as it differs from what it was told. */
  void catchUp(Catalogue catalogue) throws IOException {
    Set<LogSignal> present = new HashSet<>();
    catalogue.entries().forEach(entry -> present.add(entry.signal()));
    for (LogSignal signal : offered.all()) {
      if (!present.contains(signal)) {
        withdraw(signal);
      }
    }
    offer(present.stream().sorted(Comparator.comparingInt(s -> s.signo)).toList(), false);
  }

  /** Tells the client that a signal is gone. */
  void withdraw(LogSignal signal) throws IOException {
    Subscription subscription = subscribed.find(signal);
    if (subscription != null) {
      remove(subscription);
      if (!signal.isDomain()) {
        releaseDomain(signal);
      }
    }
    offered.withdraw(signal, subscription != null && !signal.table.isListed());
    numbers.giveBack(signal);
    LogSignal domain = signal.table.domain;
    if (signal != domain && offered.contains(domain) && !offered.isFor(domain)) {
      withdraw(domain);
    }
  }

  /**
   * Subscribes from the client's place in the log on; a signal that is subscribed already stays as
   * it is. Gives the sample to send first, because it does not come behind that place, or {@code
   * null}.
   */
  SampleMemory.Sample subscribe(Catalogue.Entry target, Catalogue.Entry domain, LogPosition place)
      throws IOException {
    LogSignal signal = target.signal();
    Subscription subscription = subscribed.find(signal);
    if (subscription != null && subscription.explicit) {
      return null;
    }
    SampleMemory.Sample last = signal.lastBefore(place);
    long valueIndex = last == null ? signal.endRow() : last.row();
    if (!signal.isDomain()) {
      Subscription known = subscribed.find(domain.signal());
      Subscription needed = known == null ? add(domain, valueIndex) : known;
      needed.dependants++;
      if (known == null) {
        acknowledge(needed);
      } else if (known.explicit
          && known.dependants == 1
          && !signal.table.isLinear()
          && profile.losesStampsOfSubscribedDomain()) {
        putUnsubscribe(known);
        acknowledge(known);
      }
    }
    boolean fresh = subscription == null;
    if (fresh) {
      subscription = add(target, valueIndex);
    }
    subscription.explicit = true; // together with the count, and before a socket can fail
    signal.subscribed();
    if (fresh) {
      acknowledge(subscription);
    }
    if (signal.isDomain()) {
      signal.table.announceLineAgain();
    }
    return last;
  }

  /** Unsubscribes; a signal that is not subscribed stays so. */
  void unsubscribe(LogSignal signal) throws IOException {
    Subscription subscription = subscribed.find(signal);
    if (subscription == null || !subscription.explicit) {
      return;
    }
    subscription.explicit = false;
    signal.unsubscribed();
    if (!subscription.isNeeded()) {
      remove(subscription);
    }
    if (!signal.isDomain()) {
      releaseDomain(signal);
    }
  }

  private void releaseDomain(LogSignal value) throws IOException {
    Subscription domain = subscribed.find(value.table.domain);
    if (domain != null && --domain.dependants == 0 && !domain.isNeeded()) {
      remove(domain);
    }
  }

  private Subscription add(Catalogue.Entry target, long valueIndex) {
    LogSignal signal = target.signal();
    int domainNumber = numbers.of(signal.table.domain);
    Subscription subscription =
        new Subscription(signal, target.version(), numbers.of(signal), domainNumber);
    subscription.expectedRow = valueIndex;
    subscribed.add(subscription);
    observer.wants(signal.signo, true);
    return subscription;
  }

  private void acknowledge(Subscription subscription) throws IOException {
    String signalId = subscription.version.descriptor.signalId();
    output.putPacket(
        MetadataCodec.packet(subscription.number, new Subscribe(signalId).toMetadata()));
    describe(subscription, subscription.expectedRow);
  }

  private void remove(Subscription subscription) throws IOException {
    LogSignal signal = subscription.signal;
    endHole(subscription);
    if (subscription.explicit) {
      signal.unsubscribed();
    }
    subscribed.remove(subscription);
    observer.wants(signal.signo, false);
    putUnsubscribe(subscription);
    if (!signal.table.isListed()) {
      numbers.giveBack(signal); // whether it goes on depends on others
    }
  }

  private void putUnsubscribe(Subscription subscription) throws IOException {
    Unsubscribe unsubscribe = new Unsubscribe(subscription.signal.signalId());
    output.putPacket(MetadataCodec.packet(subscription.number, unsubscribe.toMetadata()));
  }

  /** From now on the signal's plain data can be sent as they are. */
  void synced(Subscription subscription) {
    subscription.synced = true;
    subscription.started = true;
    Subscription domain = subscribed.find(subscription.signal.table.domain);
    if (domain != null) {
      domain.tableSynced = true;
    }
    if (!FrameCutter.changes(subscription.signal, profile)) {
      subscribed.setState(subscription, NumberedSubscriptions.WANTED);
    }
  }

  /**
   * The client was told a line that is not the table's present one: tell it anew with each block.
   */
  void unsync(LogTable table) {
    Subscription domain = subscribed.find(table.domain);
    if (domain == null || !domain.tableSynced) {
      return;
    }
    domain.tableSynced = false;
    for (Subscription subscription : subscribed.all()) {
      if (subscription.signal.table == table) {
        subscription.synced = false;
        subscribed.setState(subscription, NumberedSubscriptions.SPECIAL);
      }
    }
  }

  /** Gives up all subscriptions of a client that is gone, without telling it. */
  void clear() {
    for (Subscription subscription : subscribed.all()) {
      endHole(subscription);
      observer.wants(subscription.signal.signo, false);
      if (subscription.explicit) {
        subscription.signal.unsubscribed();
      }
    }
    subscribed.clear();
  }

  List<String> signalIds() {
    return subscribed.signalIds();
  }
}
