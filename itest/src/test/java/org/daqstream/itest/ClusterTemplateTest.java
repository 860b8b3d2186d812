/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** What the Compose file of the cluster names is there, and is what the files it mounts need. */
public class ClusterTemplateTest {
  private static final Path DIST = Repository.ROOT.resolve("launcher/src/main/dist");
  private static final Path FOLDER = DIST.resolve("templates/cluster");
  private static final List<String> RUNTIMES = List.of("acquisition", "edge-1", "edge-2");

  private String compose;
  private String image;
  private String server;

  @Before
  public void read() throws IOException {
    compose = Files.readString(FOLDER.resolve("compose.yaml"));
    image = Files.readString(DIST.resolve("docker/Dockerfile"));
    server = Files.readString(FOLDER.resolve("nats-server.conf"));
  }

  private static Set<String> found(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(ClusterTemplateTest::last)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String last(MatchResult result) {
    return result.group(result.groupCount());
  }

  /** One service, or what is at the top level under a name. */
  private String block(String indent, String name) {
    String rest = compose.substring(compose.indexOf("\n" + indent + name + ":") + 1);
    String[] parts = rest.split("(?m)^(?=" + indent + "[a-z])", 3);
    return parts[0].isEmpty() ? parts[1] : parts[0];
  }

  private String service(String name) {
    return block("  ", name);
  }

  @Test
  public void everyServiceIsFound() {
    assertEquals(Set.of("nats", "acquisition", "edge-1", "edge-2"), services());
    assertTrue(service("acquisition"), service("acquisition").contains("image: daqstream"));
    assertTrue(service("edge-2"), service("edge-2").contains("<<: *runtime"));
  }

  private Set<String> services() {
    return found(block("", "services"), "^  ([a-z0-9-]+):");
  }

  @Test
  public void everyFileItMountsIsThere() {
    Set<String> mounted = found(compose, "- (\\./[^:]+):");
    assertTrue(mounted.toString(), mounted.size() >= 4);
    for (String file : mounted) {
      assertTrue(file, Files.isRegularFile(FOLDER.resolve(file).normalize()));
    }
    for (String target : found(compose, "- \\./[^:]+/conf/([^:]+):")) {
      assertTrue(target, compose.contains(":/data/conf/" + target + ":ro"));
    }
  }

  @Test
  public void theImageIsThatOfTheDockerfile() {
    assertTrue(image, image.contains("ENV DAQSTREAM_HOME=/data"));
    assertTrue(compose, compose.contains("docker build -t daqstream ../../docker"));
    for (String port : found(compose, "\"[0-9]+:([0-9]+)\"")) {
      assertTrue(port, found(image, "^EXPOSE (.*)$").toString().contains(port));
    }
  }

  @Test
  public void theServerIsWhereItIsLookedFor() {
    String nats = service("nats");
    assertTrue(nats, nats.contains("\"-c\", \"/etc/nats/nats-server.conf\""));
    assertTrue(nats, nats.contains("./nats-server.conf:/etc/nats/nats-server.conf:ro"));
    assertTrue(nats, nats.contains("NATS_LISTEN: 0.0.0.0:4222"));
    assertTrue(compose, compose.contains("NATS_URL: nats://nats:4222"));
    String store = found(nats, "NATS_STORE: (.*)$").iterator().next();
    assertTrue(nats, nats.contains("- nats:" + store));
    assertEquals(Set.of("nats"), found(block("", "volumes"), "^  ([a-z]+):"));
  }

  @Test
  public void whatIsTakenFromTheEnvironmentIsSet() throws IOException {
    Set<String> passwords = found(compose, "^  ([A-Z_]+): \\$\\{");
    String start = Files.readString(FOLDER.resolve("start"));
    Set<String> here = new TreeSet<>(passwords);
    here.addAll(found(service("nats"), "^      ([A-Z_]+):"));
    for (String name : found(server, "\\$([A-Z_]{4,})")) {
      assertTrue(name, here.contains(name));
      assertTrue(name, found(start, "^export (.*)$").toString().contains(name));
    }
    here.addAll(found(service("acquisition"), "^      ([A-Z_]+):"));
    for (Path file : configurations()) {
      for (String name : found(Files.readString(file), "\\$\\[env:([^]]+)]")) {
        assertTrue(file + " " + name, here.contains(name));
      }
    }
  }

  private static List<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".cfg")).toList();
    }
  }

  @Test
  public void usersAreThoseOfTheServer() throws IOException {
    Set<String> users = found(server, "user: ([a-z]+),");
    for (Path file : configurations()) {
      for (String user : found(Files.readString(file), "^user = (.*)$")) {
        assertTrue(file + " " + user, users.contains(user));
        String password = "password = $[env:" + user.toUpperCase(Locale.ROOT) + "_PASSWORD]";
        assertTrue(file.toString(), Files.readString(file).contains(password));
        assertTrue(
            server.contains("user: " + user + ", password: $" + user.toUpperCase(Locale.ROOT)));
      }
    }
  }

  @Test
  public void portsOutsideAreThoseWithoutDocker() throws IOException {
    for (String name : RUNTIMES) {
      Properties keys = new Properties();
      try (var in =
          Files.newInputStream(FOLDER.resolve(name).resolve("conf/org.daqstream.server.cfg"))) {
        keys.load(in);
      }
      String wanted =
          "ports: [\"%s:7414\", \"%s:7438\"]".formatted(keys.get("port"), keys.get("controlPort"));
      assertTrue(service(name), service(name).contains(wanted));
    }
  }

  @Test
  public void bothEdgesAreTheSameInside() throws IOException {
    String file = "conf/org.daqstream.nats.import-hall.cfg";
    assertEquals(
        Files.readString(FOLDER.resolve("edge-1").resolve(file)),
        Files.readString(FOLDER.resolve("edge-2").resolve(file)));
    assertTrue(service("edge-1"), service("edge-1").contains("&edge"));
    assertTrue(service("edge-2"), service("edge-2").contains("*edge"));
  }
}
