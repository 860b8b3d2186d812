/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.remote.client.RemoteStreams;

/** A process that writes numbers until somebody kills it. */
public final class WritingModule {
  private WritingModule() {}

  /** With the socket. */
  public static void main(String[] arguments) throws Exception {
    try (StreamClient client = RemoteStreams.at(Path.of(arguments[0])).connect("camera")) {
      int out = client.openOutput("out");
      int next = 0;
      while (client.processEvent(0) != StreamResult.SHOULDEXIT) {
        byte[] message = (next + ",").getBytes(StandardCharsets.US_ASCII);
        if (client.write(out, message) == StreamResult.OK) {
          next++;
        }
      }
    }
  }
}
