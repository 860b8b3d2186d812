/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Test;

/** What others tell is found, in whatever pieces it comes; what is too much is left out. */
public class BrowserTest {
  private static final DnsName TYPE = DnsName.of("_streaming-lt._tcp.local");
  private static final DnsName OLD_TYPE = DnsName.of("_streaming-ws._tcp.local");
  private static final DnsName HOST = DnsName.of("dev.local");
  private static final InetSocketAddress PEER =
      new InetSocketAddress(FakeLink.address("10.0.0.2"), 5353);

  private final Browser browser = new Browser(List.of(TYPE, OLD_TYPE));
  private final FakeLink link = new FakeLink("eth0 IPv4", "10.0.0.1");
  private long nowNanos = -1_000;

  @Before
  public void start() {
    browser.links(List.of(link));
    browser.start(nowNanos);
    browser.tick(nowNanos);
  }

  private void after(long ms) {
    for (long end = nowNanos + TimeUnit.MILLISECONDS.toNanos(ms); nowNanos < end; ) {
      nowNanos += TimeUnit.MILLISECONDS.toNanos(Math.max(50, ms / 1_000));
      browser.tick(nowNanos);
    }
  }

  private void heard(DnsRecord... facts) {
    browser.receive(link, DnsMessage.response(List.of(facts), List.of()), PEER, nowNanos);
  }

  private static DnsRecord pointer(DnsName type, String instance, long ttlSeconds) {
    return new DnsRecord(type, false, ttlSeconds, new DnsRecord.Pointer(type.prepend(instance)));
  }

  private static DnsRecord location(DnsName type, String instance) {
    return new DnsRecord(type.prepend(instance), true, 120, new DnsRecord.Location(7414, HOST));
  }

  private static DnsRecord text(DnsName type, String instance, String... strings) {
    return new DnsRecord(type.prepend(instance), true, 4_500, new DnsRecord.Text(List.of(strings)));
  }

  private static DnsRecord address(String address) {
    return new DnsRecord(HOST, true, 120, new DnsRecord.Address(FakeLink.address(address)));
  }

  private List<FoundInstance> complete() {
    return browser.complete(nowNanos);
  }

  @Test
  public void asksForBothTypesAtOnceAndLessAndLessOften() {
    DnsMessage first = link.take().get(0);
    assertEquals(
        List.of(TYPE, OLD_TYPE),
        first.questions().stream().map(DnsMessage.Question::name).toList());
    after(4_500);
    assertEquals("after 1 and 3 s more", 2, link.take().size());
    after(600_000);
    assertTrue(link.take().size() <= 14);
  }

  @Test
  public void deviceInOnePacketIsFoundWhateverTheOrder() {
    heard(
        address("fe80::2"),
        address("10.0.0.2"),
        text(TYPE, "dev", "caps=LT"),
        location(TYPE, "dev"),
        pointer(TYPE, "dev", 4_500));
    heard(address("10.0.0.2"), address("fe80::2"));
    assertEquals(
        List.of(
            new FoundInstance(
                "dev",
                "dev.local",
                7414,
                List.of(FakeLink.address("10.0.0.2"), FakeLink.address("fe80::2")),
                List.of("caps=LT"))),
        complete());
  }

  @Test
  public void missingPiecesAreAskedForAFewTimes() {
    link.take();
    heard(pointer(TYPE, "dev", 4_500));
    after(10_000);
    List<DnsMessage> asked =
        link.take().stream()
            .filter(m -> m.questions().get(0).type() == DnsRecord.TYPE_SRV)
            .toList();
    assertEquals(3, asked.size());
    assertEquals(TYPE.prepend("dev"), asked.get(0).questions().get(0).name());
    heard(location(TYPE, "dev"), text(TYPE, "dev"));
    assertEquals("from the sender's address", 1, complete().get(0).addresses().size());
  }

  /** As embedded devices do. */
  @Test
  public void eachKeyMayHaveARecordOfItsOwn() {
    heard(
        pointer(OLD_TYPE, "dev", 1_200),
        location(OLD_TYPE, "dev"),
        text(OLD_TYPE, "dev", "path=/stream"),
        text(OLD_TYPE, "dev", "caps=WS"));
    assertEquals(List.of("path=/stream", "caps=WS"), complete().get(0).text());
  }

  @Test
  public void instanceOfBothTypesIsOneDevice() {
    for (DnsName type : List.of(OLD_TYPE, TYPE)) {
      heard(
          pointer(type, "dev", 4_500), location(type, "dev"), text(type, "dev", "" + type.first()));
    }
    assertEquals(1, complete().size());
    assertEquals(List.of("_streaming-lt"), complete().get(0).text());
  }

  @Test
  public void deviceGoesWithItsGoodbyeAndWithItsTime() {
    heard(pointer(TYPE, "a", 4_500), location(TYPE, "a"), text(TYPE, "a"));
    heard(pointer(TYPE, "b", 100), location(TYPE, "b"), text(TYPE, "b"));
    assertEquals(2, complete().size());
    heard(pointer(TYPE, "a", 0));
    after(1_050);
    assertEquals(1, complete().size());
    after(100_000);
    assertEquals(List.of(), complete());
  }

  @Test
  public void deviceThatIsStillThereIsAskedBeforeItsTimeIsOver() {
    heard(pointer(TYPE, "dev", 4_500), location(TYPE, "dev"), text(TYPE, "dev"));
    after(90_000);
    link.take();
    after(10_000);
    assertTrue(
        link.take().stream()
            .anyMatch(message -> message.questions().get(0).type() == DnsRecord.TYPE_SRV));
  }

  @Test
  public void answersToQuestionsOfOthersAreNotKept() {
    heard(
        pointer(DnsName.of("_http._tcp.local"), "x", 120),
        new DnsRecord(TYPE, false, 120, new DnsRecord.Pointer(HOST)),
        location(TYPE, "unasked"),
        address("10.0.0.9"));
    assertEquals(List.of(), complete());
    browser.stop();
    heard(pointer(TYPE, "late", 120), location(TYPE, "late"), text(TYPE, "late"));
    assertEquals(List.of(), complete());
    assertEquals(Long.MAX_VALUE, browser.nextNanos());
  }

  @Test
  public void floodOfDevicesAndAddressesIsBounded() {
    for (int i = 0; i < 5_000; i++) {
      String name = "flood" + i;
      String[] strings = new String[200];
      java.util.Arrays.fill(strings, "k=" + "v".repeat(240));
      heard(
          pointer(TYPE, name, Integer.MAX_VALUE),
          location(TYPE, name),
          text(TYPE, name, strings),
          address("10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256));
    }
    assertEquals(500, complete().size());
    assertEquals(16, complete().get(0).addresses().size());
    assertTrue(complete().get(0).text().size() <= 48);
    List<DnsMessage> before = new ArrayList<>(link.take());
    after(4_600_000);
    assertEquals("no time to live is longer than 75 minutes", List.of(), complete());
    assertTrue(before.size() < 10);
  }
}
