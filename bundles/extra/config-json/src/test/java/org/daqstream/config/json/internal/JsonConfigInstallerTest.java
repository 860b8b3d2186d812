/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import static org.junit.Assert.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** One configuration, {@code org.example}, and the files that want to be it. */
public class JsonConfigInstallerTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private String pid = "org.example";

  /** Null when there is none. */
  private Dictionary<String, Object> configured;

  private final JsonConfigInstaller installer =
      new JsonConfigInstaller(stub(BundleContext.class, this::answer));

  private Object answer(String method, Object[] arguments) {
    return switch (method) {
      case "getServiceReference" -> stub(ServiceReference.class, this::answer);
      case "getService" -> stub(ConfigurationAdmin.class, this::answer);
      case "ungetService" -> true;
      case "getConfiguration" -> stub(Configuration.class, this::answer);
      case "getPid" -> pid;
      case "getProperties" -> configured;
      case "update", "updateIfDifferent" -> {
        @SuppressWarnings("unchecked")
        Dictionary<String, Object> properties = (Dictionary<String, Object>) arguments[0];
        configured = properties;
        yield true;
      }
      case "delete" -> {
        configured = null;
        yield null;
      }
      default -> throw new UnsupportedOperationException(method);
    };
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

  private File write(String name, String text) throws IOException {
    File file = new File(folder.getRoot(), name);
    Files.writeString(file.toPath(), text);
    return file;
  }

  @Test
  public void theFileIsTheConfigurationAsLongAsItIsThere() throws IOException {
    File file = write("org.example.cfg.json", "{\"a\": 1}");
    installer.install(file);
    assertEquals(1L, configured.get("a"));
    installer.update(write("org.example.cfg.json", "{\"b\": 2}"));
    assertEquals(null, configured.get("a"));
    installer.uninstall(file);
    assertEquals(null, configured);
  }

  @Test
  public void aFileThatCannotBeReadChangesNothing() throws IOException {
    installer.install(write("org.example.cfg.json", "{\"a\": 1}"));
    installer.update(write("org.example.cfg.json", "{\"a\": "));
    installer.update(write("org.example.cfg.json", "{\"a:Byte\": 1000}"));
    assertEquals(1L, configured.get("a"));
  }

  @Test
  public void halfAFileIsNotTheDefaultsOfOurComponents() throws IOException {
    installer.install(write("org.example.cfg.json", "{\"a\": "));
    assertEquals("others know nothing of it", null, configured);
    pid = "org.daqstream.server";
    installer.install(write("org.daqstream.server.cfg.json", ""));
    assertEquals(true, configured.get(".unreadable"));
    installer.update(write("org.daqstream.server.cfg.json", "\ufeff{\"a\": 1}"));
    assertEquals(1L, configured.get("a"));
    assertEquals(null, configured.get(".unreadable"));
  }

  @Test
  public void nothingInAFileTurnsALineRound() throws IOException {
    LogLines.clear();
    installer.install(write("org.example.cfg.json", "{\"a:int\": \"\u202ex\"}"));
    assertEquals(1, LogLines.with("\ufffdx").size());
    assertEquals(List.of(), LogLines.with("\u202e"));
  }

  @Test
  public void whatAnotherFileSaysIsNeitherChangedNorDeleted() throws IOException {
    File other = write("org.example.cfg", "a = 0");
    configured =
        FrameworkUtil.asDictionary(
            Map.of("a", "0", "felix.fileinstall.filename", other.toURI().toString()));
    File file = write("org.example.cfg.json", "{\"a\": 1}");
    installer.install(file);
    assertEquals("0", configured.get("a"));
    installer.uninstall(file);
    assertEquals("0", configured.get("a"));
    Files.delete(other.toPath());
    installer.install(file);
    assertEquals(1L, configured.get("a"));
  }
}
