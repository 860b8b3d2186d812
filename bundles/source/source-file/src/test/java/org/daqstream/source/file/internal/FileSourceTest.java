/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class FileSourceTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private static final Path HOME = Path.of("");

  private final RecordingRegistry registry = new RecordingRegistry();
  private Path folder;
  private FileSource source;

  @Before
  public void findFolder() {
    folder = temporary.getRoot().toPath();
  }

  @After
  public void stop() {
    if (source != null) {
      source.deactivate();
    }
  }

  private Map<String, Object> config(Object... keysAndValues) {
    return Configs.with(
        Map.of("path", folder.toString(), "prefix", "p", "scanMs", 100), keysAndValues);
  }

  private void awaitIds(String... ids) {
    Await.until("signals " + List.of(ids), () -> registry.ids().equals(List.of(ids)));
  }

  private void awaitSamples(String signalId) {
    int before = registry.count(signalId);
    Await.until("samples of " + signalId, () -> registry.count(signalId) > before);
  }

  private void wav(String name, int channels) throws IOException {
    Files.write(folder.resolve(name), WavFile.pcm16(channels, 1000, new int[1000]));
  }

  private void csv(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  public void filesComeChangeAndGo() throws IOException {
    source = new FileSource(registry, HOME, config());
    wav("a.wav", 1);
    awaitIds("p/a.wav/0", "p/a.wav/time");
    csv("b.CSV", "t,x\n0,1\n0.01,2\n");
    awaitIds("p/a.wav/0", "p/a.wav/time", "p/b.CSV/time", "p/b.CSV/x");
    awaitSamples("p/b.CSV/x");
    wav("a.wav", 2);
    awaitIds("p/a.wav/0", "p/a.wav/1", "p/a.wav/time", "p/b.CSV/time", "p/b.CSV/x");
    awaitSamples("p/a.wav/1");
    Files.delete(folder.resolve("a.wav"));
    awaitIds("p/b.CSV/time", "p/b.CSV/x");
    awaitSamples("p/b.CSV/x");
  }

  @Test
  public void damagedFilesLeaveTheOthersRunning() throws IOException {
    wav("good.wav", 1);
    csv("bad.csv", "t,x\n0,1\n0.001,oops\n");
    csv("bad.wav", "this is no sound");
    csv("notes.txt", "not looked at");
    csv(".hidden.csv", "t,x\n0,1\n");
    source = new FileSource(registry, HOME, config());
    Await.until("end of bad.csv", () -> registry.events().contains("close p/bad.csv/time"));
    awaitIds("p/good.wav/0", "p/good.wav/time");
    awaitSamples("p/good.wav/0");
    csv("bad.csv", "t,x\n0,1\n0.001,2\n");
    awaitIds("p/bad.csv/time", "p/bad.csv/x", "p/good.wav/0", "p/good.wav/time");
  }

  @Test
  public void aFileInPlaceOfAnotherIsPlayedEvenIfItIsAsLargeAndAsOld() throws IOException {
    csv("a.csv", "t,x\n0,1\n0.01,2\n");
    source = new FileSource(registry, HOME, config());
    awaitIds("p/a.csv/time", "p/a.csv/x");
    csv("other", "t,y\n0,1\n0.01,2\n");
    Path other = folder.resolve("other");
    Path file = folder.resolve("a.csv");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    awaitIds("p/a.csv/time", "p/a.csv/y");
  }

  @Test
  public void anEndedFileIsPlayedAgainOnlyWhenItChanges() throws IOException {
    wav("a.wav", 1);
    source = new FileSource(registry, HOME, config("loop", false, "speed", 0.0));
    Await.until("end", () -> registry.events().contains("close p/a.wav/time"));
    wav("b.wav", 1);
    Await.until("end of b", () -> registry.events().contains("close p/b.wav/time"));
    assertEquals(1000, registry.count("p/a.wav/0"));
  }

  @Test
  public void oneFileCanBeNamedAndNeedNotExistYet() throws IOException {
    Path file = folder.resolve("later.wav");
    source = new FileSource(registry, HOME, config("path", file.toString()));
    wav("other.wav", 1);
    wav("later.wav", 1);
    awaitIds("p/later.wav/0", "p/later.wav/time");
  }

  @Test
  public void relativePathIsInTheHomeOfTheRuntime() throws IOException {
    source = new FileSource(registry, folder, config("path", "recordings"));
    Files.createDirectory(folder.resolve("recordings"));
    wav("recordings/a.wav", 1);
    awaitIds("p/a.wav/0", "p/a.wav/time");
  }

  @Test
  public void aTakenSignalIdLeavesNothingBehind() throws IOException {
    registry.openTable(org.daqstream.signal.api.SignalDescriptor.explicitTime("p/a.wav/1"));
    wav("a.wav", 2);
    wav("b.wav", 1);
    source = new FileSource(registry, HOME, config());
    Await.until("withdrawal", () -> registry.events().contains("close p/a.wav/time"));
    awaitIds("p/a.wav/1", "p/b.wav/0", "p/b.wav/time");
  }

  @Test
  public void aNewConfigurationPlaysAgainAndARefusedOneChangesNothing() throws IOException {
    wav("a.wav", 1);
    source = new FileSource(registry, HOME, config());
    awaitIds("p/a.wav/0", "p/a.wav/time");
    int events = registry.events().size();
    source.modified(config("speed", -1.0));
    source.modified(config());
    awaitSamples("p/a.wav/0");
    assertEquals(events, registry.events().size());
    source.modified(config("prefix", "q"));
    awaitIds("q/a.wav/0", "q/a.wav/time");
  }

  @Test
  public void aRefusalNamesKeyValueAndWhatIsAllowed() {
    assertRefused("path", "", "must name a folder or a file");
    assertRefused("speed", "fast", "must be a number from 0 to 1000000, or max");
    assertRefused("speed", Double.NaN, "must be a number from 0 to 1000000, or max");
    assertRefused("speed", 1000001, "must be a number from 0 to 1000000, or max");
    assertRefused("rateHz", 0, "must be a number from 0.001 to 100000000");
    assertRefused("scanMs", "often", "must be a whole number from 100 to 3600000");
    assertRefused("valuesPerSecond", 0, "must be a whole number from 1 to 1000000000");
    assertRefused("prefix", "", "must have 1 to 100 characters and no control characters");
  }

  private void assertRefused(String key, Object value, String allowed) {
    Values values = Values.of(FileSource.Config.class, config(key, value));
    RefusedException e = assertThrows(RefusedException.class, () -> Settings.of(values, HOME));
    assertEquals("key " + key + " = '" + value + "' " + allowed, e.getMessage());
  }

  @Test
  public void valuesAreReadByTheRuleOfAllComponents() throws IOException {
    wav("a.wav", 1);
    LogLines.clear();
    source =
        new FileSource(
            registry, HOME, config("scanMs", "100 ", "loop", "Yes", "speed", "", "prefx", "q"));
    awaitIds("p/a.wav/0", "p/a.wav/time");
    assertEquals(
        List.of("WARN org.daqstream.source.file: key 'prefx' is not known; did you mean 'prefix'?"),
        LogLines.all());
    LogLines.clear();
    source.modified(config("rowsPerSecond", 7));
    assertEquals(
        List.of(
            "WARN org.daqstream.source.file: key 'rowsPerSecond' is not known; it is called"
                + " 'rateHz' now"),
        LogLines.all());
    source.modified(config("loop", "perhaps", "prefx", "q"));
    assertEquals(
        List.of(
            "ERROR org.daqstream.source.file: key loop = 'perhaps' must be one of true, yes, on,"
                + " 1, false, no, off, 0, in any case; the old configuration stays"),
        LogLines.with("ERROR"));
  }

  @Test
  public void aFirstConfigurationThatIsRefusedIsTriedAgainWhenItChanges() throws IOException {
    wav("a.wav", 1);
    source = new FileSource(registry, HOME, config("speed", -1.0));
    source.modified(config("scanMs", 0));
    source.deactivate();
    assertEquals(List.of(), registry.events());
    source.modified(config());
    awaitIds("p/a.wav/0", "p/a.wav/time");
  }

  @Test
  public void deactivationEndsAllThreadsAndWithdrawsEverything() throws IOException {
    csv("slow.csv", "t [h],x\n0,1\n0,2\n1,3\n");
    source = new FileSource(registry, HOME, config());
    awaitSamples("p/slow.csv/x");
    long startNanos = System.nanoTime();
    source.deactivate();
    assertTrue("promptly", System.nanoTime() - startNanos < 2_000_000_000L);
    Await.noThread("daqstream-file");
    assertEquals(List.of(), registry.ids());
  }
}
