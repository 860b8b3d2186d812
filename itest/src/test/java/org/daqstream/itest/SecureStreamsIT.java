/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.OK;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.testing.Needs;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/**
 * The stream types beyond EVP, {@code posix-framed} and {@code posix-tls}, between two module
 * bundles and with peers that know nothing of us: a byte script, and OpenSSL with certificates that
 * it has made itself.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SecureStreamsIT extends StreamsBench {
  private static final int TIMEOUT_S = 20;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<Process> processes = new ArrayList<>();

  @After
  public void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  public void framedMessagesKeepTheirBorders() throws Exception {
    deploy("test", definition("posix-framed", Modules.posix(port), Modules.posix(port)));
    modules.connect("talker", "listener");
    for (String word : List.of("one", "two", "three")) {
      modules.tell("talker", "write " + word, OK);
    }
    for (String word : List.of("one", "two", "three")) {
      modules.tell("listener", "event", "data " + word);
    }
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      modules.tell("listener", "event", "up");
      peer.getOutputStream().write("\0\0\0\3raw\0\0\0\4peer\0\0\0\7cut".getBytes(US_ASCII));
      modules.tell("listener", "event", "data raw");
      modules.tell("listener", "event", "data peer");
    }
    modules.tell("listener", "event", "down");
    assertEquals(1, statistics("listener").lostMessages());
  }

  @Test
  public void modulesTalkOverTlsAndAreUpdated() throws Exception {
    deployTls();
    modules.connect("talker", "listener");
    modules.tell("talker", "write secret", OK);
    modules.tell("listener", "event", "data secret");
    modules.bundle("org.daqstream.transport.posix").update();
    modules.awaitEvent("talker", "ended its transport left");
    modules.awaitEvent("listener", "ended its transport left");
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
    modules.connect("talker", "listener");
    modules.tell("talker", "write again", OK);
    modules.tell("listener", "event", "data again");
  }

  @Test
  public void opensslWithACertificateIsHeardAndWithoutOneRefused() throws Exception {
    deployTls();
    modules.tell("listener", "in", OK);
    Process stranger = client();
    stranger.getOutputStream().close();
    await("refusal", () -> statistics("listener").rejected() == 1);
    Process known = client("-cert", file("client.crt"), "-key", file("client.key"));
    modules.tell("listener", "event", "up");
    try (OutputStream stdin = known.getOutputStream()) {
      stdin.write("from openssl".getBytes(US_ASCII));
    }
    modules.tell("listener", "event", "data from openssl");
    modules.tell("listener", "event", "down");
    assertEquals(1, statistics("listener").connects());
  }

  private Process client(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("s_client", "-quiet", "-no_ign_eof", "-verify_return_error"));
    arguments.addAll(List.of("-connect", "127.0.0.1:" + port, "-CAfile", file("ca.crt")));
    arguments.addAll(List.of(more));
    return openssl(folder.newFile().toPath(), arguments.toArray(String[]::new));
  }

  @Test
  public void opensslHearsUs() throws Exception {
    deployTls();
    Path received = folder.newFile().toPath();
    Process server =
        openssl(
            received,
            "s_server",
            "-quiet",
            "-accept",
            "127.0.0.1:" + port,
            "-naccept",
            "1",
            "-cert",
            file("server.crt"),
            "-key",
            file("server.key"),
            "-Verify",
            "1",
            "-verify_return_error",
            "-CAfile",
            file("ca.crt"));
    modules.tell("talker", "out", OK);
    modules.tell("talker", "event", "up");
    modules.tell("talker", "write to openssl", OK);
    modules.tell("talker", "close 10000", OK);
    assertTrue("server ends", server.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
    assertEquals("to openssl", Files.readString(received));
  }

  private void deployTls() throws Exception {
    certificate("ca");
    certificate("server", "-CA", file("ca.crt"), "-CAkey", file("ca.key"));
    certificate("client", "-CA", file("ca.crt"), "-CAkey", file("ca.key"));
    deploy(
        "test",
        definition(
            "posix-tls", tls("client", ""), tls("server", ",\"requireClientCertificate\":true")));
  }

  /** Self-signed unless there is a -CA. */
  private void certificate(String name, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2"));
    arguments.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
    arguments.addAll(List.of("-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1"));
    arguments.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".crt")));
    arguments.addAll(List.of(more));
    Path log = folder.newFile().toPath();
    Process process = openssl(log, arguments.toArray(String[]::new));
    assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
    assertEquals(Files.readString(log), 0, process.exitValue());
  }

  private String tls(String name, String more) {
    String files =
        ",\"certificateFile\":\"%s\",\"privateKeyFile\":\"%s\",\"trustFile\":\"%s\"%s}"
            .formatted(file(name + ".crt"), file(name + ".key"), file("ca.crt"), more);
    return Modules.posix(port).replace("}", files);
  }

  private String file(String name) {
    return folder.getRoot().toPath().resolve(name).toString();
  }

  private Process openssl(Path output, String... arguments) throws Exception {
    Needs.program("openssl", "openssl");
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.newFile())
            .start();
    processes.add(process);
    return process;
  }
}
