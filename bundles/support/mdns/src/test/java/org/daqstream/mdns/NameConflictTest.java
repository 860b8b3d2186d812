/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Who else has the name, or claims it: it is given up, kept or fought for. */
public class NameConflictTest extends ResponderBench {
  private static List<String> names(List<DnsMessage> messages) {
    return messages.stream()
        .flatMap(message -> message.facts().stream())
        .filter(fact -> fact.data() instanceof DnsRecord.Location && fact.ttlSeconds() > 0)
        .map(fact -> fact.name().first())
        .distinct()
        .toList();
  }

  @Test
  public void nameThatIsLostLaterIsTakenBackWhereItsNewOwnerIsNot() {
    announced(publication());
    heard(wired, location(DnsName.of("other.local"), 80));
    after(10);
    heard(wired, location(DnsName.of("other.local"), 80));
    List<DnsRecord> gone =
        wireless.take().stream()
            .flatMap(message -> message.answers().stream())
            .filter(fact -> fact.ttlSeconds() == 0)
            .toList();
    assertTrue(gone.contains(new DnsRecord(TYPE, false, 0, new DnsRecord.Pointer(INSTANCE))));
    wired.take();
    after(3_000);
    assertEquals(List.of("ACME_4711-2"), names(wired.take()));
    wireless.take();
    responder.goodbye();
    assertEquals(
        "under its name of now",
        List.of(TYPE.prepend("ACME_4711-2")),
        wireless.take().stream()
            .flatMap(message -> message.answers().stream())
            .filter(fact -> fact.data() instanceof DnsRecord.Location)
            .map(DnsRecord::name)
            .toList());
  }

  @Test
  public void takenNameIsLeftToItsOwnerAndNumberedWithItsSerialNumber() {
    responder.links(List.of(wired, wireless), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    after(300);
    heard(wired, location(DnsName.of("other.local"), 7414));
    after(4_000);
    assertEquals(List.of("ACME_4711-2"), names(wired.take()));
    List<DnsMessage> sent = wireless.take();
    assertEquals("the same everywhere", List.of("ACME_4711-2"), names(sent));
    assertTrue(sent.toString().contains("serialNumber=4711-2"));
    assertFalse("not ours to take back", sent.toString().contains("ttlSeconds=0"));
  }

  @Test
  public void takenHostNameIsNumberedToo() {
    responder.links(List.of(wired), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    after(300);
    heard(wired, address("10.0.0.99"));
    after(4_000);
    assertEquals(List.of("ACME_4711-2"), names(wired.take()));
  }

  @Test
  public void anotherOneWithOurNameIsAskedAgainAndWinsWhenItAnswers() {
    announced(publication());
    heard(wired, location(DnsName.of("other.local"), 1));
    after(300);
    assertFalse(wired.take().get(0).response());
    heard(wired, location(DnsName.of("other.local"), 1));
    after(4_000);
    assertEquals(List.of("ACME_4711-2"), names(wired.take()));
  }

  @Test
  public void liarsCannotKeepUsFromAnswering() {
    announced(publication());
    int answered = 0;
    for (int second = 0; second < 60; second++) {
      heard(wired, location(DnsName.of("other.local"), second));
      after(1_000);
      wired.take();
      query(PEER, TYPE, DnsRecord.TYPE_PTR);
      after(1_100);
      answered += wired.take().stream().anyMatch(told -> told.answers().size() == 1) ? 1 : 0;
    }
    assertTrue("answered " + answered + " of 60", answered > 40);
  }

  @Test
  public void ourOwnPacketsAreNoConflict() {
    responder.links(List.of(wired, wireless), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    for (int round = 0; round < 400; round++) {
      after(10);
      // Both are plugged into one network, so each hears both.
      List<DnsMessage> sent = new ArrayList<>(wired.take());
      sent.addAll(wireless.take());
      for (DnsMessage message : sent) {
        responder.receive(wired, message, PEER, nowNanos);
        responder.receive(wireless, message, PEER, nowNanos);
      }
    }
    query(PEER, TYPE, DnsRecord.TYPE_PTR);
    after(200);
    assertEquals(List.of("ACME_4711"), names(wired.take()));
  }

  private int packetsInASecondAfterTheClaim(String address) {
    responder.links(List.of(wired), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    after(300);
    wired.take();
    responder.receive(
        wired,
        DnsMessage.query(
            List.of(new DnsMessage.Question(HOST, DnsRecord.TYPE_ANY, false)),
            List.of(),
            List.of(address(address))),
        PEER,
        nowNanos);
    after(990);
    return wired.take().size();
  }

  @Test
  public void lesserClaimWaitsForASecond() {
    assertEquals(0, packetsInASecondAfterTheClaim("10.0.0.2"));
  }

  @Test
  public void greaterClaimGoesOn() {
    assertTrue(packetsInASecondAfterTheClaim("10.0.0.0") >= 2);
  }

  @Test
  public void ofTwoThatAskAtTheSameTimeOneWins() {
    Responder other = new Responder(new Random(2));
    FakeLink otherLink = new FakeLink("eth0 IPv4", "10.0.0.2");
    responder.links(List.of(wired), nowNanos);
    other.links(List.of(otherLink), nowNanos);
    responder.publish(List.of(publication()), nowNanos);
    other.publish(List.of(publication()), nowNanos);
    List<DnsMessage> told = new ArrayList<>();
    for (int round = 0; round < 1_200; round++) {
      after(5);
      other.tick(nowNanos);
      for (DnsMessage message : wired.take()) {
        told.add(message);
        other.receive(otherLink, message, PEER, nowNanos);
      }
      for (DnsMessage message : otherLink.take()) {
        told.add(message);
        responder.receive(wired, message, PEER, nowNanos);
      }
    }
    List<DnsMessage> responses = told.stream().filter(DnsMessage::response).toList();
    assertEquals(List.of("ACME_4711", "ACME_4711-2"), names(responses).stream().sorted().toList());
  }
}
