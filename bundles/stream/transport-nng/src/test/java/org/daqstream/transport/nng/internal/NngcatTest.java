/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Against the C library, by its program nngcat: case 91 and what goes with it. */
public class NngcatTest extends NngcatBench {
  private void push(String url, String... arguments) throws Exception {
    File output = folder.newFile();
    List<String> all = new ArrayList<>(List.of("--push", "--dial", url));
    all.addAll(Arrays.asList(arguments));
    Process process = nngcat(output, all.toArray(String[]::new));
    assertEnded(process, output);
  }

  private static void assertEnded(Process process, File output) throws Exception {
    assertTrue("nngcat ends", process.waitFor(DEADLINE_MS, TimeUnit.MILLISECONDS));
    assertEquals(
        Files.readString(output.toPath(), StandardCharsets.ISO_8859_1), 0, process.exitValue());
  }

  private TransportInput openInput(String url) throws StreamException {
    return transport.openInput("i", Nng.in(Nng.listen(url)), sink);
  }

  private TransportOutput openOutput(String url) throws StreamException {
    return transport.openOutput("i", Nng.out(Nng.dial(url, "lazy", true)), sink);
  }

  private String ipc() {
    return "ipc://" + folder.getRoot() + "/socket";
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  public void nngcatPullsWhatWePush() throws Exception { // case 91
    for (String url : List.of(Nng.url(Nng.freePort()), "tcp6://[::1]:" + Nng.freePort(), ipc())) {
      File received = folder.newFile();
      Process nngcat = nngcat(received, "--pull", "--listen", url, "-Q", "--count", "3");
      TransportOutput output = openOutput(url);
      for (String text : List.of("hello", "", "bye")) {
        assertEquals(StreamResult.OK, output.offer(Nng.text(text)));
      }
      assertEquals(url, NOTHING_LOST, output.close(DEADLINE_MS));
      assertEnded(nngcat, received);
      assertEquals("\"hello\"\n\"\"\n\"bye\"\n", Files.readString(received.toPath()));
    }
  }

  @Test
  public void wePullWhatNngcatPushes() throws Exception { // case 91
    for (String url : List.of("tcp://127.0.0.1:0", "tcp6://[::1]:0", ipc())) {
      TransportInput input = openInput(url);
      int before = sink.count();
      push(url.replace(":0", ":" + input.boundPort()), "--data", "hello");
      Await.until("hello by " + url, () -> sink.count() == before + 1);
      input.close();
    }
    assertEquals(List.of("hello", "hello", "hello"), sink.texts());
  }

  @Test
  public void largeMessagesPassBothWays() throws Exception {
    byte[] payload = random(5_000_000);
    File received = folder.newFile();
    String url = Nng.url(Nng.freePort());
    Process nngcat = nngcat(received, "--pull", "--listen", url, "--raw", "--count", "1");
    TransportOutput output = openOutput(url);
    output.offer(ByteBuffer.wrap(payload));
    assertEquals(NOTHING_LOST, output.close(DEADLINE_MS));
    assertEnded(nngcat, received);
    assertArrayEquals(payload, Files.readAllBytes(received.toPath()));

    TransportInput input = openInput("tcp://127.0.0.1:0");
    push(Nng.url(input.boundPort()), "--file", received.getPath());
    Await.until("large message", () -> sink.count() == 1);
    assertArrayEquals(payload, sink.messages(sink.up().get(1)).get(0));
  }

  @Test
  public void threePushersAreToldApart() throws Exception { // case 83
    TransportInput input = openInput("tcp://127.0.0.1:0");
    for (String name : List.of("a", "b", "c")) {
      nngcat(
          folder.newFile(),
          "--push",
          "--dial",
          Nng.url(input.boundPort()),
          "--data",
          name,
          "--interval",
          "1");
    }
    Await.until(
        "a message of each",
        () ->
            sink.up().size() == 3
                && sink.up().stream().allMatch(peer -> !sink.texts(peer).isEmpty()));
    assertEquals(
        List.of("a", "b", "c"),
        sink.up().stream().map(peer -> sink.texts(peer).get(0)).sorted().toList());
  }

  @Test
  public void twoPullersTakeTurns() throws Exception {
    List<String> urls = List.of(Nng.url(Nng.freePort()), Nng.url(Nng.freePort()));
    List<File> received = List.of(folder.newFile(), folder.newFile());
    List<Process> pullers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      pullers.add(nngcat(received.get(i), "--pull", "--listen", urls.get(i), "-A", "--count", "5"));
    }
    TransportOutput output = openOutput(String.join(",", urls));
    Await.until("both up", () -> sink.up().size() == 2);
    for (int i = 0; i < 10; i++) {
      output.offer(Nng.text(Integer.toString(i)));
    }
    assertEquals(NOTHING_LOST, output.close(DEADLINE_MS));
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      assertEnded(pullers.get(i), received.get(i));
      texts.add(Files.readString(received.get(i).toPath()).replace("\n", ""));
    }
    assertEquals(List.of("02468", "13579"), texts.stream().sorted().toList());
  }

  @Test
  public void aPullerThatComesBackIsFoundAgain() throws Exception { // case 86
    String url = Nng.url(Nng.freePort());
    TransportOutput output = openOutput(url);
    for (String text : List.of("one", "two", "three")) {
      File received = folder.newFile();
      int downBefore = sink.down().size();
      Process nngcat = nngcat(received, "--pull", "--listen", url, "-A", "--count", "1");
      output.offer(Nng.text(text));
      assertEnded(nngcat, received);
      assertEquals(text, Files.readString(received.toPath(), StandardCharsets.US_ASCII).strip());
      Await.until("peer down", () -> sink.down().size() == downBefore + 1);
    }
    assertEquals(3, output.statistics().messages());
  }

  @Test
  public void aPairSocketIsNoPeer() throws Exception { // case 78
    TransportInput input = openInput("tcp://127.0.0.1:0");
    nngcat(
        folder.newFile(),
        "--pair0",
        "--dial",
        Nng.url(input.boundPort()),
        "--data",
        "x",
        "-d",
        "1");
    Await.until("refused", () -> input.statistics().rejected() > 0);
    String url = Nng.url(Nng.freePort());
    nngcat(folder.newFile(), "--pair0", "--listen", url);
    TransportOutput output = openOutput(url);
    Await.until("refused", () -> output.statistics().lastError().contains("protocol 0x10"));
    assertEquals(List.of(), sink.up());
    push(Nng.url(input.boundPort()), "--data", "good");
    Await.until("good", () -> sink.texts().equals(List.of("good")));
  }
}
