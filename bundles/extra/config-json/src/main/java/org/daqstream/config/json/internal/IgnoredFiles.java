/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each file that File Install ignores, or would take for another one, that it is ignored
 * and why. It takes only what can never be mended: File Install does not offer a file again to
 * others once somebody has taken it.
 */
final class IgnoredFiles implements ArtifactInstaller, BundleListener {
  private static final Logger LOG = LoggerFactory.getLogger(IgnoredFiles.class);

  /** File Install looks for its configuration by the name of the file, as an LDAP filter. */
  private static final Pattern NO_FILTER_VALUE = Pattern.compile(".*[*()\\\\~].*");

  /** As File Install writes it: a URI without characters that a URI must not have. */
  private static final Pattern DEPLOYED = Pattern.compile("file:/[\\w./%~+@:,;=&$!'()*-]*[.]jar");

  /** What was said of a jar, which File Install looks at again and again. */
  private final Map<File, String> said = new ConcurrentHashMap<>();

  /** Registers it in front of File Install's own installers. */
  static void register(BundleContext context) {
    IgnoredFiles files = new IgnoredFiles();
    context.addBundleListener(files);
    context.registerService(
        ArtifactInstaller.class,
        files,
        FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, 1)));
  }

  @Override
  public boolean canHandle(File file) {
    String problem = problem(file);
    if (problem.isEmpty() && file.getName().toLowerCase(Locale.ROOT).endsWith(".jar")) {
      look(file);
    }
    return !problem.isEmpty();
  }

  /** Why a file can never be taken; empty if it can. */
  private static String problem(File file) {
    String name = file.getName();
    if (file.exists() && !file.isFile() && !file.isDirectory()) {
      return "it is no file"; // File Install would wait for somebody who writes into it
    }
    if (name.toLowerCase(Locale.ROOT).endsWith(".config")) {
      return "a configuration is a .cfg or a .cfg.json; what .config files have in them is not"
          + " read";
    }
    if (name.endsWith(".cfg") && NO_FILTER_VALUE.matcher(name).matches()) {
      return "no configuration may have one of * ( ) \\ ~ in the name of its file";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean configuration = lower.endsWith(".cfg") || lower.endsWith(".cfg.json");
    return configuration && !name.endsWith(".cfg") && !name.endsWith(".cfg.json")
        ? "the name of a configuration ends with .cfg or .cfg.json, in small letters"
        : "";
  }

  @Override
  public void install(File file) {
    say(file, problem(file));
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {}

  /** A bundle goes when its jar is replaced by one that is none. */
  @Override
  public void bundleChanged(BundleEvent event) {
    String location = event.getBundle().getLocation();
    if (event.getType() == BundleEvent.UNINSTALLED && DEPLOYED.matcher(location).matches()) {
      look(new File(URI.create(location)));
    }
  }

  private void look(File file) {
    String problem = file.isFile() ? jarProblem(file) : "";
    if (problem.isEmpty()) {
      said.remove(file);
    } else if (!problem.equals(said.put(file, problem))) {
      say(file, problem);
    }
  }

  private static void say(File file, String problem) {
    LOG.warn("{} is ignored: {}", file, problem);
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
}
