/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into a folder of manifests now and then; each file is one source. */
@Component(
    immediate = true,
    service = {},
    configurationPid = ManifestFolder.PID)
@Designate(ocd = ManifestFolder.Config.class)
public final class ManifestFolder {

  /** Configuration of the folder. */
  @ObjectClassDefinition(
      name = "daqstream manifest folder",
      description = "A folder with one deployment manifest in each .json file.")
  @interface Config {

    @AttributeDefinition(
        name = "Folder",
        description =
            "Relative to the framework property daqstream.home, without one to the working"
                + " directory; need not exist.")
    String folder() default "etc/streams";

    @AttributeDefinition(
        name = "Poll interval (ms)",
        description = "How often to look.",
        min = "100",
        max = "3600000")
    long pollMs() default POLL_MS;
  }

  static final String PID = "org.daqstream.stream.register.folder";

  private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);
  private static final String HOME = "daqstream.home";
  private static final long POLL_MS = 1000;

  private final Path home;
  private final FolderScan scan;
  private final ScheduledExecutorService executor;
  private Future<?> polling;

  /**
   * Looks for the first time at once, on its own thread; as often as by default when the
   * configuration is wrong.
   */
  @Activate
  public ManifestFolder(@Reference StreamRegister register, BundleContext context, Config config) {
    this(register, homeOf(context), config);
  }

  ManifestFolder(StreamRegister register, Path home, Config config) {
    this.home = home;
    long pollMs = firstPollMs(config);
    this.scan = new FolderScan(register, home.resolve(config.folder()));
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "stream-manifest-folder");
              thread.setDaemon(true);
              return thread;
            });
    this.polling = poll(pollMs);
  }

  private Future<?> poll(long pollMs) {
    return executor.scheduleWithFixedDelay(scan::run, 0, pollMs, TimeUnit.MILLISECONDS);
  }

  private static long firstPollMs(Config config) {
    try {
      return pollMs(config);
    } catch (IllegalArgumentException e) {
      LOG.error("{}: configuration refused, {} ms hold: {}", PID, POLL_MS, e.getMessage());
      return POLL_MS;
    }
  }

  private static long pollMs(Config config) {
    return Settings.number("pollMs", config::pollMs, 100, 3_600_000);
  }

  private static Path homeOf(BundleContext context) {
    String home = context.getProperty(HOME);
    return Path.of(home == null ? "" : home);
  }

  /** Takes another folder and interval; files that are the same in both go on. */
  @Modified
  void modified(Config config) {
    long pollMs;
    try {
      pollMs = pollMs(config);
    } catch (IllegalArgumentException e) {
      LOG.error("{}: configuration refused, the old one stays: {}", PID, e.getMessage());
      return;
    }
    polling.cancel(false);
    scan.folder(home.resolve(config.folder()));
    polling = poll(pollMs);
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    polling.cancel(true);
    executor.shutdownNow();
    executor.awaitTermination(1, TimeUnit.SECONDS);
    scan.undeployAll();
  }
}
