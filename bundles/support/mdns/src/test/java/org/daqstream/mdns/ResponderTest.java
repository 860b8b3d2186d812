/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** Names are claimed, told, defended and given back; time is a number. */
public class ResponderTest extends ResponderBench {
  private static final InetSocketAddress OLD_PEER =
      new InetSocketAddress(FakeLink.address("10.0.0.2"), 40_000);

  @Test
  public void asksThreeTimesThenTellsEverythingTwice() {
    responder.links(List.of(wired), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    after(740);
    List<DnsMessage> probes = wired.take();
    assertEquals(3, probes.size());
    for (DnsMessage probe : probes) {
      assertFalse(probe.response());
      assertEquals(
          List.of(INSTANCE, HOST),
          probe.questions().stream().map(DnsMessage.Question::name).toList());
      assertEquals(4, probe.authorities().size());
    }
    after(5_000);
    List<DnsMessage> told = wired.take();
    assertEquals(2, told.size());
    assertEquals(
        List.of(
            new DnsRecord(TYPE, false, 4_500, new DnsRecord.Pointer(INSTANCE)),
            new DnsRecord(Announcement.TYPES, false, 4_500, new DnsRecord.Pointer(TYPE)),
            location(HOST, 7414),
            new DnsRecord(
                INSTANCE, true, 4_500, new DnsRecord.Text(List.of("caps=LT", "serialNumber=4711"))),
            address("10.0.0.1"),
            address("fe80::1")),
        told.get(0).answers());
    assertEquals(told.get(0), told.get(1));
    assertEquals("at rest", Long.MAX_VALUE, responder.nextNanos());
  }

  @Test
  public void eachLinkGetsItsOwnAddressesUnderTheSameName() {
    responder.links(List.of(wired, wireless), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    after(3_000);
    assertTrue(wired.take().get(3).answers().contains(address("10.0.0.1")));
    List<DnsRecord> told = wireless.take().get(3).answers();
    assertTrue(told.contains(address("10.0.1.1")));
    assertFalse(told.contains(address("10.0.0.1")));
  }

  @Test
  public void questionForTheTypeIsAnsweredToAllWithEverythingInOnePacket() {
    announced(publication());
    query(PEER, DnsName.of("_STREAMING-lt._tcp.local"), DnsRecord.TYPE_PTR);
    after(15);
    assertEquals("others may be first", List.of(), wired.take());
    after(110);
    List<DnsMessage> answers = wired.take();
    assertEquals(1, answers.size());
    assertEquals(
        List.of(new DnsRecord(TYPE, false, 4_500, new DnsRecord.Pointer(INSTANCE))),
        answers.get(0).answers());
    assertEquals(4, answers.get(0).additionals().size());
    assertTrue(answers.get(0).additionals().contains(location(HOST, 7414)));
    assertEquals("only where it was asked", List.of(), wireless.take());
  }

  /** Clients of the SDK ask from a port of their own. */
  @Test
  public void questionFromAnotherPortIsAnsweredToTheAskerAtOnce() {
    announced(publication());
    DnsMessage.Question question = new DnsMessage.Question(TYPE, DnsRecord.TYPE_PTR, false);
    responder.receive(
        wired,
        new DnsMessage(99, false, List.of(question), List.of(), List.of(), List.of()),
        OLD_PEER,
        nowNanos);
    after(200);
    assertEquals(List.of(), wired.take());
    DnsMessage answer = wired.unicasts.get(0);
    assertEquals(99, answer.id());
    assertEquals(List.of(question), answer.questions());
    assertEquals(5, answer.facts().size());
    assertTrue(answer.facts().stream().allMatch(f -> f.ttlSeconds() == 10 && !f.unique()));
  }

  @Test
  public void listOfTypesHasOurs() {
    announced(publication());
    query(PEER, Announcement.TYPES, DnsRecord.TYPE_PTR);
    after(150);
    assertEquals(new DnsRecord.Pointer(TYPE), wired.take().get(0).answers().get(0).data());
  }

  @Test
  public void whatTheAskerKnowsIsNotToldAgain() {
    announced(publication());
    DnsRecord pointer = new DnsRecord(TYPE, false, 2_250, new DnsRecord.Pointer(INSTANCE));
    query(PEER, TYPE, DnsRecord.TYPE_PTR, pointer);
    after(150);
    assertEquals(List.of(), wired.take());
    query(PEER, TYPE, DnsRecord.TYPE_PTR, pointer.withTtl(2_000));
    after(150);
    assertEquals("it knows for less than half of the time", 1, wired.take().size());
  }

  /** RFC 6762, 6: no record twice within a second on a link. */
  @Test
  public void whatWasToldIsNotToldToAllAgainWithinASecond() {
    announced(publication());
    for (int second = 0; second < 3; second++) {
      query(PEER, TYPE, DnsRecord.TYPE_PTR);
      after(125);
      assertEquals(1, wired.take().size());
      for (int question = 0; question < 8; question++) {
        query(PEER, TYPE, DnsRecord.TYPE_PTR);
        after(100);
      }
      assertEquals(List.of(), wired.take());
      after(200);
      assertEquals("one answer to the eight", 1, wired.take().size());
      after(1_000);
    }
  }

  /** Who is about to take our name has to know within 250 ms. */
  @Test
  public void whoAsksForOurNameToTakeItIsAnsweredAtOnce() {
    announced(publication());
    query(PEER, TYPE, DnsRecord.TYPE_PTR);
    after(125);
    wired.take();
    query(PEER, TYPE, DnsRecord.TYPE_PTR);
    after(130);
    DnsMessage probe =
        DnsMessage.query(
            List.of(new DnsMessage.Question(INSTANCE, DnsRecord.TYPE_ANY, false)),
            List.of(),
            List.of(location(DnsName.of("other.local"), 80)));
    responder.receive(wired, probe, PEER, nowNanos);
    after(250);
    List<DnsMessage> answers = wired.take();
    assertEquals(1, answers.size());
    assertTrue(answers.get(0).answers().contains(location(HOST, 7414)));
  }

  /** A link that nobody else is on has kept our names, too. */
  @Test
  public void whoStopsWhileItsNameIsInDoubtTakesEverythingBack() {
    announced(publication());
    heard(wired, location(DnsName.of("other.local"), 80));
    after(300);
    wired.take();
    wireless.take();
    responder.goodbye();
    for (FakeLink link : List.of(wired, wireless)) {
      List<DnsMessage> goodbye = link.take();
      assertEquals(link.name(), 1, goodbye.size());
      assertTrue(goodbye.get(0).answers().stream().allMatch(fact -> fact.ttlSeconds() == 0));
    }
  }

  @Test
  public void questionsForOthersAreNotAnswered() {
    announced(publication());
    query(PEER, DnsName.of("_http._tcp.local"), DnsRecord.TYPE_ANY);
    query(OLD_PEER, DnsName.of("other.local"), DnsRecord.TYPE_ANY);
    after(200);
    assertEquals(List.of(), wired.take());
    assertEquals(List.of(), wired.unicasts);
  }

  @Test
  public void floodOfQuestionsGetsFewAnswers() {
    announced(publication());
    for (int i = 0; i < 10_000; i++) {
      query(PEER, TYPE, DnsRecord.TYPE_PTR);
      query(OLD_PEER, TYPE, DnsRecord.TYPE_PTR);
      if (i % 10 == 0) {
        after(1);
      }
    }
    int all = wired.take().size();
    int one = wired.unicasts.size();
    assertTrue("to all in 5 s: " + all, all > 0 && all <= 6);
    assertTrue("to one in 5 s: " + one, one >= 4 * 25 && one <= 6 * 25);
  }

  @Test
  public void goodbyeTakesEverythingBackOnEveryLink() {
    announced(publication());
    responder.goodbye();
    for (FakeLink link : List.of(wired, wireless)) {
      List<DnsMessage> sent = link.take();
      assertEquals(1, sent.size());
      assertTrue(sent.get(0).answers().stream().allMatch(fact -> fact.ttlSeconds() == 0));
      assertTrue(
          sent.get(0)
              .answers()
              .contains(new DnsRecord(TYPE, false, 0, new DnsRecord.Pointer(INSTANCE))));
    }
    query(PEER, TYPE, DnsRecord.TYPE_PTR);
    after(500);
    assertEquals(List.of(), wired.take());
  }

  @Test
  public void serverThatGoesTakesOnlyItsOwnNamesBack() {
    Publication second =
        new Publication(
            "two", TYPE, "ACME_4711-two", "ACME_4711-two", 7514, List.of(), "", Optional.empty());
    announced(publication(), second);
    responder.publish(List.of(publication()), nowNanos);
    List<DnsMessage> sent = wired.take();
    assertEquals(1, sent.size());
    assertTrue(
        sent.get(0).answers().stream()
            .allMatch(fact -> fact.ttlSeconds() == 0 && fact.toString().contains("-two")));
    after(3_000);
    assertEquals(List.of(), wired.take());
  }

  @Test
  public void changedTextIsToldWithoutGoodbyeAndWithoutAsking() {
    announced(publication());
    responder.publish(List.of(publication("location=Lab 3")), nowNanos);
    after(3_000);
    List<DnsMessage> sent = wired.take();
    assertEquals(2, sent.size());
    assertTrue(sent.get(0).response());
    assertTrue(sent.get(0).answers().stream().allMatch(fact -> fact.ttlSeconds() > 0));
    assertTrue(sent.get(0).toString().contains("location=Lab 3"));
  }

  @Test
  public void unchangedPublicationIsLeftAlone() {
    announced(publication());
    responder.publish(List.of(publication()), nowNanos);
    responder.links(List.of(wired, wireless), nowNanos);
    after(3_000);
    assertEquals(List.of(), wired.take());
    assertEquals(List.of(), wireless.take());
  }

  @Test
  public void newAddressIsToldAndTheOldOneTakenBack() {
    announced(publication());
    wired.addresses = List.of(FakeLink.address("10.0.0.7"), FakeLink.address("fe80::1"));
    responder.links(List.of(wired, wireless), nowNanos);
    after(100);
    List<DnsMessage> sent = wired.take();
    assertEquals(List.of(address("10.0.0.1").withTtl(0)), sent.get(0).answers());
    assertTrue(sent.get(1).answers().contains(address("10.0.0.7")));
  }

  @Test
  public void linkThatComesLaterIsAskedAndTold() {
    responder.publish(List.of(publication()), nowNanos);
    after(1_000);
    responder.links(List.of(wireless), nowNanos);
    after(3_000);
    assertEquals(5, wireless.take().size());
  }

  @Test
  public void serverOfOneAddressIsToldOnlyWhereThatIs() {
    Publication local =
        new Publication(
            "default",
            TYPE,
            "ACME_4711",
            "ACME_4711",
            7414,
            List.of(),
            "",
            Optional.of(FakeLink.address("127.0.0.1")));
    FakeLink loopback = new FakeLink("lo IPv4", "127.0.0.1", "::1");
    responder.links(List.of(loopback, wired), nowNanos);
    responder.publish(List.of(local), nowNanos);
    after(3_000);
    query(PEER, TYPE, DnsRecord.TYPE_PTR);
    after(200);
    assertEquals(List.of(), wired.take());
    List<DnsRecord> told = loopback.take().get(3).answers();
    assertTrue(told.contains(address("127.0.0.1")));
    assertFalse(told.contains(address("::1")));
  }
}
