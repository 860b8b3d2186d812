/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.config.support.Values;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The folder and Config Admin. */
public class ManifestSourcesTest {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Register register =
      new Register(Settings.DEFAULTS) {
        @Override
        void publish(Set<String> instances) {}
      };
  private int seconds;

  private static String manifest(String instance) {
    return "{\"instanceSpecs\": {\""
        + instance
        + "\": {\"streams\": {\"s\": {\"type\": \"later\","
        + " \"direction\": \"out\"}}}}}";
  }

  private Path write(String file, String text) throws IOException {
    Path path = Files.writeString(folder.getRoot().toPath().resolve(file), text);
    return Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000L + 1000L * seconds++));
  }

  private Set<String> instances() {
    return register.instances().keySet();
  }

  @Test
  public void filesComeChangeAndGo() throws IOException {
    FolderScan scan = new FolderScan(register, folder.getRoot().toPath());
    Path a = write("a.json", manifest("one"));
    write("ignored.txt", manifest("no"));
    scan.run();
    assertEquals(Set.of("one"), instances());
    write("a.json", manifest("two"));
    write("b.json", manifest("three"));
    scan.run();
    assertEquals(Set.of("two", "three"), instances());
    Files.delete(a);
    scan.run();
    assertEquals(Set.of("three"), instances());
    scan.undeployAll();
    assertEquals(Set.of(), instances());
  }

  @Test
  public void aRefusedFileLeavesWhatRanAndIsTriedAgain() throws IOException { // case 42
    FolderScan scan = new FolderScan(register, folder.getRoot().toPath());
    write("a.json", manifest("one"));
    scan.run();
    write("a.json", manifest("one").substring(5));
    scan.run();
    assertEquals(Set.of("one"), instances());
    write("b.json", manifest("one")); // belongs to a.json
    scan.run();
    Files.delete(folder.getRoot().toPath().resolve("a.json"));
    scan.run();
    assertEquals(Set.of("one"), instances());
    Files.delete(folder.getRoot().toPath().resolve("b.json"));
    scan.run();
    assertEquals(Set.of(), instances());
  }

  @Test
  public void nothingInAFileTurnsALineRound() throws IOException {
    LogLines.clear();
    write("a.json", manifest("one").replace("\"out\"", "\"\u202eout\""));
    new FolderScan(register, folder.getRoot().toPath()).run();
    assertEquals(1, LogLines.with("\ufffdout").size());
    assertEquals(List.of(), LogLines.with("\u202e"));
  }

  @Test
  public void instancesMayMoveFromFileToFile() throws IOException {
    FolderScan scan = new FolderScan(register, folder.getRoot().toPath());
    write("a.json", manifest("one"));
    write("b.json", manifest("two"));
    scan.run();
    write("a.json", manifest("two")); // is looked at first, when b.json still has it
    write("b.json", manifest("three"));
    scan.run();
    assertEquals(Set.of("two", "three"), instances());
  }

  @Test
  public void aLinkToNowhereHoldsNothingUp() throws IOException {
    FolderScan scan = new FolderScan(register, folder.getRoot().toPath());
    Path link = folder.getRoot().toPath().resolve("a.json");
    Files.createSymbolicLink(link, Path.of("nowhere.json"));
    write("b.json", manifest("one"));
    scan.run();
    assertEquals(Set.of("one"), instances());
    Files.writeString(folder.getRoot().toPath().resolve("nowhere.json"), manifest("two"));
    Files.delete(link);
    scan.run();
    assertEquals(Set.of("one", "two"), instances());
  }

  @Test
  public void aMissingFolderIsNoFault() throws IOException {
    Path later = folder.getRoot().toPath().resolve("later");
    FolderScan scan = new FolderScan(register, later);
    scan.run();
    Files.createDirectory(later);
    Files.writeString(later.resolve("a.json"), manifest("one"));
    scan.run();
    assertEquals(Set.of("one"), instances());
  }

  @Test
  public void theFolderIsWatched() throws Exception {
    write("a.json", manifest("one"));
    ManifestFolder component =
        new ManifestFolder(
            register,
            folder.getRoot().getParentFile().toPath(),
            folderConfig(folder.getRoot().getName(), "100 "));
    Await.until("deployed", () -> instances().contains("one"));
    write("a.json", manifest("two"));
    Await.until("changed", () -> instances().contains("two"));
    component.deactivate();
    assertEquals(Set.of(), instances());
  }

  @Test
  public void anIntervalThatIsNotAllowedIsRefusedAndTheFolderStays() throws Exception {
    write("a.json", manifest("one"));
    Path home = folder.getRoot().getParentFile().toPath();
    String name = folder.getRoot().getName();
    ManifestFolder component = new ManifestFolder(register, home, folderConfig(name, 3_600_000L));
    Await.until("deployed", () -> instances().contains("one"));
    component.modified(folderConfig("elsewhere", 99L));
    component.modified(folderConfig(name, 100L));
    write("a.json", manifest("two"));
    Await.until("changed, with the new interval", () -> instances().contains("two"));
    component.deactivate();
    assertEquals(Set.of(), instances());
    component = new ManifestFolder(register, home, folderConfig(name, 0L));
    component.modified(folderConfig(name, ""));
    Await.until("deployed, with the default interval", () -> instances().contains("two"));
    component.deactivate();
  }

  private static Map<String, Object> folderConfig(String folder, Object pollMs) {
    return Map.of("folder", folder, "pollMs", pollMs);
  }

  @Test
  public void limitsThatAreNotAllowedAreRefused() {
    Map<String, Object> values =
        new HashMap<>(
            Map.of(
                "strictTypes", true,
                "queueMessages", 1,
                "queueBytes", 2L,
                "flushTimeoutMs", 0L,
                "leaveTimeoutMs", 3L));
    assertEquals(
        new Settings(true, 1, 2, 0, 3),
        Settings.of(Values.of(RegisterComponent.Config.class, values)));
    values.put("queueMessages", 0);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Settings.of(Values.of(RegisterComponent.Config.class, values)));
    assertEquals(
        "key queueMessages = '0' must be a whole number from 1 to 16777216", refusal.getMessage());
  }

  @Test
  public void theRuleOfAllComponentsHolds() {
    LogLines.clear();
    RegisterComponent component =
        new RegisterComponent(
            null, Map.of("strictTypes", "yes", "queueBytes", "5 ", "queueMessages", "", "queu", 1));
    component.modified(Map.of("strictTypes", "strictly"));
    component.deactivate();
    assertEquals(
        List.of(
            "WARN org.daqstream.stream.register: key 'queu' is not known; known are strictTypes,"
                + " queueMessages, queueBytes, flushTimeoutMs, leaveTimeoutMs",
            "ERROR org.daqstream.stream.register: key strictTypes = 'strictly' must be one of"
                + " true, yes, on, 1, false, no, off, 0, in any case; the old configuration stays"),
        LogLines.all());
  }

  private static Map<String, Object> config(String manifest) {
    return Map.of("manifest", manifest, "service.pid", "p~1", "manifst", "");
  }

  @Test
  public void aConfigurationIsASource() throws Exception {
    LogLines.clear();
    ConfiguredManifest component = new ConfiguredManifest(register, config(manifest("one")));
    assertEquals(Set.of("one"), instances());
    FakeTransport transport = new FakeTransport();
    register.add(new Transports.Entry(transport, "later", 0, 1));
    InstanceClient client = (InstanceClient) register.client("one");
    int handle = client.openOutput("s");
    component.modified(config("rubbish"));
    assertEquals(StreamResult.OK, client.write(handle, new byte[1]));
    assertEquals(
        List.of("WARN p~1: key 'manifst' is not known; did you mean 'manifest'?"),
        LogLines.with("is not known"));
    assertEquals(1, LogLines.with("the old configuration stays").size());
    component.modified(config(manifest("one").replace("later", "other")));
    assertEquals(StreamResult.ERROR, client.write(handle, new byte[1]));
    component.undeploy();
    assertTrue(instances().isEmpty());
    assertFalse(register.types().isEmpty());
  }
}
