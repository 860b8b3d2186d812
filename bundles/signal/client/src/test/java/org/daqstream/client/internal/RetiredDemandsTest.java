/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.TokenSource;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** What nobody wants any more is forgotten: a device may invent ids for ever. */
public class RetiredDemandsTest {
  private static final int MANY = 1_000;

  private static final int ROUNDS = 10;

  private final AtomicInteger ended = new AtomicInteger();
  private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
  private final Set<String> unsubscribed = ConcurrentHashMap.newKeySet();
  private final ClientEngine engine =
      new ClientEngine(
          new ClientSettings(
              DeviceAddress.parse("127.0.0.1:1"),
              "daqstream/test",
              null,
              1_000,
              1_000,
              1_000,
              1_000,
              1_000,
              1 << 16,
              1_000,
              1 << 16,
              null,
              TokenSource.NONE),
          new ConnectionListener() {});

  @After
  public void close() {
    engine.close();
  }

  private Feed feed() {
    return new Feed(
        new SampleListener() {
          @Override
          public void block(SampleBlock block) {}

          @Override
          public void ended(String why) {
            ended.incrementAndGet();
          }
        },
        null,
        fault -> {});
  }

  @Test
  public void demandsWithoutFeedsGo() {
    for (int i = 0; i < MANY; i++) {
      Feed feed = feed();
      engine.unsubscribe(engine.subscribe("s" + i, "", feed), feed, "enough");
    }
    Await.until("no demand is left", () -> engine.demands() == 0);
    assertEquals(MANY, ended.get());
  }

  @Test
  public void whoComesWhileOneGoesIsServedByTheNext() {
    for (int i = 0; i < MANY; i++) {
      Feed feed = feed();
      Demand demand = engine.subscribe("s", "", feed);
      engine.unsubscribe(demand, feed, "enough");
    }
    Feed last = feed();
    Demand demand = engine.subscribe("s", "", last);
    assertEquals(MANY, ended.get());
    Await.until("one demand is left", () -> engine.demands() == 1);
    engine.unsubscribe(demand, last, "enough");
    Await.until("no demand is left", () -> engine.demands() == 0);
  }

  /** Answers when it is asked to subscribe, but not when it is asked to end it. */
  private final class Device implements Sender {
    private final boolean acknowledges;

    Device(boolean acknowledges) {
      this.acknowledges = acknowledges;
    }

    @Override
    public boolean send(Metadata message) {
      try {
        CommandRequest request = CommandRequest.parse(message.params());
        List<String> ids = request.signalIds();
        if (request.target("s"::equals).command().equals(CommandRequest.UNSUBSCRIBE)) {
          unsubscribed.addAll(ids);
          return true;
        }
        subscribed.addAll(ids);
        if (acknowledges) {
          ids.forEach(engine::subscribed);
        }
        engine.answered(
            request.isSingle()
                ? CommandResponse.succeeded(request.id())
                : CommandResponse.results(request.id(), Collections.nCopies(ids.size(), true)));
        return true;
      } catch (ProtocolException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean mayPost() {
      return false;
    }
  }

  private void greet(boolean acknowledges) {
    engine.attach(new Device(acknowledges));
    engine.greeted(
        ApiVersion.V1_2_0,
        new Init("s", new CommandInterfaces(List.of(CommandInterface.inBand()))));
  }

  /** Until the device is asked for all. */
  private void wantForAMoment(List<String> ids) {
    List<Feed> feeds = new ArrayList<>();
    List<Demand> demands = new ArrayList<>();
    for (String each : ids) {
      Feed feed = feed();
      feeds.add(feed);
      demands.add(engine.subscribe(each, "", feed));
    }
    Await.until("it is asked for all", () -> subscribed.containsAll(ids));
    for (int i = 0; i < feeds.size(); i++) {
      engine.unsubscribe(demands.get(i), feeds.get(i), "enough");
    }
  }

  @Test
  public void signalsThatGoBeforeTheDeviceAnswersAreForgotten() {
    greet(true);
    for (int round = 0; round < ROUNDS; round++) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        ids.add("s" + round + "/" + i);
      }
      engine.available(ids);
      wantForAMoment(ids);
      Await.until("it is asked to end them", () -> unsubscribed.size() == MANY);
      unsubscribed.clear();
      engine.unavailable(ids);
    }
    Await.until("no demand is left", () -> engine.demands() == 0);
  }

  @Test
  public void signalsThatAreNeverAcknowledgedAreForgotten() {
    greet(false);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < ROUNDS * MANY; i++) {
      ids.add("s" + i);
    }
    wantForAMoment(ids);
    Await.until("it is asked to end them", () -> unsubscribed.containsAll(ids));
    Await.until("no demand is left", () -> engine.demands() == 0);
  }
}
