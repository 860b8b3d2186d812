/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.AllTypes;
import org.junit.Test;

public class SignalAnnouncementTest {
  @Test
  public void nothingOfAnyDescriptionIsLost() throws Exception {
    for (SignalDescriptor each : AllTypes.signals()) {
      SignalAnnouncement told =
          new SignalAnnouncement(
              "hall-1",
              -5,
              3,
              List.of("b", "a"),
              AllTypes.DOMAIN,
              each,
              8,
              Map.of("dataType", each.dataType(), "list", List.of(1L, 2.5, true, "x")));
      assertEquals(told, SignalAnnouncement.read(told.bytes()));
    }
  }

  @Test
  public void whatIsNoDescriptionIsRefused() {
    for (String text :
        List.of("", "{", "[]", "7", "{}", "{\"format\":2}", "{\"format\":1,\"publisher\":\"x\"}")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThrows(text, IOException.class, () -> SignalAnnouncement.read(bytes));
    }
  }

  /** What a stranger, or another version, may put into the bucket. */
  @Test
  public void whatIsBentIsReadOrRefusedAndNothingElse() {
    Random random = new Random(7);
    List<String> values = List.of("null", "-1", "1e99", "\"\"", "[]", "{}", "true", "\"x\"", "9");
    for (SignalDescriptor each : AllTypes.signals()) {
      SignalAnnouncement told =
          new SignalAnnouncement(
              "p", 1, 1, List.of("a"), AllTypes.DOMAIN, each, 8, Map.of("dataType", "x"));
      String text = new String(told.bytes(), StandardCharsets.UTF_8);
      String[] parts = text.split("(?<=[:,\\[])");
      for (int i = 0; i < 200; i++) {
        String[] bent = parts.clone();
        int at = random.nextInt(bent.length);
        String tail = bent[at].replaceAll("^[^,\\]}]*", "");
        bent[at] = values.get(random.nextInt(values.size())) + tail;
        byte[] bytes = String.join("", bent).getBytes(StandardCharsets.UTF_8);
        try {
          assertNotNull(SignalAnnouncement.read(bytes));
        } catch (IOException e) {
          assertNotNull(e.getMessage());
        }
      }
    }
  }
}
