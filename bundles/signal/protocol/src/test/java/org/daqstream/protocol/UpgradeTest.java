/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.Test;

/** The client's side of the upgrade (protocol section 1.2); key and answer of RFC 6455 1.3. */
public class UpgradeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPTED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String request(String url) {
    return new String(
        Upgrade.request(URI.create(url), KEY, "daqstream/0.1", ""), StandardCharsets.US_ASCII);
  }

  @Test
  public void headerNamesAreCapitalised() { // case 31
    assertEquals(
        "GET /some/path?x=1 HTTP/1.1\r\nHost: device:7414\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\nUser-Agent: daqstream/0.1\r\n\r\n",
        request("ws://device:7414/some/path?x=1"));
  }

  @Test
  public void emptyPathIsTheRootAndAnIpv6HostIsBracketed() {
    assertTrue(request("ws://[::1]").startsWith("GET / HTTP/1.1\r\nHost: [::1]\r\n"));
  }

  @Test
  public void contentLengthInTheAnswerIsOfNoInterest() throws Exception { // case 32
    ByteBuffer received =
        bytes(ACCEPTED + "Content-Length: 0\r\nServer: ws-streaming/3.0.2\r\n\r\n");
    assertTrue(Upgrade.isAccepted(received, KEY));
    assertFalse(received.hasRemaining());
  }

  @Test
  public void bytesBehindTheAnswerAreLeftForTheFrameParser() throws Exception { // case 33
    ByteBuffer received = bytes(ACCEPTED + "\r\n\u0082\u0003abc");
    assertTrue(Upgrade.isAccepted(received, KEY));
    assertEquals(bytes("\u0082\u0003abc"), received);
  }

  @Test
  public void answerInPiecesIsReadWhenItIsComplete() throws Exception {
    String all = ACCEPTED + "\r\n";
    for (int i = 0; i < all.length(); i++) {
      ByteBuffer received = bytes(all.substring(0, i));
      assertFalse(Upgrade.isAccepted(received, KEY));
      assertEquals(0, received.position());
    }
    assertTrue(Upgrade.isAccepted(bytes(all), KEY));
  }

  @Test
  public void headerNamesOfAnAnswerMayHaveAnyCase() throws Exception {
    assertTrue(
        Upgrade.isAccepted(
            bytes(
                "HTTP/1.1 101\r\nUPGRADE: WebSocket\r\nconnection:upgrade\r\n"
                    + "sec-websocket-accept:s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
            KEY));
  }

  private static String refusal(String answer) {
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> Upgrade.isAccepted(bytes(answer), KEY));
    assertEquals(ProtocolException.Kind.BAD_MESSAGE, refused.kind());
    return refused.getMessage();
  }

  @Test
  public void refusalNamesWhatIsWrong() {
    assertEquals(
        "the server does not upgrade: HTTP/1.1 503 Service Unavailable",
        refusal("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
    assertTrue(refusal("SSH-2.0-OpenSSH\r\n\r\n").contains("SSH-2.0"));
    assertTrue(refusal(ACCEPTED.replace("websocket", "h2c") + "\r\n").contains("'h2c'"));
    assertTrue(refusal(ACCEPTED.replace("s3p", "S3p") + "\r\n").contains("Sec-WebSocket-Accept"));
    assertTrue(
        refusal(ACCEPTED + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
            .contains("extension"));
  }

  @Test
  public void headWithoutEndIsRefused() throws Exception {
    String endless = "HTTP/1.1 101 x\r\n" + "a: b\r\n".repeat(Upgrade.HEAD_LIMIT_BYTES);
    assertFalse(Upgrade.isAccepted(bytes(endless.substring(0, 16_000)), KEY));
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> Upgrade.isAccepted(bytes(endless), KEY));
    assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
  }

  @Test
  public void anyBytesAreAcceptedOrRefusedOrIncomplete() {
    SplittableRandom random = new SplittableRandom(31);
    byte[] good = (ACCEPTED + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        Upgrade.isAccepted(ByteBuffer.wrap(bad), KEY);
      } catch (ProtocolException e) {
        assertFalse(e.getMessage().isEmpty());
      }
    }
  }

  @Test
  public void everyRequestHasAnotherKeyOf16Bytes() {
    SplittableRandom random = new SplittableRandom();
    String key = Upgrade.newKey(random);
    assertEquals(16, Base64.getDecoder().decode(key).length);
    assertFalse(key.equals(Upgrade.newKey(random)));
  }

  @Test
  public void whatWouldBreakTheRequestIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Upgrade.request(URI.create("ws:///x"), KEY, "daqstream", ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> Upgrade.request(URI.create("ws://a/"), KEY, "x\r\nHost: b", ""));
  }
}
