/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.SignalTraffic;
import org.junit.Test;

public class PathsTest {
  /** A server that knows where it listens and nothing else. */
  private record Listening(List<String> endpoints) implements ServerMonitor {
    @Override
    public String name() {
      return "default";
    }

    @Override
    public ServerStatus status() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ClientStatus> clients() {
      return List.of();
    }

    @Override
    public List<SignalTraffic> signals() {
      return List.of();
    }

    @Override
    public boolean disconnect(String name, String reason) {
      return false;
    }
  }

  @Test
  public void tellsThePathOfEachPortOfEachServerThatIsThereNow() {
    List<ServerMonitor> servers = new ArrayList<>();
    Paths paths = new Paths(servers);
    assertEquals("{}", new String(paths.body(), StandardCharsets.UTF_8));
    servers.add(new Listening(List.of("ws://127.0.0.1:7414/", "http://127.0.0.1:7438/")));
    servers.add(new Listening(List.of("ws://[::1]:7514/a/b", "http://[::1]:7538/a/b")));
    assertEquals(
        "{\"7414\":\"/\",\"7438\":\"/\",\"7514\":\"/a/b\",\"7538\":\"/a/b\"}",
        new String(paths.body(), StandardCharsets.UTF_8));
    assertTrue(paths.isReady());
    assertEquals("no-store", paths.headers().get("Cache-Control"));
  }
}
