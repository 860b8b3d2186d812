/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.daqstream.testing.Needs;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** The commands for streams in a real Gogo, on real streams. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StreamShellIT extends ShellBench {
  @Test
  public void aBadManifestLeavesTheRunningOne() throws Exception {
    String posix = Modules.posix(Modules.freePort());
    String good =
        Modules.manifest(
            Modules.instance("talker", "data", "posix", "out", posix),
            Modules.instance("listener", "data", "posix", "in", posix));
    assertEquals(
        "deployed shell:it: listener, talker\n",
        run("stream:deploy --name it --text '" + good.replace("\n", "") + "'"));
    try (GogoSession tailing = new GogoSession(processor)) {
      Future<?> tail =
          background.submit(
              () -> {
                tailing.execute("stream:tail listener data -n 2");
                return null;
              });
      await(
          "listener",
          () -> json("stream:list listener").get(0).path("state").asText().equals("open"));
      assertEquals("sent 5 B over posix\n", run("stream:send talker data hello"));
      await("first message", () -> tailing.out().contains("hello"));
      String bad = good.replace("\n", "").replace("\"out\"", "\"up\"");
      assertEquals(
          "manifest 'shell:it' refused, nothing is changed: instance 'talker', stream 'data', key"
              + " 'direction', value \"up\": must be in or out",
          refused("stream:deploy --name it --text '" + bad + "'"));
      assertEquals("sent 2 B over posix\n", run("stream:send talker data --hex ff01"));
      tail.get(TIMEOUT_S, TimeUnit.SECONDS);
      assertTrue(tailing.out(), tailing.out().contains("  5 B  hello\n"));
      assertTrue(tailing.out(), tailing.out().endsWith("  2 B  0xff01\n"));
      assertTrue(tailing.err(), tailing.err().startsWith("listening on port "));
    }
    assertEquals(
        "[{\"source\":\"shell:it\",\"instances\":[\"listener\",\"talker\"]}]",
        json("stream:manifests").toString());
    assertEquals("undeployed shell:it: listener, talker\n", run("stream:undeploy it"));
    assertEquals("[]", json("stream:list").toString());
  }

  @Test
  public void aMessageReachesAPeerThatWeDidNotWrite() throws Exception {
    Needs.program("nngcat", "nng-utils");
    int port = Modules.freePort();
    File received = File.createTempFile("nngcat", ".txt");
    Process nngcat =
        new ProcessBuilder(
                "nngcat", "--pull", "--listen", "tcp://127.0.0.1:" + port, "-Q", "--count", "1")
            .redirectErrorStream(true)
            .redirectOutput(received)
            .start();
    try {
      String manifest =
          Modules.manifest(
              Modules.instance("talker", "data", "nng", "out", Modules.nng("dial", "push", port)));
      run("stream:deploy --text '" + manifest.replace("\n", "") + "'");
      await("nngcat", () -> accepts(port));
      assertEquals("sent 11 B over nng\n", run("stream:send talker data 'hello world'"));
      assertTrue(nngcat.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
      assertEquals("\"hello world\"\n", Files.readString(received.toPath()));
      String failure = refused("stream:send talker data 'nobody there'");
      assertTrue(failure, failure.endsWith("Connection refused"));
    } finally {
      nngcat.destroyForcibly();
      run("stream:undeploy text");
      Files.delete(received.toPath());
    }
    List<String> types = stream(json("stream:types")).map(r -> r.path("type").asText()).toList();
    assertTrue(types.toString(), types.containsAll(List.of("nng", "null", "posix", "posix-tls")));
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  public void whatReachesNobodyIsAnErrorWithItsCause() throws Exception {
    String manifest =
        Modules.manifest(
            Modules.instance("talker", "data", "posix", "out", Modules.posix(Modules.freePort())));
    run("stream:deploy --text '" + manifest.replace("\n", "") + "'");
    try {
      String failure = refused("stream:send talker data --seconds 0.5 'nobody there'");
      assertTrue(failure, failure.startsWith("not sent within 0.5 s: "));
      assertTrue(failure, failure.contains("Connection refused"));
      assertEquals("closed", json("stream:list").get(0).path("state").asText());
    } finally {
      run("stream:undeploy text");
    }
  }
}
