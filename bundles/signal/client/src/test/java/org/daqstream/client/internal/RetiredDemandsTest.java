/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.protocol.Limits;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** What nobody wants any more is forgotten: a device may invent ids for ever. */
public class RetiredDemandsTest {
  private static final int MANY = 1_000;

  private final AtomicInteger ended = new AtomicInteger();
  private final ClientEngine engine =
      new ClientEngine(
          new ClientSettings(
              DeviceAddress.parse("127.0.0.1:1"),
              "daqstream/test",
              Limits.DEFAULT,
              null,
              1_000,
              1_000,
              1_000,
              1_000,
              1_000,
              1 << 16,
              1_000,
              1 << 16,
              null),
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
}
