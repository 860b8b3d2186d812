/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A publication on all its links, with the same names everywhere. */
final class AnnouncedService {
  private static final Logger LOG = LoggerFactory.getLogger(AnnouncedService.class);

  /** From this many names on the network has a fault, and we slow down. */
  private static final int SUSPICIOUS_NUMBER = 10;

  private static final long SUSPICIOUS_DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOST_TIE_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long DOUBT_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Random random;
  private final Map<Link, Announcement> announcements = new LinkedHashMap<>();
  private Publication wanted;
  private Publication current;
  private int number = 1;
  private boolean told;
  private long doubtsFromNanos;

  AnnouncedService(Publication wanted, Random random, long nowNanos) {
    this.random = random;
    this.wanted = wanted;
    current = wanted;
    doubtsFromNanos = nowNanos;
  }

  Publication wanted() {
    return wanted;
  }

  /** The announcement on a link; null when there is none. */
  Announcement on(Link link) {
    return announcements.get(link);
  }

  /** Takes the links that are there now. */
  void links(Collection<Link> links, long nowNanos) {
    for (Announcement announcement : List.copyOf(announcements.values())) {
      Link link = announcement.link();
      if (!links.contains(link)) {
        announcements.remove(link);
      } else if (current.addressesOn(link).isEmpty()) {
        announcement.goodbye();
        announcements.remove(link);
      } else if (announcement.isOutdated()) {
        announcement.update(current, nowNanos);
      }
    }
    for (Link link : links) {
      if (!announcements.containsKey(link) && !current.addressesOn(link).isEmpty()) {
        announcements.put(link, new Announcement(link, current, random, nowNanos));
        told = false;
      }
    }
  }

  /** Takes everything back from a link. */
  void leave(Link link) {
    Announcement announcement = announcements.remove(link);
    if (announcement != null) {
      announcement.goodbye();
    }
  }

  /** Takes a publication with the same names. */
  void update(Publication changed, long nowNanos) {
    wanted = changed;
    current = wanted.numbered(number);
    told = false;
    announcements.values().forEach(announcement -> announcement.update(current, nowNanos));
  }

  long nextNanos() {
    return announcements.values().stream()
        .mapToLong(Announcement::nextNanos)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  void tick(long nowNanos) {
    announcements.values().forEach(announcement -> announcement.tick(nowNanos));
    if (!told
        && !announcements.isEmpty()
        && announcements.values().stream().noneMatch(Announcement::isProbing)) {
      told = true;
      LOG.info(
          "announced as '{}', port {}, on {}",
          current.instance(),
          current.port(),
          announcements.keySet().stream().map(Link::name).collect(Collectors.joining(", ")));
    }
  }

  /** Looks whether somebody else uses our names. */
  void heard(Link link, List<DnsRecord> facts, InetSocketAddress source, long nowNanos) {
    Announcement announcement = announcements.get(link);
    if (announcement == null || facts.stream().noneMatch(this::contradicts)) {
      return;
    }
    if (announcement.isProbing()) {
      rename(link, source, nowNanos);
    } else if (nowNanos - doubtsFromNanos >= 0) {
      doubtsFromNanos = nowNanos + DOUBT_DISTANCE_NANOS;
      announcements.values().forEach(doubted -> doubted.probe(current, nowNanos, 0));
    }
  }

  private boolean contradicts(DnsRecord fact) {
    return fact.ttlSeconds() > 0 && isClaimOfAnother(fact);
  }

  private boolean isClaimOfAnother(DnsRecord fact) {
    if (fact.data() instanceof DnsRecord.Location location) {
      return fact.name().equals(current.instanceName())
          && !location.equals(new DnsRecord.Location(current.port(), current.hostName()));
    }
    // The address of another link of ours comes back when both are plugged into one network.
    return fact.data() instanceof DnsRecord.Address address
        && fact.name().equals(current.hostName())
        && announcements.values().stream()
            .noneMatch(ours -> ours.addresses().contains(address.address()));
  }

  private void rename(Link link, InetSocketAddress source, long nowNanos) {
    String taken = current.instance();
    for (Announcement announcement : announcements.values()) {
      if (announcement.link() != link) {
        announcement.goodbye();
      }
    }
    number++;
    current = wanted.numbered(number);
    told = false;
    if (number <= SUSPICIOUS_NUMBER) {
      LOG.warn(
          "{} on {} has the name '{}' already, trying '{}'; give one of them another serialNumber",
          source.getAddress().getHostAddress(),
          link.name(),
          taken,
          current.instance());
    }
    long delayNanos = number > SUSPICIOUS_NUMBER ? SUSPICIOUS_DELAY_NANOS : 0;
    announcements.values().forEach(a -> a.probe(current, nowNanos, delayNanos));
  }

  /** Another host asks for our names at the same time: one of us waits (RFC 6762, 8.2). */
  void probed(Link link, List<DnsRecord> claims, long nowNanos) {
    Announcement announcement = announcements.get(link);
    if (announcement == null
        || !announcement.isProbing()
        || claims.stream().noneMatch(this::isClaimOfAnother)) {
      return;
    }
    if (ProbeOrder.compare(announcement.claims(), claims) < 0) {
      announcement.probe(current, nowNanos, LOST_TIE_DELAY_NANOS);
    }
  }

  void goodbye() {
    announcements.values().forEach(Announcement::goodbye);
  }
}
