/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for services and keeps what is answered. It keeps nothing that was not asked for, and little
 * of that: a network full of liars costs a few megabytes. Confined to one thread.
 */
final class Browser {
  static final long TTL_LIMIT_S = 4_500;

  private static final Logger LOG = LoggerFactory.getLogger(Browser.class);
  private static final int SERVICES = 500;
  private static final int ADDRESSES = 16;
  private static final int QUESTIONS_AT_ONCE = 20;
  private static final int KNOWN_AT_ONCE = 40;
  private static final long FIRST_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final List<DnsName> types;
  private final Map<DnsName, FoundService> found = new LinkedHashMap<>();
  private final Map<DnsName, Map<InetAddress, FoundService.Lease>> hosts = new HashMap<>();
  private Collection<Link> links = List.of();
  private boolean active;
  private boolean full;
  private long nextQueryNanos;
  private long queryDistanceNanos;

  Browser(List<DnsName> types) {
    this.types = types;
  }

  void links(Collection<Link> now) {
    links = List.copyOf(now);
  }

  /** Asks now, and from time to time until {@link #stop}. */
  void start(long nowNanos) {
    active = true;
    nextQueryNanos = nowNanos;
    queryDistanceNanos = FIRST_DISTANCE_NANOS;
  }

  /** Asks no more and forgets everything. */
  void stop() {
    active = false;
    full = false;
    found.clear();
    hosts.clear();
  }

  /** When {@link #tick} is to be called next. */
  long nextNanos() {
    if (!active) {
      return Long.MAX_VALUE;
    }
    long next = nextQueryNanos;
    for (FoundService service : found.values()) {
      next = Math.min(next, service.nextNanos());
    }
    return next;
  }

  /** Asks what is due; true when something has ended. */
  boolean tick(long nowNanos) {
    if (!active) {
      return false;
    }
    boolean ended = found.values().removeIf(service -> !service.holds(nowNanos));
    hosts.values().forEach(leases -> leases.values().removeIf(lease -> !lease.holds(nowNanos)));
    Set<DnsName> used = hostsInUse();
    hosts.entrySet().removeIf(host -> host.getValue().isEmpty() || !used.contains(host.getKey()));
    if (nowNanos - nextQueryNanos >= 0) {
      send(
          types.stream().map(type -> question(type, DnsRecord.TYPE_PTR)).toList(), known(nowNanos));
      nextQueryNanos = nowNanos + queryDistanceNanos;
      queryDistanceNanos = Math.min(3 * queryDistanceNanos, LAST_DISTANCE_NANOS);
    }
    List<DnsMessage.Question> questions = new ArrayList<>();
    for (FoundService service : found.values()) {
      if (questions.size() < QUESTIONS_AT_ONCE && service.takeQuestion(nowNanos)) {
        questions.add(question(service.name(), DnsRecord.TYPE_SRV));
        questions.add(question(service.name(), DnsRecord.TYPE_TXT));
      }
    }
    if (!questions.isEmpty()) {
      send(questions, List.of());
    }
    return ended;
  }

  private List<DnsRecord> known(long nowNanos) {
    return found.values().stream()
        .map(service -> service.known(nowNanos))
        .limit(KNOWN_AT_ONCE)
        .toList();
  }

  private static DnsMessage.Question question(DnsName name, int type) {
    return new DnsMessage.Question(name, type, false);
  }

  private void send(List<DnsMessage.Question> questions, List<DnsRecord> known) {
    DnsMessage query = DnsMessage.query(questions, known, List.of());
    links.forEach(link -> link.multicast(query));
  }

  /** Takes a packet that came in over a link. */
  void receive(Link link, DnsMessage message, InetSocketAddress source, long nowNanos) {
    if (!active || !message.response()) {
      return;
    }
    List<DnsRecord> facts = message.facts();
    for (DnsRecord fact : facts) {
      if (fact.data() instanceof DnsRecord.Pointer pointer && types.contains(fact.name())) {
        pointed(fact, pointer.target(), link.scoped(source.getAddress()), nowNanos);
      }
    }
    Map<FoundService, List<DnsRecord>> texts = new LinkedHashMap<>();
    for (DnsRecord fact : facts) {
      FoundService service = found.get(fact.name());
      if (service != null && fact.data() instanceof DnsRecord.Location location) {
        service.located(location, fact.ttlSeconds(), nowNanos);
      } else if (service != null && fact.data() instanceof DnsRecord.Text) {
        texts.computeIfAbsent(service, key -> new ArrayList<>()).add(fact);
      }
    }
    // Some devices tell each key in a record of its own.
    texts.forEach(
        (service, records) ->
            service.told(
                records.stream()
                    .flatMap(text -> ((DnsRecord.Text) text.data()).strings().stream())
                    .toList(),
                records.get(0).ttlSeconds(),
                nowNanos));
    Set<DnsName> used = hostsInUse();
    for (DnsRecord fact : facts) {
      if (fact.data() instanceof DnsRecord.Address address && used.contains(fact.name())) {
        addressed(fact, link.scoped(address.address()), nowNanos);
      }
    }
  }

  private void pointed(DnsRecord fact, DnsName target, InetAddress sender, long nowNanos) {
    FoundService service = found.get(target);
    boolean instance =
        target.labels().size() == fact.name().labels().size() + 1
            && target.parent().equals(fact.name())
            && target.isWritable();
    if (service == null && instance && fact.ttlSeconds() > 0) {
      if (found.size() >= SERVICES) {
        if (!full) {
          LOG.warn("more than {} devices on the network, the others are left out", SERVICES);
        }
        full = true;
        return;
      }
      service = new FoundService(fact.name(), target, nowNanos);
      found.put(target, service);
    }
    if (service != null) {
      service.pointed(fact.ttlSeconds(), sender, nowNanos);
    }
  }

  private Set<DnsName> hostsInUse() {
    return found.values().stream()
        .map(FoundService::where)
        .filter(Objects::nonNull)
        .map(DnsRecord.Location::host)
        .collect(Collectors.toSet());
  }

  private void addressed(DnsRecord fact, InetAddress address, long nowNanos) {
    Map<InetAddress, FoundService.Lease> addresses =
        hosts.computeIfAbsent(fact.name(), key -> new LinkedHashMap<>());
    if (addresses.size() < ADDRESSES || addresses.containsKey(address)) {
      addresses
          .computeIfAbsent(address, key -> new FoundService.Lease())
          .renew(fact.ttlSeconds(), nowNanos);
    }
  }

  /** All that is complete now; of an instance of several types the first one. */
  List<FoundInstance> complete(long nowNanos) {
    Map<String, FoundInstance> complete = new LinkedHashMap<>();
    for (DnsName type : types) {
      for (FoundService service : found.values()) {
        if (service.name().parent().equals(type)
            && service.holds(nowNanos)
            && service.isLocated(nowNanos)) {
          FoundInstance one = found(service, nowNanos);
          complete.putIfAbsent(one.instance(), one);
        }
      }
    }
    return List.copyOf(complete.values());
  }

  private FoundInstance found(FoundService service, long nowNanos) {
    DnsRecord.Location where = Objects.requireNonNull(service.where());
    List<InetAddress> addresses =
        hosts.getOrDefault(where.host(), Map.of()).entrySet().stream()
            .filter(entry -> entry.getValue().holds(nowNanos))
            .map(Map.Entry::getKey)
            .toList();
    return new FoundInstance(
        service.name().first(),
        where.host().toString(),
        where.port(),
        (addresses.isEmpty() ? service.senders() : addresses)
            .stream()
                .sorted(
                    Comparator.comparing(
                            (InetAddress address) -> !(address instanceof Inet4Address))
                        .thenComparing(InetAddress::getHostAddress))
                .toList(),
        service.strings());
  }
}
