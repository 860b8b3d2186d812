/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.internal.JsonText;
import org.daqstream.protocol.internal.MessagePackTree;
import org.junit.Test;

public class MetadataCodecTest {
  /** {"method":"x","params":…}, to be completed. */
  private static final String X_PARAMS = "02 00 00 00 82 a6 6d6574686f64 a1 78 a6 706172616d73";

  private static Metadata decode(String payloadHex) throws ProtocolException {
    return MetadataCodec.decode(Bytes.buffer(payloadHex), Limits.DEFAULT);
  }

  private static JsonNode params(String valueHex) throws ProtocolException {
    return decode(X_PARAMS + valueHex).params();
  }

  private static void assertRefused(Kind kind, String payloadHex) {
    ProtocolException e = assertThrows(ProtocolException.class, () -> decode(payloadHex));
    assertEquals(e.getMessage(), kind, e.kind());
  }

  private static ByteBuffer json(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MetadataCodec.JSON)
        .put(bytes)
        .flip();
  }

  @Test
  public void apiVersionIsTheWorkedPacket() {
    // Protocol section 1.4.
    assertEquals(
        Bytes.plain(
            "00 00 d0 22  02 00 00 00  82 a6 6d65 7468 6f64 aa 61 70 69 56 65 72 73 69 6f 6e"
                + "a6 70 61 72 61 6d 73 81 a7 76 65 72 73 69 6f 6e a5 31 2e 32 2e 30"),
        Bytes.hex(MetadataCodec.packet(0, ApiVersion.V1_2_0.toMetadata())));
  }

  @Test
  public void keysAreSortedAndNumbersTakeTheirSmallestForm() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("z", 200L).put("b", -10.0).put("a", 0.1).put("c", -1).putNull("d");
    assertEquals(
        Bytes.plain(
            "01 00 20 23"
                + X_PARAMS
                + "85 a1 61 cb 3f b9 99 99 99 99 99 9a  a1 62 ca c1 20 00 00  a1 63 ff"
                + "a1 64 c0  a1 7a cc c8"),
        Bytes.hex(MetadataCodec.packet(1, new Metadata("x", params))));
  }

  @Test
  public void absentParametersAreLeftOut() throws ProtocolException {
    byte[] packet = MetadataCodec.packet(7, new Metadata("x", null));
    assertEquals(
        Bytes.plain("07 00 e0 20 02 00 00 00 81 a6 6d6574686f64 a1 78"), Bytes.hex(packet));
    assertTrue(Bytes.message(Bytes.hex(packet)).params().isMissingNode());
  }

  @Test
  public void jsonIsDecodedAndOtherEncodingsAreTold() throws ProtocolException { // case 42
    Metadata message =
        MetadataCodec.decode(
            json("{\"method\":\"available\",\"params\":{\"signalIds\":[\"/V\"]}}"), Limits.DEFAULT);
    assertEquals("available", message.method());
    assertEquals("/V", message.params().path("signalIds").path(0).textValue());
    assertRefused(Kind.UNKNOWN_ENCODING, "09 00 00 00 80");
  }

  @Test
  public void malformedDocumentsAreRefused() throws ProtocolException { // case 43
    assertRefused(Kind.MALFORMED, "");
    assertRefused(Kind.MALFORMED, "02 00 00");
    assertRefused(Kind.MALFORMED, "02 00 00 00");
    assertRefused(Kind.MALFORMED, "02 00 00 00 82 a6 6d6574686f64 a1");
    assertRefused(Kind.BAD_MESSAGE, "02 00 00 00 91 01");
    assertRefused(Kind.BAD_MESSAGE, "02 00 00 00 a1 78");
    assertRefused(Kind.BAD_MESSAGE, "02 00 00 00 80");
    assertRefused(Kind.BAD_MESSAGE, "02 00 00 00 81 a6 6d6574686f64 05");
    assertRefused(Kind.MALFORMED, "02 00 00 00 81 05 05");
    assertRefused(Kind.MALFORMED, X_PARAMS + "c1");
    assertRefused(Kind.MALFORMED, X_PARAMS + "d4 01 00");
    assertRefused(Kind.MALFORMED, X_PARAMS + "01 01");
    assertTrue(decode("02 00 00 00 81 a6 6d6574686f64 a1 78").params().isMissingNode());
  }

  @Test
  public void malformedJsonIsRefused() { // case 43
    for (String text : new String[] {"", "{", "{}{}", "nul", "{\"method\":\"x\",}", "\u0000"}) {
      ProtocolException e =
          assertThrows(
              text,
              ProtocolException.class,
              () -> MetadataCodec.decode(json(text), Limits.DEFAULT));
      assertEquals(text, Kind.MALFORMED, e.kind());
    }
    for (String text : new String[] {"[]", "1", "{}", "{\"method\":1}", "null"}) {
      ProtocolException e =
          assertThrows(
              text,
              ProtocolException.class,
              () -> MetadataCodec.decode(json(text), Limits.DEFAULT));
      assertEquals(text, Kind.BAD_MESSAGE, e.kind());
    }
  }

  @Test
  public void everyWidthOfNumbersStringsAndMapsIsUnderstood() throws ProtocolException { // case 44
    assertEquals(5, params("cf 00 00 00 00 00 00 00 05").longValue());
    assertEquals(5, params("ce 00 00 00 05").longValue());
    assertEquals(5, params("cd 00 05").longValue());
    assertEquals(5, params("d3 00 00 00 00 00 00 00 05").longValue());
    assertEquals(-5, params("d0 fb").longValue());
    assertEquals(-5, params("d1 ff fb").longValue());
    assertEquals(-5, params("d2 ff ff ff fb").longValue());
    assertEquals(1L << 40, params("cf 00 00 01 00 00 00 00 00").longValue());
    assertEquals(
        BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE),
        params("cf ff ff ff ff ff ff ff ff").bigIntegerValue());
    assertEquals(-10.0, params("ca c1 20 00 00").doubleValue(), 0);
    assertEquals(0.1, params("cb 3f b9 99 99 99 99 99 9a").doubleValue(), 0);
    assertTrue(params("c0").isNull());
    assertTrue(params("c3").booleanValue());
    assertEquals("x", params("d9 01 78").textValue());
    assertEquals("x", params("da 00 01 78").textValue());
    assertEquals("x", params("db 00 00 00 01 78").textValue());
    assertEquals(1, params("de 00 01 a1 78 01").path("x").intValue());
    assertEquals(1, params("df 00 00 00 01 a1 78 01").path("x").intValue());
    assertEquals(1, params("dc 00 01 01").path(0).intValue());
    assertEquals(1, params("dd 00 00 00 01 01").path(0).intValue());
    assertEquals(2, size(params("c4 02 aa bb")));
  }

  private static int size(JsonNode binary) {
    try {
      return binary.binaryValue().length;
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  public void deepNestingIsRefused() { // case 45
    assertRefused(Kind.LIMIT, X_PARAMS + "91".repeat(10_000) + "01");
    assertRefused(Kind.LIMIT, X_PARAMS + "81 a1 78".repeat(10_000) + "01");
    ProtocolException e =
        assertThrows(
            ProtocolException.class,
            () ->
                MetadataCodec.decode(
                    json("[".repeat(10_000) + "]".repeat(10_000)), Limits.DEFAULT));
    assertEquals(Kind.LIMIT, e.kind());
  }

  @Test
  public void nestingUpToTheLimitIsAccepted() throws ProtocolException { // case 45
    // The root is the first level.
    int inner = Limits.DEFAULT.depth() - 1;
    assertTrue(params("91".repeat(inner) + "01").isArray());
    assertRefused(Kind.LIMIT, X_PARAMS + "91".repeat(inner + 1) + "01");
  }

  @Test
  public void declaredCountsAreNotBelieved() { // case 45
    assertRefused(Kind.MALFORMED, X_PARAMS + "dd 7f ff ff ff 01");
    assertRefused(Kind.MALFORMED, X_PARAMS + "dd ff ff ff ff 01");
    assertRefused(Kind.MALFORMED, X_PARAMS + "df 7f ff ff ff a1 78 01");
    assertRefused(Kind.LIMIT, X_PARAMS + "db 7f ff ff ff 01");
    assertRefused(Kind.MALFORMED, X_PARAMS + "db 00 00 10 00 01");
    assertRefused(Kind.LIMIT, X_PARAMS + "c6 7f ff ff ff 01");
    assertRefused(Kind.MALFORMED, X_PARAMS + "db ff ff ff ff 01");
  }

  @Test
  public void totalsAreLimited() { // case 45
    Limits tight = new Limits(1000, 1000, 8, 10, 20);
    for (String value :
        new String[] {"9b" + "01".repeat(11), "b5" + "78".repeat(21), "c4 15" + "00".repeat(21)}) {
      ProtocolException e =
          assertThrows(
              value,
              ProtocolException.class,
              () -> MetadataCodec.decode(Bytes.buffer(X_PARAMS + value), tight));
      assertEquals(Kind.LIMIT, e.kind());
    }
    for (String text :
        new String[] {
          "[" + "1,".repeat(40) + "1]", "\"" + "x".repeat(21) + "\"", " ".repeat(1000) + "{}"
        }) {
      ProtocolException e =
          assertThrows(
              text, ProtocolException.class, () -> MetadataCodec.decode(json(text), tight));
      assertEquals(Kind.LIMIT, e.kind());
    }
  }

  @Test
  public void whateverJsonCanSayHasAForm() throws ProtocolException {
    JsonNode said =
        JsonText.read(
            ("[18446744073709551616,-9223372036854775809,"
                    + "9".repeat(99)
                    + ",1e999,-1e999,1e-999,0.1234567890123456789012345678901234567890,"
                    + "\"\\ud800\",\"\\udc00x\"]")
                .getBytes(StandardCharsets.UTF_8),
            Limits.DEFAULT);
    JsonNode told = MessagePackTree.read(MessagePackTree.write(said), Limits.DEFAULT);
    assertEquals(0x1p64, told.path(0).doubleValue(), 0);
    assertEquals(-0x1p63, told.path(1).doubleValue(), 0);
    assertEquals(1e99, told.path(2).doubleValue(), 1e84);
    for (int i = 3; i < 7; i++) {
      assertEquals(said.path(i).doubleValue(), told.path(i).doubleValue(), 0);
    }
    assertEquals("?", told.path(7).textValue());
    assertEquals("?x", told.path(8).textValue());
  }

  @Test
  public void unknownMethodsAreDecodedForTheCallerToIgnore() throws ProtocolException { // case 46
    assertEquals("x", decode(X_PARAMS + "80").method());
  }

  @Test
  public void payloadIsLeftAsItWas() throws ProtocolException {
    ByteBuffer payload = Bytes.buffer(X_PARAMS + "01").order(ByteOrder.BIG_ENDIAN);
    MetadataCodec.decode(payload, Limits.DEFAULT);
    assertEquals(0, payload.position());
    assertEquals(ByteOrder.BIG_ENDIAN, payload.order());
  }

  @Test
  public void messagesOfExceptionsAreShortAndOneLine() {
    String forged = "x".repeat(40) + "\nERROR forged";
    ProtocolException e = new ProtocolException(Kind.BAD_MESSAGE, forged.repeat(1000), null);
    assertTrue(e.getMessage().length() <= 501);
    assertTrue(e.getMessage(), e.getMessage().startsWith("x".repeat(40) + "\ufffdERROR forged"));
  }
}
