/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal.mdns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One service on one link (RFC 6762, 8): asks three times whether its names are free, tells them
 * twice, then keeps them.
 */
final class Announcement {
  static final DnsName TYPES = DnsName.of("_services._dns-sd._udp.local");

  private static final int PROBES = 3;
  private static final long PROBE_DISTANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int ANNOUNCEMENTS = 2;
  private static final long ANNOUNCEMENT_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(1);
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

  Announcement(Link link, Publication publication, Random random, long nowNanos) {
    this.link = link;
    this.random = random;
    this.publication = publication;
    probe(publication, nowNanos, 0);
  }

  /** Asks for the names, and says nothing until they are known to be free. */
  void probe(Publication wanted, long nowNanos, long delayNanos) {
    publication = wanted;
    addresses = publication.addressesOn(link);
    state = State.PROBING;
    step = 0;
    nextNanos = nowNanos + delayNanos + (long) (random.nextDouble() * PROBE_DISTANCE_NANOS);
  }

  /** Tells what has changed under the same names. */
  void update(Publication changed, long nowNanos) {
    List<InetAddress> left = changed.addressesOn(link);
    if (state != State.PROBING) {
      takeBack(
          told ->
              told.data() instanceof DnsRecord.Address address
                  && !left.contains(address.address()));
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
    return state == State.ANNOUNCED ? Long.MAX_VALUE : nextNanos;
  }

  void tick(long nowNanos) {
    if (nowNanos < nextNanos()) {
      return;
    }
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
    link.multicast(DnsMessage.response(records(), List.of()));
    step++;
    nextNanos = nowNanos + ANNOUNCEMENT_DISTANCE_NANOS;
    if (step == ANNOUNCEMENTS) {
      state = State.ANNOUNCED;
    }
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

  /** Takes everything back that was told. */
  void goodbye() {
    if (state != State.PROBING) {
      takeBack(told -> !told.name().equals(TYPES));
    }
  }

  private void takeBack(Predicate<DnsRecord> which) {
    List<DnsRecord> gone = records().stream().filter(which).map(told -> told.withTtl(0)).toList();
    if (!gone.isEmpty()) {
      link.multicast(DnsMessage.response(gone, List.of()));
    }
  }
}
