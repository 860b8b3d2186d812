/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One service on one link (RFC 6762, 6 and 8): asks three times whether its names are free, tells
 * them twice, then keeps them and answers questions. It tells all of itself at a time, and not
 * again within a second, so that nobody can make it flood the link.
 */
final class Announcement {
  static final DnsName TYPES = DnsName.of("_services._dns-sd._udp.local");

  private static final int PROBES = 3;
  private static final long PROBE_DISTANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int ANNOUNCEMENTS = 2;
  private static final long ANNOUNCEMENT_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Others may have something to say too, so answers wait for a random time. */
  private static final long WAIT_LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long WAIT_RANGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long TELLING_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long HOST_TTL_S = 120;
  private static final long OTHER_TTL_S = 4_500;

  private enum State {
    PROBING,
    ANNOUNCING,
    ANNOUNCED
  }

  private final Link link;
  private final Random random;
  private Publication publication;
  private List<InetAddress> addresses;
  private State state;
  private int step;
  private long nextNanos;

  /** What others want to know and will be told at {@link #answerNanos}; empty when nothing. */
  private final Set<DnsRecord> asked = new LinkedHashSet<>();

  private long answerNanos;

  /** Whether others may have kept something. */
  private boolean told;

  private long toldNanos;

  Announcement(Link link, Publication publication, Random random, long nowNanos) {
    this.link = link;
    this.random = random;
    this.publication = publication;
    probe(publication, nowNanos, 0);
  }

  /** Asks for the names, and says nothing until they are known to be free. */
  void probe(Publication wanted, long nowNanos, long delayNanos) {
    told &= wanted.hasNamesOf(publication);
    asked.clear();
    publication = wanted;
    addresses = publication.addressesOn(link);
    state = State.PROBING;
    step = 0;
    nextNanos = nowNanos + delayNanos + (long) (random.nextDouble() * PROBE_DISTANCE_NANOS);
  }

  /** Tells what has changed under the same names. */
  void update(Publication changed, long nowNanos) {
    List<InetAddress> left = changed.addressesOn(link);
    if (told) {
      takeBack(
          kept ->
              kept.data() instanceof DnsRecord.Address address
                  && !left.contains(address.address()));
    }
    asked.clear();
    if (state != State.PROBING) {
      state = State.ANNOUNCING;
      step = 0;
      nextNanos = nowNanos;
    }
    publication = changed;
    addresses = left;
  }

  /** Whether the link has got other addresses. */
  boolean isOutdated() {
    return !addresses.equals(publication.addressesOn(link));
  }

  boolean isProbing() {
    return state == State.PROBING;
  }

  Link link() {
    return link;
  }

  List<InetAddress> addresses() {
    return addresses;
  }

  /** When {@link #tick} is to be called next. */
  long nextNanos() {
    return Math.min(
        state == State.ANNOUNCED ? Long.MAX_VALUE : nextNanos,
        asked.isEmpty() ? Long.MAX_VALUE : answerNanos);
  }

  void tick(long nowNanos) {
    if (state != State.ANNOUNCED && nowNanos >= nextNanos) {
      takeStep(nowNanos);
    }
    if (!asked.isEmpty() && nowNanos >= answerNanos) {
      tell(answer(asked), nowNanos);
    }
  }

  private void takeStep(long nowNanos) {
    if (state == State.PROBING && step < PROBES) {
      link.multicast(question());
      step++;
      nextNanos = nowNanos + PROBE_DISTANCE_NANOS;
      return;
    }
    if (state == State.PROBING) {
      state = State.ANNOUNCING;
      step = 0;
    }
    tell(DnsMessage.response(records(), List.of()), nowNanos);
    step++;
    nextNanos = nowNanos + ANNOUNCEMENT_DISTANCE_NANOS;
    if (step == ANNOUNCEMENTS) {
      state = State.ANNOUNCED;
    }
  }

  private void tell(DnsMessage message, long nowNanos) {
    link.multicast(message);
    asked.clear();
    told = true;
    toldNanos = nowNanos;
  }

  /** What was asked for, and everything else of the service with it. */
  DnsMessage answer(Collection<DnsRecord> answers) {
    List<DnsRecord> others = new ArrayList<>(records());
    others.removeAll(answers);
    others.removeIf(other -> other.name().equals(TYPES));
    return DnsMessage.response(List.copyOf(answers), others);
  }

  /**
   * Answers to everybody on the link, soon; in a hurry when the asking host is about to take a name
   * of ours.
   */
  void answerAll(Collection<DnsRecord> answers, boolean hurry, long nowNanos) {
    long waitNanos = hurry ? 0 : WAIT_LEAST_NANOS + (long) (random.nextDouble() * WAIT_RANGE_NANOS);
    long distanceNanos = hurry ? PROBE_DISTANCE_NANOS : TELLING_DISTANCE_NANOS;
    long dueNanos = nowNanos + waitNanos;
    if (told) {
      dueNanos = Math.max(dueNanos, toldNanos + distanceNanos);
    }
    answerNanos = asked.isEmpty() ? dueNanos : Math.min(answerNanos, dueNanos);
    asked.addAll(answers);
  }

  private DnsMessage question() {
    return DnsMessage.query(
        List.of(
            new DnsMessage.Question(publication.instanceName(), DnsRecord.TYPE_ANY, false),
            new DnsMessage.Question(publication.hostName(), DnsRecord.TYPE_ANY, false)),
        List.of(),
        claims());
  }

  /** What must be nobody else's. */
  List<DnsRecord> claims() {
    return records().stream().filter(DnsRecord::unique).map(DnsRecord::shared).toList();
  }

  /** Everything that is told. */
  List<DnsRecord> records() {
    DnsName instance = publication.instanceName();
    DnsName host = publication.hostName();
    List<DnsRecord> records = new ArrayList<>();
    records.add(
        new DnsRecord(publication.type(), false, OTHER_TTL_S, new DnsRecord.Pointer(instance)));
    records.add(
        new DnsRecord(TYPES, false, OTHER_TTL_S, new DnsRecord.Pointer(publication.type())));
    records.add(
        new DnsRecord(
            instance, true, HOST_TTL_S, new DnsRecord.Location(publication.port(), host)));
    records.add(new DnsRecord(instance, true, OTHER_TTL_S, new DnsRecord.Text(publication.text())));
    for (InetAddress address : addresses) {
      records.add(new DnsRecord(host, true, HOST_TTL_S, new DnsRecord.Address(address)));
    }
    return records;
  }

  void goodbye() {
    if (told) {
      takeBack(kept -> !kept.name().equals(TYPES));
      told = false;
    }
  }

  private void takeBack(Predicate<DnsRecord> which) {
    List<DnsRecord> gone = records().stream().filter(which).map(kept -> kept.withTtl(0)).toList();
    if (!gone.isEmpty()) {
      link.multicast(DnsMessage.response(gone, List.of()));
    }
  }
}
