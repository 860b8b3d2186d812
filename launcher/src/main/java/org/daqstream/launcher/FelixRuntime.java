/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;

/** The embedded framework with the bundles of the distribution. */
final class FelixRuntime {
  static final long STOP_TIMEOUT_MS = 10_000;

  private final Layout layout;
  private final Framework framework;
  private final StateFiles files;

  /** Held until the process ends. */
  private volatile FileLock lock;

  FelixRuntime(Layout layout) {
    this.layout = layout;
    this.files = new StateFiles(layout.var());
    this.framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
            .newFramework(settings(layout));
  }

  /**
   * Starts the framework and every bundle, and gives the context of the system bundle; refuses
   * naming each bundle that did not become active and why.
   */
  BundleContext start() throws StartException {
    layout.create();
    lock = layout.lock();
    files.begin();
    try {
      framework.start(); // which empties its folder
      layout.closeCache();
    } catch (BundleException e) {
      throw new StartException(
          "the framework does not start in " + layout.var() + ": " + e.getMessage(), e);
    }
    List<String> problems = new ArrayList<>();
    install(problems).forEach(bundle -> start(bundle, problems));
    if (!problems.isEmpty()) {
      throw new StartException(String.join(System.lineSeparator() + "  ", problems));
    }
    return framework.getBundleContext();
  }

  void awaitStop() throws InterruptedException {
    framework.waitForStop(0);
  }

  /** Stops every bundle and the framework; blocks for at most {@link #STOP_TIMEOUT_MS}. */
  boolean stop() {
    try {
      framework.stop();
      return framework.waitForStop(STOP_TIMEOUT_MS).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    } catch (BundleException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** To call last, whether or not the start has succeeded. */
  void leave() {
    if (lock != null) {
      files.end();
    }
  }

  StateFiles files() {
    return files;
  }

  /** In the order in which they start; the framework stops them in the reverse one. */
  private List<Bundle> install(List<String> problems) throws StartException {
    List<Bundle> installed = new ArrayList<>();
    for (Path jar : layout.bundleJars()) {
      try {
        installed.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
      } catch (BundleException e) {
        problems.add(jar.getFileName() + " is not a usable bundle: " + e.getMessage());
      }
    }
    return installed;
  }

  private void start(Bundle bundle, List<String> problems) {
    if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
      return;
    }
    String name = bundle.getSymbolicName();
    try {
      bundle.start();
      if (bundle.getState() != Bundle.ACTIVE) {
        problems.add("bundle " + name + " is not active, its state is " + bundle.getState());
      } else if (LogTarget.BUNDLE.equals(name)) {
        LogTarget.set(bundle, System.out, layout.var().resolve("fallback.log"));
      }
    } catch (ClassNotFoundException e) {
      problems.add("bundle " + name + " has another version: there is no " + e.getMessage());
    } catch (BundleException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      problems.add("bundle " + name + " does not start: " + cause.getMessage());
    }
  }

  private static Map<String, String> settings(Layout layout) {
    // pax-logging reads this one from the system properties only; its default is DEBUG.
    String level = "org.ops4j.pax.logging.DefaultServiceLog.level";
    System.setProperty(level, System.getProperty(level, "INFO"));
    return Map.ofEntries(
        Map.entry(Constants.FRAMEWORK_STORAGE, layout.cache().toString()),
        Map.entry(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT),
        Map.entry("daqstream.home", layout.conf().getParent().toString()),
        Map.entry("daqstream.console.socket", layout.consoleSocket().toString()),
        Map.entry("felix.fileinstall.dir", layout.conf() + "," + layout.deploy()),
        Map.entry("felix.fileinstall.tmpdir", layout.var().resolve("deploy").toString()),
        Map.entry("felix.fileinstall.filter", "(?i).*\\.(cfg|cfg\\.json|config|jar|wasm)"),
        Map.entry("felix.fileinstall.configEncoding", "UTF-8"),
        // Nothing is configured before it is there: $[env:NAME] is to be replaced from the first
        // on.
        Map.entry("felix.configadmin.plugins", "org.apache.felix.configadmin.plugin.interpolation"),
        Map.entry(
            "org.apache.felix.configadmin.plugin.interpolation.secretsdir",
            layout.conf().resolveSibling("etc").resolve("secrets").toString()),
        Map.entry("felix.fileinstall.poll", "500"),
        // A look at the folder sees what is no file too, and changes on other machines' disks.
        Map.entry("felix.fileinstall.disableNio2", "true"),
        // A folder is no bundle here: one that links to itself would be looked at for ever.
        Map.entry("felix.fileinstall.subdir.mode", "skip"),
        // Or else a package that the log could use would restart all bundles, File Install among
        // them, which waits for itself for ever.
        Map.entry("felix.fileinstall.optionalImportRefreshScope", "managed"),
        Map.entry("felix.fileinstall.fragmentRefreshScope", "managed"),
        Map.entry("felix.fileinstall.log.level", "3"),
        Map.entry("felix.fileinstall.noInitialDelay", "true"),
        Map.entry("felix.fileinstall.enableConfigSave", "false"));
  }
}
