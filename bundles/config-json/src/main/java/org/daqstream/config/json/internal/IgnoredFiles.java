/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files that File Install would ignore without a word, or take for another one, and says
 * why. File Install asks again when such a file changes, and then handles it if it can.
 */
final class IgnoredFiles implements ArtifactInstaller {
  private static final Logger LOG = LoggerFactory.getLogger(IgnoredFiles.class);

  /** File Install looks for its configuration by the name of the file, as an LDAP filter. */
  private static final Pattern NO_FILTER_VALUE = Pattern.compile(".*[*()\\\\~].*");

  /** Registers it in front of File Install's own installers. */
  static void register(BundleContext context) {
    context.registerService(
        ArtifactInstaller.class,
        new IgnoredFiles(),
        FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, 1)));
  }

  /** Why a file is ignored; empty when it is not. */
  static String problem(File file) {
    String name = file.getName();
    if (name.endsWith(".cfg") && NO_FILTER_VALUE.matcher(name).matches()) {
      return "no configuration may have one of * ( ) \\ ~ in the name of its file";
    }
    return name.endsWith(".jar") && file.isFile() ? jarProblem(file) : "";
  }

  private static String jarProblem(File file) {
    try (JarFile jar = new JarFile(file)) {
      Manifest manifest = jar.getManifest();
      return manifest != null
              && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null
          ? ""
          : "it is no bundle: there is no Bundle-SymbolicName in its manifest";
    } catch (IOException e) {
      return "it cannot be read as a jar: " + e.getMessage();
    }
  }

  @Override
  public boolean canHandle(File file) {
    return !problem(file).isEmpty();
  }

  @Override
  public void install(File file) {
    LOG.warn("{} is ignored: {}", file, problem(file));
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {}
}
