/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.wire.support.Wire;
import org.daqstream.stream.wire.support.WireOutbox;
import org.junit.Test;

/** The frames of the runtime are those of docs/streams-remote.md, byte by byte. */
public class RuntimeFramesTest {
  static List<String> golden(String frame) throws IOException {
    Path page = Path.of("../../../docs/streams-remote.md");
    return Pattern.compile("(?m)^" + frame + " +((?:[0-9a-f]{2} ?)+)$")
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult found) -> found.group(1).replace(" ", ""))
        .toList();
  }

  private static String hex(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void check(String name, ByteBuffer... frames) throws IOException {
    List<String> made = new ArrayList<>();
    for (ByteBuffer frame : frames) {
      made.add(hex(frame));
    }
    assertEquals(name, golden(name), made);
  }

  private static RuntimeFrames.Opened opened(
      int stream, StreamResult result, int port, String type, String reason) {
    boolean out = stream == 1;
    return new RuntimeFrames.Opened(
        stream, result, port, out ? 16384 : 0, out ? 1 << 20 : 0, out ? 64 << 20 : 0, type, reason);
  }

  @Test
  public void allFrames() throws IOException {
    check("WELCOME", RuntimeFrames.welcome(64 << 20, 64, 0, "daqstream"));
    check(
        "STREAMS",
        RuntimeFrames.streams(
            List.of(new RuntimeFrames.Listed(StreamDirection.OUT, true, "frames", "nng")), false));
    check(
        "OPENED",
        RuntimeFrames.opened(opened(1, StreamResult.OK, -1, "nng", "")),
        RuntimeFrames.opened(opened(2, StreamResult.OK, 5555, "posix", "")),
        RuntimeFrames.opened(opened(3, StreamResult.INVAL, -1, "", "no such stream")));
    check("PEER_UP", RuntimeFrames.peer(Wire.PEER_UP, 1, 7, "192.0.2.7:4711"));
    check("PEER_DOWN", RuntimeFrames.peer(Wire.PEER_DOWN, 2, 8, "closed"));
    check("TAKEN", RuntimeFrames.taken(1, 1, 5));
    check("LOST", RuntimeFrames.lost(1, StreamResult.TOOBIG, 1, 9, "too big"));
    check("ENDED", RuntimeFrames.ended(2, "its transport left"));
    check("CLOSED", RuntimeFrames.closed(1, new CloseResult(StreamResult.TIMEDOUT, 3, 1500)));
    check("STOP", RuntimeFrames.stop());
    check("PING", RuntimeFrames.ping(1));
    check("REFUSED", RuntimeFrames.refused(StreamResult.EXIST, "in use"));
  }

  @Test
  public void data() throws IOException {
    ByteBuffer hello = ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII));
    WireOutbox outbox = new WireOutbox();
    outbox.data(2, 8, hello);
    assertEquals(
        golden("DATA").get(0).length() / 2, outbox.waitingBytes()); // whose bytes WireTest compares
  }
}
