/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.karaf.files.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.karaf.features.ConfigFileInfo;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FilesGoWithFeaturesTest {
  private static final String SERVER = "org.daqstream.server.cfg";
  private static final String CAMERAS = "streams/cameras.json.sample";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Map<String, List<String>> installed = new LinkedHashMap<>();
  private final List<DeploymentListener> listeners = new ArrayList<>();
  private final FeaturesService features = stub(FeaturesService.class, this::answer);

  private FilesGoWithFeatures component;
  private Path etc;

  @Before
  public void setUp() {
    etc = folder.getRoot().toPath();
    System.setProperty("karaf.etc", etc.toString());
    component = new FilesGoWithFeatures(features);
  }

  @After
  public void tearDown() {
    System.clearProperty("karaf.etc");
    component.deactivate();
    assertEquals("held by Karaf", List.of(), listeners);
  }

  @Test
  public void aFileThatNobodyChangedLeavesWithItsFeature() throws IOException {
    install("daqstream", SERVER);
    install("daqstream-ops", "org.daqstream.ops.cfg");
    uninstall("daqstream");
    assertEquals(List.of("org.daqstream.ops.cfg"), files());
  }

  @Test
  public void itGoesAlsoWhenOurBundleGoesWithIt() throws IOException {
    install("daqstream", SERVER);
    tell(DeploymentEvent.DEPLOYMENT_STARTED);
    component.deactivate();
    installed.remove("daqstream");
    tell(DeploymentEvent.DEPLOYMENT_FINISHED);
    assertEquals(List.of(), files());
  }

  @Test
  public void aFileWithAValueOfTheUserStays() throws IOException {
    install("daqstream", SERVER);
    Files.writeString(etc.resolve(SERVER), "port = 7415\n");
    uninstall("daqstream");
    assertEquals(List.of(SERVER), files());
  }

  @Test
  public void aFileWhoseValueWasSetAndDeletedAgainLeaves() throws IOException {
    install("daqstream", SERVER);
    Files.writeString(
        etc.resolve(SERVER),
        "\n# by hand\nhost = *\nfelix.fileinstall.filename = file:/etc/x.cfg\n");
    uninstall("daqstream");
    assertEquals(List.of(), files());
  }

  @Test
  public void aFolderLeavesWithItsLastFile() throws IOException {
    install("daqstream-examples", CAMERAS);
    uninstall("daqstream-examples");
    assertEquals(List.of(), files());
    assertTrue(Files.isDirectory(etc));
  }

  @Test
  public void aFolderWithSomethingOfTheUserStays() throws IOException {
    install("daqstream-examples", CAMERAS);
    Files.writeString(etc.resolve("streams/mine.json"), "{}");
    uninstall("daqstream-examples");
    assertEquals(List.of("streams", "streams/mine.json"), files());
  }

  @Test
  public void aFolderLeavesAlsoWhenKarafHasDeletedTheFileItself() throws IOException {
    install("daqstream-examples", CAMERAS);
    tell(DeploymentEvent.DEPLOYMENT_STARTED);
    installed.remove("daqstream-examples");
    Files.delete(etc.resolve(CAMERAS));
    tell(DeploymentEvent.DEPLOYMENT_FINISHED);
    assertEquals(List.of(), files());
  }

  @Test
  public void aFileStaysAsLongAsAnotherVersionOfTheFeatureIsThere() throws IOException {
    install("daqstream", SERVER);
    install("daqstream of next year", SERVER);
    uninstall("daqstream");
    assertEquals(List.of(SERVER), files());
    uninstall("daqstream of next year");
    assertEquals(List.of(), files());
  }

  @Test
  public void filesOfOthersStay() throws IOException {
    installed.put("http", List.of("/etc/jetty.xml", "${karaf.etc}/org.ops4j.pax.web.cfg"));
    Files.writeString(etc.resolve("jetty.xml"), "");
    Files.writeString(etc.resolve("org.ops4j.pax.web.cfg"), "");
    uninstall("http");
    assertEquals(List.of("jetty.xml", "org.ops4j.pax.web.cfg"), files());
  }

  @Test
  public void whatWasSeenBeforeAFailedDeploymentCountsNoMore() throws IOException {
    install("daqstream", SERVER);
    tell(DeploymentEvent.DEPLOYMENT_STARTED);
    Files.writeString(etc.resolve(SERVER), "port = 7415\n");
    uninstall("daqstream");
    assertEquals(List.of(SERVER), files());
  }

  @Test
  public void aDeploymentThatRemovesNothingTakesNothingAway() throws IOException {
    install("daqstream", SERVER);
    tell(DeploymentEvent.DEPLOYMENT_STARTED);
    tell(DeploymentEvent.DEPLOYMENT_FINISHED);
    assertEquals(List.of(SERVER), files());
  }

  /** As Karaf does it: a file that is there already is not touched. */
  private void install(String feature, String name) throws IOException {
    Path file = etc.resolve(name);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      try (InputStream content = getClass().getResourceAsStream("/defaults/" + name)) {
        Files.copy(content, file);
      }
    }
    installed.put(feature, List.of("${karaf.etc}/" + name));
  }

  private void uninstall(String feature) {
    tell(DeploymentEvent.DEPLOYMENT_STARTED);
    installed.remove(feature);
    tell(DeploymentEvent.DEPLOYMENT_FINISHED);
  }

  private void tell(DeploymentEvent event) {
    List.copyOf(listeners).forEach(listener -> listener.deploymentEvent(event));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(etc)) {
      return files
          .map(etc::relativize)
          .map(Path::toString)
          .filter(n -> !n.isEmpty())
          .sorted()
          .toList();
    }
  }

  private Object answer(String method, Object[] arguments) {
    return switch (method) {
      case "listInstalledFeatures" ->
          installed.keySet().stream().map(this::feature).toArray(Feature[]::new);
      case "registerListener" -> {
        DeploymentListener listener = (DeploymentListener) arguments[0];
        listener.deploymentEvent(DeploymentEvent.DEPLOYMENT_STARTED); // the last one told
        yield listeners.add(listener);
      }
      case "unregisterListener" -> listeners.remove(arguments[0]);
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Feature feature(String name) {
    List<ConfigFileInfo> files =
        installed.get(name).stream()
            .map(finalName -> stub(ConfigFileInfo.class, (method, arguments) -> finalName))
            .toList();
    return stub(
        Feature.class,
        (method, arguments) -> method.equals("getConfigurationFiles") ? files : name);
  }

  private interface Answers {
    Object answer(String method, Object[] arguments);
  }

  private static <T> T stub(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.answer(method.getName(), arguments)));
  }
}
