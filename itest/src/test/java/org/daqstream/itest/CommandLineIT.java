/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The commands of {@code bin/daqstream} that read a device, as processes. */
public class CommandLineIT {
  private static final long SOON_MS = 60_000;
  private static final int INTERRUPTED = 130;
  private static final ObjectMapper JSON = new ObjectMapper();

  @ClassRule public static final TemporaryFolder FOLDER = new TemporaryFolder();

  private static RunningProcess instance;
  private static String address;

  /** What a command printed, and what it ended with. */
  private record Ended(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  @BeforeClass
  public static void startLauncher() throws Exception {
    Path home = FOLDER.newFolder("home").toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.writeString(
        home.resolve("conf/org.daqstream.source.simulator-sim.cfg"),
        "prefix = sim\nsignals = 2\nwaveform = counter\ndataType = int64\n");
    instance = Distribution.start(home);
    address = Distribution.awaitListening(instance, 0).ws().toString();
    Ended first = run("list", address); // the one that makes the archive of classes
    assertEquals(first.err(), 0, first.code());
  }

  @AfterClass
  public static void stopLauncher() {
    instance.close();
  }

  private static Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Distribution.FOLDER.resolve("bin/daqstream").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XDG_CACHE_HOME", FOLDER.getRoot().toString());
    return builder.redirectError(FOLDER.newFile().toPath().toFile()).start();
  }

  private static Ended run(String... words) throws Exception {
    Path out = FOLDER.newFile().toPath();
    Path err = FOLDER.newFile().toPath();
    List<String> command = new ArrayList<>();
    command.add(Distribution.FOLDER.resolve("bin/daqstream").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XDG_CACHE_HOME", FOLDER.getRoot().toString());
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(Arrays.toString(words), process.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static void interrupt(Process process) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
  }

  @Test
  public void signalsAreListedAndDescribed() throws Exception {
    Ended list = run("list", address, "sim/*", "host/cpu/load");
    assertEquals(list.err(), List.of("host/cpu/load", "sim/time", "sim/0", "sim/1"), sorted(list));
    assertEquals("", list.err());
    JsonNode facts = JSON.readTree(run("list", "-l", "--json", address, "sim/0").out());
    assertEquals("int64", facts.get(0).path("dataType").asText());
    assertEquals(1000, facts.get(0).path("rateHz").asDouble(), 0);
    JsonNode device = JSON.readTree(run("info", "--json", address).out());
    assertEquals(address, device.path("address").asText());
    JsonNode info = JSON.readTree(run("info", "--json", address, "sim/1").out());
    assertEquals("sim/time", info.get(0).path("domainId").asText());
    assertTrue(run("info", address, "sim/1").out().startsWith("signal  "));
  }

  /** The order is that of the sources' start. */
  private static List<String> sorted(Ended list) {
    List<String> wanted = List.of("host/cpu/load", "sim/time", "sim/0", "sim/1");
    return wanted.stream().filter(list.lines()::contains).toList();
  }

  @Test
  public void samplesArePrintedInOrderAndExactly() throws Exception {
    Ended print = run("print", address, "sim/*", "-n", "200", "--time", "ns");
    assertEquals(print.err(), 0, print.code());
    assertEquals("time_ns,sim/0,sim/1,gap", print.lines().get(0));
    long[] times =
        print.lines().stream()
            .skip(1)
            .mapToLong(l -> Long.parseLong(l.substring(0, l.indexOf(','))))
            .toArray();
    for (int i = 1; i < times.length; i++) {
      assertEquals(1_000_000, times[i] - times[i - 1]);
    }
    Ended lines = run("print", address, "sim/0", "-n", "50", "--json");
    assertEquals(50, lines.lines().size());
    long row = -1;
    for (String each : lines.lines()) {
      JsonNode sample = JSON.readTree(each);
      assertTrue(each, row < 0 || sample.path("row").asLong() == row + 1);
      row = sample.path("row").asLong();
      assertTrue(each, sample.path("value").isIntegralNumber());
    }
  }

  @Test
  public void whoeverReadsThePipeMayLeave() throws Exception {
    Process print = start("print", address, "sim/0");
    try (BufferedReader lines = print.inputReader(UTF_8)) {
      assertEquals("time,sim/0,gap", lines.readLine());
      lines.readLine();
    }
    assertTrue(print.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    assertEquals(0, print.exitValue());
    Ended pipe = shell("'%s' print %s 'sim/**' 2>&1 | head -n 2 | wc -l");
    assertEquals(pipe.out(), "2", pipe.out().strip());
    assertEquals("", pipe.err());
  }

  /** A line of the system's shell, with the program and the address in it. */
  private static Ended shell(String line) throws Exception {
    String program = Distribution.FOLDER.resolve("bin/daqstream").toString();
    Process process = new ProcessBuilder("sh", "-c", line.formatted(program, address)).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  @Test
  public void aRecordingIsCompleteWhenItIsInterrupted() throws Exception {
    Path file = FOLDER.newFolder().toPath().resolve("two.csv");
    Process record = start("record", address, "sim/*", "--to", file.toString());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SOON_MS);
    Path part = file.resolveSibling("_two.csv.part");
    while (!Files.exists(part) || Files.size(part) < 10_000) {
      assertTrue(System.nanoTime() < deadline && record.isAlive());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    interrupt(record);
    assertTrue(record.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    assertEquals(INTERRUPTED, record.exitValue());
    String text = Files.readString(file);
    assertTrue(text.endsWith("\n"));
    for (String each : text.lines().toList()) {
      assertEquals(each, 5, each.split(",", -1).length);
    }
  }

  @Test
  public void aRecordingHasItsLengthAndSummary() throws Exception {
    Path file = FOLDER.newFolder().toPath().resolve("one.jsonl");
    String name = file.toString();
    Ended record = run("record", address, "sim/0", "--to", name, "--for", "1s", "--progress");
    assertEquals(record.err(), 0, record.code());
    assertTrue(record.err(), record.err().contains("0 gaps: " + name));
    assertTrue(record.err(), record.err().contains("S/s"));
    for (String each : Files.readAllLines(file)) {
      assertEquals("sim/0", JSON.readTree(each).path("signalId").asText());
    }
    Ended again = run("record", address, "sim/0", "--to", name, "--for", "1s");
    assertEquals(1, again.code());
    assertTrue(again.err(), again.err().contains("--overwrite"));
    Ended replaced =
        run("record", address, "sim/0", "--to", name, "-n", "5", "--overwrite", "--json");
    assertEquals(5, JSON.readTree(replaced.out()).path("samples").asInt());
    assertEquals(5, Files.readAllLines(file).size());
  }

  /** The counter of the simulator and its time, row by row; how many. */
  private static int assertCounted(Path file) throws Exception {
    Ended print = run("print", file.toString(), "--json");
    assertEquals(print.err(), 0, print.code());
    JsonNode before = null;
    int compared = 0;
    for (String each : print.lines()) {
      JsonNode row = JSON.readTree(each);
      if (before != null) {
        for (String counted : List.of("row", "sim/0", "sim/1")) {
          // The first row and the last may lack a signal that came later, or ended sooner.
          if (!before.path(counted).isNull() && !row.path(counted).isNull()) {
            assertEquals(each, before.path(counted).asLong() + 1, row.path(counted).asLong());
            compared++;
          }
        }
        assertEquals(each, before.path("tick").asLong() + 1_000_000, row.path("tick").asLong());
        Instant time = Instant.ofEpochSecond(0, row.path("tick").asLong());
        assertEquals(time, Instant.parse(row.path("time").asText()));
      }
      before = row;
    }
    assertTrue(compared + " values", compared > 2 * print.lines().size());
    return print.lines().size();
  }

  @Test
  public void aParquetRecordingIsDescribedAndReadAgain() throws Exception {
    Path file = FOLDER.newFolder().toPath().resolve("sim.parquet");
    String name = file.toString();
    Ended record = run("record", address, "sim/*", "--to", name, "--for", "2s", "--progress");
    assertEquals(record.err(), 0, record.code());
    assertTrue(record.err(), record.err().contains("left on the disk"));
    int rows = assertCounted(file);
    assertTrue(rows + " rows", rows > 500);
    JsonNode info = JSON.readTree(run("info", name, "--json").out());
    assertEquals(rows, info.path("rows").asInt());
    assertEquals("[]", info.path("facts").path("daqstream.holes").asText());
    assertTrue(run("info", name).out().contains("sim/1"));
    assertEquals(3, run("print", name, "sim/1", "-n", "2").lines().size());
    assertEquals("time,tick,row,sim/1", run("print", name, "sim/1").lines().get(0));
    assertTrue(run("repair", name).out().contains("whole, " + rows + " rows"));
    Ended again = run("record", address, "sim/*", "--to", name, "--for", "1s");
    assertEquals(1, again.code());
    assertTrue(again.err(), again.err().contains("--overwrite"));
    assertEquals(1, run("info", name + "x.parquet").code());
  }

  @Test
  public void aKilledParquetRecordingIsMended() throws Exception {
    Path file = FOLDER.newFolder().toPath().resolve("sim.parquet");
    Process record = startRecording(file);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    record.toHandle().destroyForcibly();
    assertTrue(record.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    assertFalse("nothing for others before it is whole", Files.exists(file));
    Ended over = run("record", address, "sim/*", "--to", file.toString(), "--for", "1s");
    assertEquals(1, over.code());
    assertTrue(over.err(), over.err().contains("daqstream repair " + file));
    Ended repair = run("repair", file.toString());
    assertEquals(repair.err(), 0, repair.code());
    assertTrue(assertCounted(file) > 500);
  }

  @Test
  public void anInterruptedParquetRecordingIsWhole() throws Exception {
    Path file = FOLDER.newFolder().toPath().resolve("sim.parquet");
    Process record = startRecording(file);
    interrupt(record);
    assertTrue(record.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    assertEquals(INTERRUPTED, record.exitValue());
    assertTrue(assertCounted(file) > 0);
  }

  /** Waits until some of it is on the disk. */
  private static Process startRecording(Path file) throws IOException {
    Process record = start("record", address, "sim/*", "--to", file.toString());
    Path wal = file.resolveSibling("_sim.parquet.wal");
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SOON_MS);
    while (!Files.exists(wal) || Files.size(wal) == 0) {
      assertTrue(System.nanoTime() < deadline && record.isAlive());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return record;
  }

  @Test
  public void failuresHaveTheirExitCodes() throws Exception {
    Ended nobody = run("list", "daq.lt://127.0.0.1:1");
    assertEquals(3, nobody.code());
    assertTrue(nobody.err(), nobody.err().startsWith("daqstream: no device at ws://127.0.0.1:1/"));
    Ended unknown = run("print", address, "sim/00");
    assertEquals(1, unknown.code());
    assertTrue(unknown.err(), unknown.err().contains("did you mean 'sim/0'"));
    assertEquals(1, run("print", address, "nothing/**").code());
    Ended misused = run("print", "--for", "soon");
    assertEquals(2, misused.code());
    assertEquals(1, misused.err().lines().count());
    assertEquals(0, run("verify", "--help").code());
  }

  @Test
  public void aStreamIsVerified() throws Exception {
    Ended verify = run("verify", address, "sim/*", "--for", "2s", "--json");
    assertEquals(verify.out() + verify.err(), 0, verify.code());
    JsonNode report = JSON.readTree(verify.out());
    assertEquals("ok", report.path("verdict").asText());
    assertEquals(2, report.path("signals").size());
    for (JsonNode each : report.path("signals")) {
      assertTrue(each.toString(), each.path("samples").asLong() > 500);
      assertEquals(0, each.path("lostRows").asLong());
      assertTrue(each.toString(), each.path("latencyP50Nanos").isIntegralNumber());
    }
  }

  @Test
  public void aConnectionIsDecoded() throws Exception {
    String text = run("tap", address, "sim/0", "-n", "30").out();
    assertTrue(text, text.contains(" > GET / HTTP/1.1"));
    assertTrue(text, text.contains("metadata 45 B  apiVersion {\"version\":\"1.2.0\"}"));
    assertTrue(text, text.contains("sim/0  row "));
    for (String each : run("tap", address, "sim/0", "-n", "30", "--json").lines()) {
      assertFalse(each, JSON.readTree(each).path("direction").asText().isEmpty());
    }
  }

  @Test
  public void newestValuesAreLinesWhereThereIsNoTerminal() throws Exception {
    Ended watch = run("watch", address, "sim/*", "--for", "2s", "--every", "200ms");
    assertEquals(watch.err(), 0, watch.code());
    assertTrue(watch.out(), watch.lines().size() >= 4);
    for (String each : watch.lines()) {
      assertTrue(each, each.matches("\\S+Z  sim/[01]  -?\\d+ 1"));
    }
  }

  @Test
  public void aRelayOffersTheSameSignals() throws Exception {
    Process relay = start("relay", address, "sim/**", "--port", "0");
    try (BufferedReader lines = relay.inputReader(UTF_8)) {
      String said = String.valueOf(lines.readLine());
      assertTrue(said, said.startsWith("relaying " + address + " at ws://127.0.0.1:"));
      String relayed = said.replaceFirst(".* at ", "");
      awaitSignals(relayed);
      Ended print = run("print", relayed, "sim/*", "-n", "100", "--json");
      assertEquals(
          print.err(), 100, print.lines().stream().filter(l -> l.contains("\"value\"")).count());
      interrupt(relay);
      assertTrue(relay.waitFor(SOON_MS, TimeUnit.MILLISECONDS));
    } finally {
      relay.destroy();
    }
    assertEquals(INTERRUPTED, relay.exitValue());
  }

  private static void awaitSignals(String relayed) throws Exception {
    for (int i = 0; i < 50; i++) {
      if (run("list", relayed, "--timeout", "2s").lines().contains("sim/1")) {
        return;
      }
    }
    throw new AssertionError("no signals at " + relayed);
  }
}
