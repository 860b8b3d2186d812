/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A module in WebAssembly in the deploy folder, with peers at real sockets. */
public class WasmModuleIT {
  private static final long TIMEOUT_MS = 60_000;
  private static final Path CODE =
      Repository.ROOT.resolve(
          "bundles/stream/module-wasm/src/test/resources/org/daqstream/module/wasm/internal");

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Path home;

  @Before
  public void createFolder() throws Exception {
    home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.createDirectories(home.resolve("etc/streams"));
  }

  private void deploy(String code, String instance) throws Exception {
    Path part = home.resolve(instance + ".part");
    Files.copy(CODE.resolve(code + ".wasm"), part);
    Path file = home.resolve("deploy").resolve(instance + ".wasm");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private JsonNode module(String instance) throws Exception {
    String text = String.join("\n", Distribution.said(home, "module:list", instance, "--json"));
    JsonNode all = new ObjectMapper().readTree(text);
    return all.path(0);
  }

  @Test
  public void newCodeTakesOverUnderConnectedPeers() throws Exception {
    int in = Modules.freePort();
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          home.resolve("etc/streams/echo.json"),
          Modules.manifest(
              "\"echo\": {\"streams\": {\"in\": {\"type\": \"posix\", \"direction\": \"in\","
                  + " \"parameters\": "
                  + Modules.posix(in)
                  + "}, \"out\": {\"type\": \"posix\", \"direction\": \"out\", \"parameters\": "
                  + Modules.posix(listening.getLocalPort())
                  + "}}}"));
      try (RunningProcess instance = Distribution.start(home)) {
        Distribution.awaitListening(instance, 0);
        deploy("echo", "echo");
        await("the module", () -> module("echo").path("state").asText().equals("running"));
        try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), in);
            Socket receiver = listening.accept()) {
          assertAnswers(sender, receiver, "xyz", "Ayz");
          deploy("hostile", "hostile"); // has no manifest, and opens nothing
          deploy("echo-b", "echo");
          await("the update", () -> module("echo").path("updates").asInt() == 1);
          assertEquals("stop", read(receiver.getInputStream(), 4));
          assertAnswers(sender, receiver, "xyz", "Byz");
          Files.delete(home.resolve("deploy/echo.wasm"));
          assertEquals("stop", read(receiver.getInputStream(), 4));
          assertEquals("end", -1, receiver.getInputStream().read());
          assertEquals("end", -1, sender.getInputStream().read());
        }
        await("the end", () -> module("echo").isMissingNode());
        assertEquals("wasm", module("hostile").path("kind").asText());
        instance.awaitLine(0, line -> line.contains("echo: has new code"), TIMEOUT_MS);
      }
    }
  }

  private static void assertAnswers(Socket sender, Socket receiver, String sent, String answer)
      throws Exception {
    sender.getOutputStream().write(sent.getBytes(US_ASCII));
    assertEquals(answer, read(receiver.getInputStream(), answer.length()));
  }

  private static String read(InputStream from, int bytes) throws Exception {
    return new String(from.readNBytes(bytes), US_ASCII);
  }

  @Test
  public void aDataTypeIsThereForSignals() throws Exception {
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.awaitListening(instance, 0);
      deploy("tenths", "tenths");
      await("the type", () -> writers().contains("org.daqstream.module.wasm"));
      assertTrue(writers(), writers().contains("tenths"));
      Files.delete(home.resolve("deploy/tenths.wasm"));
      await("the end", () -> !writers().contains("tenths"));
    }
  }

  private String writers() throws Exception {
    return String.join("\n", Distribution.said(home, "signal:writers"));
  }
}
