/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.Needs;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Against OpenSSL's command line. */
public class PosixTlsOpensslTest extends TlsBench {

  private static final String[] VERSIONS = {"-tls1_2", "-tls1_3"};

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<Process> processes = new ArrayList<>();

  @After
  public void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process openssl(File output, String... arguments) throws IOException {
    Needs.program("openssl", "openssl");
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectOutput(output).redirectError(folder.newFile()).start();
    processes.add(process);
    return process;
  }

  private static byte[] lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("line ").append(i).append('\n');
    }
    return Posix.text(lines.toString()).array();
  }

  @Test
  public void itsClientIsUnderstood() throws Exception {
    listenForClients();
    byte[] sent = lines(20_000);
    for (String version : VERSIONS) {
      int before = sink.down().size();
      Process client =
          openssl(
              folder.newFile(),
              "s_client",
              "-quiet",
              "-no_ign_eof",
              version,
              "-connect",
              "127.0.0.1:" + input.boundPort(),
              "-verify_return_error",
              "-CAfile",
              CERTIFICATES.file("ca.crt"),
              "-cert",
              CERTIFICATES.file("client.crt"),
              "-key",
              CERTIFICATES.file("client.key"));
      try (OutputStream stdin = client.getOutputStream()) {
        stdin.write(sent);
      }
      Await.until("peer down", () -> sink.down().size() == before + 1);
      assertEquals("closed by peer", sink.down().get(before));
      assertArrayEquals(sent, sink.bytes(sink.up().get(before)));
    }
  }

  @Test
  public void itsServerUnderstandsUs() throws Exception {
    byte[] sent = lines(20_000);
    for (String version : VERSIONS) {
      int port = Posix.freePort();
      File received = folder.newFile();
      Process server =
          openssl(
              received,
              "s_server",
              "-quiet",
              version,
              "-accept",
              "127.0.0.1:" + port,
              "-naccept",
              "1",
              "-cert",
              CERTIFICATES.file("server.crt"),
              "-key",
              CERTIFICATES.file("server.key"),
              "-Verify",
              "1",
              "-verify_return_error",
              "-CAfile",
              CERTIFICATES.file("ca.crt"));
      TransportOutput output =
          dial(
              "127.0.0.1",
              port,
              "certificateFile",
              CERTIFICATES.file("client.crt"),
              "privateKeyFile",
              CERTIFICATES.file("client.key"));
      output.offer(ByteBuffer.wrap(sent));
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(FLUSH_MS));
      assertTrue("server ends", server.waitFor(20, TimeUnit.SECONDS));
      assertArrayEquals(sent, Files.readAllBytes(received.toPath()));
    }
  }
}
