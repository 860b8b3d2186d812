/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.doNotModifyLogConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.container.remote.RBCRemoteTargetOptions;

/** A fresh Karaf without a network, unpacked from its distribution. */
final class KarafRuntime {
  private static final int START_TIMEOUT_MS = 90_000;
  private static final String MAVEN = "etc/org.ops4j.pax.url.mvn.cfg";
  private static final List<String> PASSED_ON =
      List.of("daqstream.kar", "daqstream.itest", "daqstream.node", "daqstream.work");

  private KarafRuntime() {}

  static Option[] options() {
    Path work = Path.of(System.getProperty("daqstream.work"));
    Path folder = empty(work.resolve("karaf"));
    return Stream.concat(
            PASSED_ON.stream().map(key -> systemProperty(key).value(System.getProperty(key))),
            Stream.of(
                karafDistributionConfiguration()
                    .frameworkUrl(Path.of(System.getProperty("daqstream.karaf")).toUri().toString())
                    .name("Karaf")
                    .unpackDirectory(folder.toFile())
                    .useDeployFolder(false),
                keepRuntimeFolder(),
                configureConsole().ignoreLocalConsole(),
                doNotModifyLogConfiguration(),
                systemTimeout(START_TIMEOUT_MS),
                RBCRemoteTargetOptions.waitForRBCFor(START_TIMEOUT_MS),
                // Only what is on this disk: Karaf's own, unpacked KARs, the test's own.
                editConfigurationFilePut(
                    MAVEN,
                    "org.ops4j.pax.url.mvn.defaultRepositories",
                    "file:${karaf.home}/system@id=system@snapshots,"
                        + "file:${karaf.data}/kar@id=kar@multi@snapshots,"
                        + work.resolve("repository").toUri()
                        + "@id=test@snapshots"),
                editConfigurationFilePut(MAVEN, "org.ops4j.pax.url.mvn.repositories", ""),
                editConfigurationFilePut(
                    MAVEN,
                    "org.ops4j.pax.url.mvn.localRepository",
                    folder.resolve("local").toString()),
                editConfigurationFilePut("etc/org.apache.karaf.shell.cfg", "sshPort", freePort()),
                // More often than once a second: every test waits for it. Not so etc/, where what
                // the console has just written and what Karaf has just read would meet more often.
                editConfigurationFilePut(
                    "etc/org.apache.felix.fileinstall-deploy.cfg", "felix.fileinstall.poll", "250"),
                // The user's own file, which no feature may change.
                editConfigurationFilePut("etc/org.daqstream.server.cfg", "host", "127.0.0.1"),
                editConfigurationFilePut("etc/org.daqstream.server.cfg", "port", "0"),
                editConfigurationFilePut("etc/org.daqstream.server.cfg", "controlPort", "0")))
        .toArray(Option[]::new);
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return String.valueOf(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path empty(Path folder) {
    try {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
