/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The Python package {@code websockets} at a server with TLS and a login. */
public class PythonClientIT {
  private static final long TIMEOUT_MS = 120_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @BeforeClass
  public static void install() throws Exception {
    SdkPython.installWebsockets();
  }

  @Test
  public void onlyWhoTrustsTheServerAndLogsInComesIn() throws Exception {
    Path home = folder.newFolder().toPath();
    Distribution.said(home, "tls:create");
    Path certificate = home.resolve("tls/server.crt");
    Distribution.configureServer(
        home,
        "login = needed\ntls.certificate = %s\ntls.key = %s\n"
                .formatted(certificate, home.resolve("tls/server.key"))
            + Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      URI address = Distribution.awaitListening(instance, 0).ws();
      String token = Distribution.said(home, "token:create", "--role", "reader").get(0);
      List<String> command =
          SdkPython.command("login.py", address.toString(), certificate.toString());
      Map<String, String> environment = Map.of("DAQSTREAM_TOKEN", token);
      try (RunningProcess client = RunningProcess.start(home, command, environment)) {
        int exit = client.awaitExit(TIMEOUT_MS);
        client.lines().forEach(System.out::println);
        assertEquals(0, exit);
      }
      assertEquals(List.of(), instance.lines(line -> line.contains(token)));
    }
  }
}
