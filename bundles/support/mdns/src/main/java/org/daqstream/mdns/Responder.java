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

/**
 * Announces services and answers questions for them. Each answer is complete: what was asked for,
 * and everything else of the service with it. Confined to one thread.
 */
final class Responder {
  static final int MDNS_PORT = 5353;

  /** Peers that ask from another port know plain DNS only, and are not told when names change. */
  private static final long LEGACY_TTL_S = 10;

  private final Random random;
  private final Map<String, AnnouncedService> services = new LinkedHashMap<>();
  private final QueryLimit limit = new QueryLimit();
  private Collection<Link> links = List.of();

  Responder(Random random) {
    this.random = random;
  }

  /** Announces these, and takes back what is not among them. */
  void publish(Collection<Publication> publications, long nowNanos) {
    Map<String, Publication> wanted = new LinkedHashMap<>();
    publications.forEach(publication -> wanted.put(publication.key(), publication));
    for (AnnouncedService service : List.copyOf(services.values())) {
      Publication next = wanted.get(service.wanted().key());
      if (next == null || !next.hasNamesOf(service.wanted())) {
        service.goodbye();
        services.remove(service.wanted().key());
      } else if (!next.equals(service.wanted())) {
        service.update(next, nowNanos);
      }
    }
    for (Publication publication : wanted.values()) {
      if (!services.containsKey(publication.key())) {
        AnnouncedService service = new AnnouncedService(publication, random, nowNanos);
        service.links(links, nowNanos);
        services.put(publication.key(), service);
      }
    }
  }

  /** Takes the links that are there now, also when their addresses have changed. */
  void links(Collection<Link> now, long nowNanos) {
    links = List.copyOf(now);
    services.values().forEach(service -> service.links(links, nowNanos));
  }

  /** Takes everything back from a link that will be used no more. */
  void leave(Link link) {
    services.values().forEach(service -> service.leave(link));
  }

  /** When {@link #tick} is to be called next. */
  long nextNanos() {
    return services.values().stream()
        .mapToLong(AnnouncedService::nextNanos)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  void tick(long nowNanos) {
    services.values().forEach(service -> service.tick(nowNanos));
  }

  /** Takes a packet that came in over a link. */
  void receive(Link link, DnsMessage message, InetSocketAddress source, long nowNanos) {
    for (AnnouncedService service : services.values()) {
      if (message.response()) {
        service.heard(link, message.facts(), source, nowNanos);
      } else {
        service.probed(link, message.authorities(), nowNanos);
        asked(service, link, message, source, nowNanos);
      }
    }
  }

  private void asked(
      AnnouncedService service,
      Link link,
      DnsMessage message,
      InetSocketAddress source,
      long nowNanos) {
    Announcement announcement = service.on(link);
    if (announcement == null || announcement.isProbing()) {
      return;
    }
    List<DnsRecord> answers =
        announcement.records().stream()
            .filter(told -> message.questions().stream().anyMatch(told::answers))
            .filter(told -> message.answers().stream().noneMatch(known -> isKnown(told, known)))
            .toList();
    if (answers.isEmpty()) {
      return;
    }
    boolean legacy = source.getPort() != MDNS_PORT;
    if (!legacy && !message.questions().stream().allMatch(DnsMessage.Question::unicast)) {
      announcement.answerAll(answers, !message.authorities().isEmpty(), nowNanos);
    } else if (limit.take(source.getAddress(), nowNanos)) {
      DnsMessage answer = announcement.answer(answers);
      link.unicast(legacy ? legacy(message, answer) : answer, source);
    }
  }

  private static boolean isKnown(DnsRecord told, DnsRecord known) {
    return told.sameFact(known) && known.ttlSeconds() * 2 >= told.ttlSeconds();
  }

  private static DnsMessage legacy(DnsMessage query, DnsMessage answer) {
    return new DnsMessage(
        query.id(),
        true,
        query.questions(),
        legacy(answer.answers()),
        List.of(),
        legacy(answer.additionals()));
  }

  private static List<DnsRecord> legacy(List<DnsRecord> facts) {
    return facts.stream().map(fact -> fact.shared().withTtl(LEGACY_TTL_S)).toList();
  }

  void goodbye() {
    services.values().forEach(AnnouncedService::goodbye);
    services.clear();
  }
}
