/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.wire.support.Wire;
import org.junit.Test;

/** The frames of a module are those of docs/streams-remote.md, byte by byte. */
public class ModuleFramesTest {
  private static void check(String name, ByteBuffer... frames) throws IOException {
    List<String> made = new ArrayList<>();
    for (ByteBuffer frame : frames) {
      byte[] bytes = new byte[frame.remaining()];
      frame.get(bytes);
      made.add(HexFormat.ofDelimiter(" ").formatHex(bytes));
    }
    List<String> golden =
        Pattern.compile("(?m)^" + name + " +((?:[0-9a-f]{2} ?)+)$")
            .matcher(Files.readString(Path.of("../../../docs/streams-remote.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertEquals(name, golden, made);
  }

  @Test
  public void allFrames() throws IOException {
    check("HELLO", ModuleFrames.hello(4711, 1024, 1 << 20, "camera", "", "java 0.1"));
    check(
        "OPEN",
        ModuleFrames.open(1, StreamDirection.OUT, true, "frames"),
        ModuleFrames.open(2, StreamDirection.IN, false, "orders"));
    check("CREDIT", ModuleFrames.credit(1, 5));
    check("CLOSE", ModuleFrames.close(1, 5000), ModuleFrames.close(2, Wire.DEFAULT_FLUSH));
    check("PONG", ModuleFrames.pong(1));
  }
}
