/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.Test;

/** The messages of how a client wants to be served (protocol section 2.9). */
public class DeliveryTest {
  private static final ObjectMapper MAPPER = new JsonMapper();

  private static String hex(Metadata message) {
    return HexFormat.of().formatHex(MetadataCodec.packet(0, message));
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  @Test
  public void messagesHaveTheirBytes() {
    assertEquals(
        "00004024"
            + "02000000"
            + "82"
            + "a66d6574686f64"
            + "a864656c6976657279"
            + "a6706172616d73"
            + "83"
            + "aa61686561644279746573"
            + "cd1000"
            + "a56c61674d73"
            + "cd07d0"
            + "ac6d6573736167654279746573"
            + "cdffff",
        hex(new Delivery(65_535, 4_096, 2_000).toMetadata()));
    assertEquals(
        "00008022"
            + "02000000"
            + "82"
            + "a66d6574686f64"
            + "a46d61726b"
            + "a6706172616d73"
            + "82"
            + "a56c61674d73"
            + "07"
            + "a66e756d626572"
            + "03",
        hex(new Mark(3, 7).toMetadata()));
    assertEquals(
        "00004022"
            + "02000000"
            + "82"
            + "a66d6574686f64"
            + "a772656163686564"
            + "a6706172616d73"
            + "81"
            + "a66e756d626572"
            + "03",
        hex(new Reached(3).toMetadata()));
  }

  @Test
  public void whatIsReadIsWhatWasWritten() throws Exception {
    Delivery delivery = new Delivery(1, 1 << 30, 3);
    assertEquals(delivery, Delivery.parse(read(delivery.toMetadata())));
    for (int number : new int[] {0, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
      assertEquals(new Mark(number, 5), Mark.parse(read(new Mark(number, 5).toMetadata())));
      assertEquals(number, Reached.parse(read(new Reached(number).toMetadata())).number());
    }
    assertEquals(
        "as the others write it", -1, Reached.parse(json("{'number': 4294967295}")).number());
  }

  private static JsonNode read(Metadata message) throws Exception {
    ByteBuffer packet =
        ByteBuffer.wrap(MetadataCodec.packet(0, message)).order(ByteOrder.LITTLE_ENDIAN);
    return MetadataCodec.decode(packet.position(PacketHeader.SHORT_BYTES), Limits.DEFAULT).params();
  }

  @Test
  public void nonsenseIsAsIfNothingWasSaid() throws Exception {
    for (String nonsense : new String[] {"7", "[]", "null", "'x'", "{}"}) {
      assertEquals(new Delivery(0, 0, 0), Delivery.parse(json(nonsense)));
      assertEquals(new Mark(0, 0), Mark.parse(json(nonsense)));
      assertEquals(0, Reached.parse(json(nonsense)).number());
    }
    assertEquals(
        new Delivery(0, 0, 0),
        Delivery.parse(json("{'messageBytes': -5, 'aheadBytes': [1], 'lagMs': {}}")));
  }

  @Test
  public void aServerSaysThatItKnowsThem() throws Exception {
    Supported supported = Supported.signals(100).delivery(65_535);
    assertEquals(supported, Supported.parse(supported.toNode()));
    assertEquals(0, Supported.parse(json("{'delivery': true}")).deliveryMessageBytes());
    assertEquals(
        0, Supported.parse(json("{'delivery': {'messageBytes': -1}}")).deliveryMessageBytes());
    assertEquals("{}", Supported.NOTHING.toNode().toString());
  }
}
