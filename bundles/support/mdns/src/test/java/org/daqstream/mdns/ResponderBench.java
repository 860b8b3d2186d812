/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A responder on two links, with a time that tests move on. */
abstract class ResponderBench {
  static final DnsName TYPE = DnsName.of("_streaming-lt._tcp.local");
  static final DnsName INSTANCE = TYPE.prepend("ACME_4711");
  static final DnsName HOST = DnsName.of("ACME_4711.local");
  static final InetSocketAddress PEER = new InetSocketAddress(FakeLink.address("10.0.0.2"), 5353);

  final Responder responder = new Responder(new Random(1));
  final FakeLink wired = new FakeLink("eth0 IPv4", "10.0.0.1", "fe80::1");
  final FakeLink wireless = new FakeLink("wlan0 IPv4", "10.0.1.1");
  long nowNanos = -TimeUnit.HOURS.toNanos(1);

  static Publication publication(String... more) {
    List<String> text = new ArrayList<>(List.of("caps=LT", "serialNumber=4711"));
    text.addAll(List.of(more));
    return new Publication(
        "default", TYPE, "ACME_4711", "ACME_4711", 7414, text, "serialNumber", Optional.empty());
  }

  /** Lets time go by in small steps. */
  void after(long ms) {
    for (long end = nowNanos + TimeUnit.MILLISECONDS.toNanos(ms); nowNanos < end; ) {
      nowNanos += TimeUnit.MILLISECONDS.toNanos(5);
      responder.tick(nowNanos);
    }
  }

  void announced(Publication... publications) {
    responder.links(List.of(wired, wireless), nowNanos);
    responder.publish(List.of(publications), nowNanos);
    after(3_000);
    wired.take();
    wireless.take();
  }

  void query(InetSocketAddress source, DnsName name, int type, DnsRecord... known) {
    DnsMessage query =
        DnsMessage.query(
            List.of(new DnsMessage.Question(name, type, false)), List.of(known), List.of());
    responder.receive(wired, query, source, nowNanos);
  }

  static DnsRecord location(DnsName host, int port) {
    return new DnsRecord(INSTANCE, true, 120, new DnsRecord.Location(port, host));
  }

  static DnsRecord address(String address) {
    return new DnsRecord(HOST, true, 120, new DnsRecord.Address(FakeLink.address(address)));
  }

  void heard(FakeLink link, DnsRecord... facts) {
    responder.receive(link, DnsMessage.response(List.of(facts), List.of()), PEER, nowNanos);
  }
}
